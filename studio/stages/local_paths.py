"""Paths as they are kept: whole, so that they mean the same file from whichever folder they are read again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from training import POCKET_MODEL, RunConfig, parse_config


def whole_path(path: Path | str) -> str:
    """The path from the root, `~` opened; links stay links, because their names carry the file's type."""
    return str(Path(path).expanduser().absolute())


def whole_model(model: str) -> str:
    """A model's folder or file as a path from the root; "pocket" and what is no local path (a Hub id) as it is."""
    if model == POCKET_MODEL or not Path(model).expanduser().exists():
        return model
    return whole_path(model)


def with_whole_paths(config: RunConfig) -> RunConfig:
    """The same settings with every local path in them written from the root."""
    content = _opened(config.model_dump())
    content["base"]["model"] = whole_model(config.base.model)
    return parse_config(content, "these settings")


def _opened(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _opened(inner) for key, inner in value.items()}
    return whole_path(value) if isinstance(value, Path) else value
