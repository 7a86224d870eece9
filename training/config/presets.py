"""Good settings for a dataset and a base model: learning rate, rank, alpha and steps set together, as one unit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from training.config.config_file import parse_config
from training.config.run_config import RunConfig
from training.data.captions import with_placeholder
from training.data.read_dataset import Dataset, read_dataset
from training.families import detect_family
from training.families.info import FamilyInfo

Concept = Literal["style", "object", "concept"]
SAMPLE_PROMPTS = 4
MANY_PICTURES = 2000  # from here on encoded pictures are kept on disk


@dataclass(frozen=True)
class Preset:
    """One unit of settings that belong together; `per_picture` steps, kept between `fewest` and `most`."""

    learning_rate: float
    batch_size: int
    per_picture: float
    fewest: int
    most: int
    rank: int = 0
    vectors: int = 0
    min_snr_gamma: float | None = 5.0
    warmup_steps: int = 0

    def steps(self, pictures: int) -> int:
        """Steps for so many pictures, in tens."""
        return min(self.most, max(self.fewest, round(self.per_picture * pictures / 10) * 10))


# Pocket values were measured on its example. The others follow what trainers of these families document, brought to
# alpha = rank: the same learning rate with another ratio is a training of another strength.
LORA = {
    "pocket": Preset(2e-3, 8, 4.2, 100, 200, rank=8, min_snr_gamma=None),
    "sd1": Preset(1e-4, 2, 40, 600, 3000, rank=16, warmup_steps=50),
    "sd2": Preset(1e-4, 2, 40, 600, 3000, rank=16, warmup_steps=50),
    "sdxl": Preset(1e-4, 1, 60, 800, 4000, rank=16, warmup_steps=50),
}
EMBEDDING = {
    "pocket": Preset(1e-2, 8, 5.2, 120, 240, vectors=4, min_snr_gamma=None),
    "sd1": Preset(4e-3, 1, 80, 1000, 3000, vectors=4, warmup_steps=100),
    "sd2": Preset(4e-3, 1, 80, 1000, 3000, vectors=4, warmup_steps=100),
    "sdxl": Preset(2e-3, 1, 80, 1000, 3000, vectors=4, warmup_steps=100),
}


def suggest_config(
    export: Path | str,
    base_model: str,
    method: Literal["lora", "textual-inversion"],
    name: str,
    concept: Concept = "style",
    overrides: Mapping[str, Any] | None = None,
) -> RunConfig:
    """Settings for one export and base model; `overrides` is a nested mapping laid over them.

    Raises: DataError, ModelError or ConfigError when dataset, model or overrides do not fit.
    """
    changes = dict(overrides or {})
    columns, settings, taught = (_group(changes, key) for key in ("data", "optimisation", "method"))
    dataset = read_dataset(
        Path(export),
        _text(columns.get("image_column")) or "file_name",
        _text(columns.get("caption_column")) or "text",
    )
    info = detect_family(base_model)
    table = LORA if method == "lora" else EMBEDDING
    preset = table["pocket" if info.source == "pocket" else info.name]
    steps = _count(settings.get("steps")) or preset.steps(sum(row.repeats for row in dataset.train))
    placeholder = _text(taught.get("placeholder")) or placeholder_for(name)
    content = {
        "name": name,
        "base": {"model": base_model},
        "data": _data(dataset, info, preset, concept),
        "method": _lora(info, _count(taught.get("rank")) or preset.rank, concept)
        if method == "lora"
        else _embedding(dataset, preset, placeholder, concept),
        **_pace(steps, preset, method, info),
        "samples": {
            "prompts": _prompts(dataset, placeholder if method == "textual-inversion" else None),
            "every": reports_every(steps),
        },
    }
    return parse_config(merged(content, changes), "these settings")


def _group(changes: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """One group of the overrides. What is no group shapes no other setting; `parse_config` then refuses it by name."""
    group = changes.get(name)
    return group if isinstance(group, Mapping) else {}


def _count(value: object) -> int | None:
    """A number of steps or ranks that the other settings can follow; None for what `parse_config` will refuse."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `changes` laid over it, group by group."""
    result = dict(base)
    for key, value in changes.items():
        inner = result.get(key)
        both = isinstance(value, Mapping) and isinstance(inner, Mapping)
        result[key] = merged(inner, value) if both else value  # type: ignore[arg-type]
    return result


def placeholder_for(name: str) -> str:
    """The placeholder of an embedding of that name, such as <ink>."""
    return f"<{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-') or 'concept'}>"


def _data(dataset: Dataset, info: FamilyInfo, preset: Preset, concept: Concept) -> dict[str, Any]:
    many = len(dataset.train) > MANY_PICTURES
    folder = dataset.folder.resolve()
    return {
        "path": str(folder),
        "resolution": info.resolution,
        "batch_size": min(preset.batch_size, max(1, len(dataset.train))),
        # Mirroring gains a little held-out loss on few pictures, and costs things with a left and a right their
        # shape: in the demo an umbrella and a pear came out broken with it and whole without.
        "flip": concept == "style" and len(dataset.train) < 10,
        "cache_folder": str(_home_of(folder) / "cache" / "training") if many else None,
    }


def _home_of(folder: Path) -> Path:
    """The dataset's folder for an export in its usual place; else the folder itself."""
    return folder.parents[1] if folder.parent.name == "exports" else folder


def _lora(info: FamilyInfo, rank: int, concept: Concept) -> dict[str, Any]:
    targets = ["attention", "feed_forward"]
    if info.source == "pocket" or concept == "style":
        # How lines are drawn is decided by the convolutions; what is drawn, mostly by attention.
        targets.append("convolutions")
    return {"method": "lora", "rank": rank, "alpha": float(rank), "targets": targets}


def _embedding(dataset: Dataset, preset: Preset, placeholder: str, concept: Concept) -> dict[str, Any]:
    return {
        "method": "textual-inversion",
        "placeholder": placeholder,
        "replaces": dataset.trigger or None,
        "vectors": preset.vectors,
        "text": "captions" if all(row.text.strip() for row in dataset.train) else "templates",
        "templates": "object" if concept == "object" else "style",
    }


def reports_every(steps: int) -> int:
    """Steps between two looks at a run: four in all."""
    return max(1, steps // 4)


def _pace(steps: int, preset: Preset, method: str, info: FamilyInfo) -> dict[str, Any]:
    return {
        "optimisation": {
            "steps": steps,
            "learning_rate": preset.learning_rate,
            "schedule": "cosine",
            "warmup_steps": min(preset.warmup_steps, steps // 10),
            "min_snr_gamma": preset.min_snr_gamma,
            # A pull towards nothing would drag word vectors away from all other words.
            "weight_decay": 0.01 if method == "lora" else 0.0,
            "gradient_checkpointing": info.name == "sdxl",
        },
        "validation": {"every": reports_every(steps)},
        "checkpoints": {"every": reports_every(steps)},
    }


def _prompts(dataset: Dataset, placeholder: str | None) -> list[str]:
    """The held-out captions, else the first ones, in the words that call up what is learned."""
    captions = [row.text for row in [*dataset.validation, *dataset.train][:SAMPLE_PROMPTS]]
    if placeholder is None:
        return captions
    return [with_placeholder(caption, dataset.trigger or None, placeholder) for caption in captions]
