"""What a weights file is and where it came from, told from its header (no torch)."""

import json
import struct
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.weights.kind import kind_of_header, kind_of_weights, placeholder_of, weights_file
from training.weights.read_header import SafetensorsHeader, TensorFacts, read_safetensors_header

if TYPE_CHECKING:
    from rich.table import Table

WIDTH_TO_FAMILY = {768: "sd1", 1024: "sd2", 2048: "sdxl"}
ARCHITECTURES = {"stable-diffusion-v1": "sd1", "stable-diffusion-v2": "sd2", "stable-diffusion-xl": "sdxl"}


@dataclass(frozen=True)
class WeightsFacts:
    """One weights file; None where the file does not tell.

    `modules` counts adapted layers per part ("unet", "text_encoder", "text_encoder_2"), `vectors` the vectors
    of an embedding per text encoder.
    """

    path: str
    kind: str
    layout: str
    family: str | None
    base_model: str | None
    rank: int | None
    alpha: float | None
    modules: dict[str, int]
    vectors: list[int]
    trigger: str | None
    steps: int | None
    resolution: str | None
    dataset: str | None
    export_digest: str | None
    date: str | None
    title: str | None
    size_bytes: int
    metadata: dict[str, str]


def inspect_weights(path: str | Path) -> WeightsFacts:
    """All that a LoRA, DoRA or embedding file says about itself.

    Raises:
        WeightsError: the file is broken or something else.
    """
    file = weights_file(path)
    kind_of_weights(file)
    header = read_safetensors_header(file)
    kind = kind_of_header(header) or "embedding"
    said = header.metadata
    downs = {key: facts for key, facts in header.tensors.items() if key.endswith(("lora_down.weight", "lora_A.weight"))}
    is_embedding = kind == "embedding"
    return WeightsFacts(
        path=str(file),
        kind=kind,
        layout=_layout(header, is_embedding),
        family=_family(header, is_embedding),
        base_model=said.get("concept_studio.base_model") or said.get("ss_sd_model_name"),
        rank=_most_common([facts.shape[0] for facts in downs.values()]),
        alpha=_alpha(file, header),
        modules=dict(Counter(_part(key) for key in downs)),
        vectors=[facts.shape[0] if len(facts.shape) == 2 else 1 for facts in header.tensors.values()]
        if is_embedding
        else [],
        trigger=placeholder_of(file) if is_embedding else said.get("modelspec.trigger_phrase"),
        steps=_whole_number(said.get("ss_steps")),
        resolution=said.get("modelspec.resolution") or said.get("ss_resolution"),
        dataset=said.get("concept_studio.dataset"),
        export_digest=said.get("concept_studio.export_digest"),
        date=said.get("modelspec.date"),
        title=said.get("modelspec.title") or said.get("ss_output_name"),
        size_bytes=file.stat().st_size,
        metadata=said,
    )


def facts_as_json(facts: WeightsFacts) -> str:
    """The facts for scripts."""
    return json.dumps(asdict(facts), indent=2)


def facts_table(facts: WeightsFacts) -> "Table":
    """The facts for people, as a table with one line for each thing the file tells."""
    from rich.table import Table
    from rich.text import Text

    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in asdict(facts).items():
        if name == "metadata" or value in (None, {}, []):
            continue
        shown = ", ".join(f"{key}: {count}" for key, count in value.items()) if isinstance(value, dict) else value
        table.add_row(name.replace("_", " "), Text(str(shown)))
    table.add_row("header keys", Text(str(len(facts.metadata))))
    return table


def _layout(header: SafetensorsHeader, is_embedding: bool) -> str:
    if is_embedding:
        return " + ".join(header.tensors)
    is_kohya = any(key.startswith(("lora_unet_", "lora_te")) for key in header.tensors)
    return "kohya" if is_kohya else "diffusers"


def _family(header: SafetensorsHeader, is_embedding: bool) -> str | None:
    """By the header where it tells, else by the width of what the UNet attends to or of the vectors."""
    stated = header.metadata.get("modelspec.architecture", "")
    for start, family in ARCHITECTURES.items():
        if stated.startswith(start):
            return family
    if is_embedding:
        if "clip_g" in header.tensors:
            return "sdxl"
        return WIDTH_TO_FAMILY.get(next(iter(header.tensors.values())).shape[-1])
    for key, facts in header.tensors.items():
        if "attn2" in key and "to_k" in key and key.endswith(("lora_down.weight", "lora_A.weight")):
            return WIDTH_TO_FAMILY.get(facts.shape[1])
    return None


def _alpha(file: Path, header: SafetensorsHeader) -> float | None:
    """kohya files hold one number per module, diffusers files state it in the header."""
    for key, facts in header.tensors.items():
        if key.endswith(".alpha"):
            return _scalar(file, header, facts)
    try:
        settings: Any = json.loads(header.metadata.get("lora_adapter_metadata", "{}"))
    except ValueError:
        return None
    alphas = [value for key, value in settings.items() if key.endswith("lora_alpha")] if settings else []
    return float(alphas[0]) if alphas else None


def _scalar(file: Path, header: SafetensorsHeader, facts: TensorFacts) -> float | None:
    with file.open("rb") as stream:
        stream.seek(header.data_offset + facts.begin)
        raw = stream.read(facts.end - facts.begin)
    if facts.dtype == "BF16":
        raw, facts = b"\0\0" + raw, TensorFacts("F32", facts.shape, 0, 4)
    formats = {"F32": "<f", "F16": "<e", "F64": "<d", "I64": "<q", "I32": "<i"}
    code = formats.get(facts.dtype)
    return float(struct.unpack(code, raw)[0]) if code and len(raw) == struct.calcsize(code) else None


def _part(key: str) -> str:
    for prefix, part in (("lora_te2_", "text_encoder_2"), ("lora_te", "text_encoder"), ("lora_unet_", "unet")):
        if key.startswith(prefix):
            return part
    return key.partition(".")[0]


def _most_common(values: list[int]) -> int | None:
    return Counter(values).most_common(1)[0][0] if values else None


def _whole_number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdigit() else None
