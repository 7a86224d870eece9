"""Tell what a weights file is from its header alone (no torch)."""

import re
from pathlib import Path
from typing import Literal

from training.errors import WeightsError
from training.weights.read_header import SafetensorsHeader, read_safetensors_header

Kind = Literal["lora", "dora", "embedding"]
DIFFUSERS_LORA = "pytorch_lora_weights.safetensors"
EMBEDDING_NAMES = {"emb_params", "emp_params", "clip_l", "clip_g"}


def kind_of_weights(path: str | Path) -> Kind:
    """ "lora", "dora" or "embedding".

    Raises:
        WeightsError: the file is broken or something else.
    """
    header = read_safetensors_header(weights_file(path))
    kind = kind_of_header(header)
    if kind is None:
        raise WeightsError(
            f"{path} is neither a LoRA nor an embedding. Give a trained .safetensors file; a base model goes "
            "into the base model field."
        )
    return kind


def kind_of_header(header: SafetensorsHeader) -> Kind | None:
    """The kind by tensor names and shapes; None when it is something else."""
    names = header.tensors
    if any("lora_down" in name or "lora_A" in name for name in names):
        is_dora = any("dora_scale" in name or "magnitude" in name for name in names)
        return "dora" if is_dora else "lora"
    if EMBEDDING_NAMES & names.keys():
        return "embedding"
    is_small = 1 <= len(names) <= 2 and all(len(facts.shape) in (1, 2) for facts in names.values())
    return "embedding" if is_small else None


def weights_file(path: str | Path) -> Path:
    """The file itself: a folder stands for the diffusers adapter in it."""
    path = Path(path)
    return path / DIFFUSERS_LORA if path.is_dir() else path


def placeholder_of(path: str | Path) -> str:
    """The word an embedding is called by: from its header, else `<file-name>` as other tools do."""
    header = read_safetensors_header(path)
    stated = header.metadata.get("concept_studio.placeholder") or header.metadata.get("modelspec.trigger_phrase")
    if stated and re.fullmatch(r"\S{1,100}", stated):
        return stated
    one_key = next(iter(header.tensors)) if len(header.tensors) == 1 else ""
    if re.fullmatch(r"<\S{1,98}>", one_key):
        return one_key
    return f"<{re.sub(r'[^a-z0-9-]+', '-', Path(path).stem.lower()).strip('-') or 'embedding'}>"


def replaced_phrase_of(path: str | Path) -> str | None:
    """The words in captions whose place an embedding's placeholder took in training, where the header tells."""
    return read_safetensors_header(path).metadata.get("concept_studio.replaces") or None
