"""From a dataset to the settings of a training: which export, which base model, which preset."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from studio.errors import BadInput, NothingToDo
from studio.stages.local_paths import with_whole_paths
from studio.workspace import Dataset
from training import RunConfig, merged, suggest_config

METHODS = {
    "lora": "a concept model (LoRA)",
    "dora": "a concept model (DoRA)",
    "textual-inversion": "an embedding (textual inversion)",
}


def list_exports(dataset: Dataset) -> list[Path]:
    """Every finished export, oldest first. Staging folders of a killed export have no number for a name."""
    return sorted(path.parent for path in dataset.exports.glob("[0-9]*/dataset.json"))


def newest_export(dataset: Dataset) -> Path | None:
    """The export that a training reads, or None when none was written yet."""
    exports = list_exports(dataset)
    return exports[-1] if exports else None


def read_export_facts(export: Path) -> dict[str, Any]:
    """The export's dataset.json: counts, digest, trigger, settings."""
    return json.loads((export / "dataset.json").read_text(encoding="utf-8"))


def plan_training(
    dataset: Dataset,
    method: str = "lora",
    base_model: str = "",
    name: str = "",
    overrides: Mapping[str, Any] | None = None,
) -> RunConfig:
    """Settings for this dataset's newest export: lr, rank, alpha and steps come as one preset, overrides on top.

    Raises: NothingToDo when nothing was exported yet; BadInput for an unknown method; TrainingError for settings
    that make no sense.
    """
    if method not in METHODS:
        raise BadInput(f"{method}: not a method. Choose one of {', '.join(METHODS)}.")
    export = newest_export(dataset)
    if export is None:
        raise NothingToDo(f"{dataset.name} has no export to train from. Write one first: concept-studio export")
    with dataset.catalog() as catalog:
        base = base_model or str(catalog.settings.get("base_model", "pocket"))
        concept = catalog.settings.get("concept", "style")
    settings = merged({"method": {"dora": True}} if method == "dora" else {}, overrides or {})
    kind: Any = "lora" if method == "dora" else method
    config = suggest_config(export, base, kind, name or plain_name(dataset.name), concept=concept, overrides=settings)
    return with_whole_paths(config)


def plain_name(text: str) -> str:
    """A name that every program takes for a weights file and a placeholder: ASCII letters, digits, `-`."""
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in text.lower())
    return "-".join(part for part in kept.split("-") if part)[:48] or "concept"


def parse_settings(assignments: Sequence[str]) -> dict[str, Any]:
    """`optimisation.steps=400` and its like as one nested mapping; values are read as YAML.

    Raises: BadInput for a text without `=`, or a value that is not YAML.
    """
    import yaml

    settings: dict[str, Any] = {}
    for text in assignments:
        key, sign, value = text.partition("=")
        if not sign or not key.strip():
            raise BadInput(f"{text}: write a setting as KEY=VALUE, such as optimisation.steps=400.")
        try:
            leaf: Any = yaml.safe_load(value)
        except yaml.YAMLError as error:
            raise BadInput(f"{text}: the value cannot be read ({error}). Put texts with : or # in quotes.") from error
        for part in reversed(key.strip().split(".")):
            leaf = {part: leaf}
        settings = merged(settings, leaf)
    return settings
