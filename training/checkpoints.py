"""Checkpoint folders: staged, hashed, renamed once; the old ones go only after the new one is verified."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load, save

from training.atomic_files import discard_folder, stage_folder, write_bytes_atomic, write_json_atomic
from training.errors import CheckpointError

_NAME = re.compile(r"^step-(\d{6,})(?:-batch-(\d{3,}))?$")
TENSORS, FACTS, MANIFEST = "state.safetensors", "state.json", "manifest.json"


@dataclass(frozen=True, order=True)
class Checkpoint:
    """One saved state: after `step` steps and `micro` batches of the next."""

    step: int
    micro: int
    path: Path


def save_checkpoint(
    folder: Path, step: int, micro: int, tensors: dict[str, torch.Tensor], facts: dict[str, Any]
) -> Checkpoint:
    """Write one checkpoint into `folder` and read it back.

    Raises: CannotWrite when the disk is full; CheckpointError when what was written reads back differently.
    """
    name = f"step-{step:06d}" + (f"-batch-{micro:03d}" if micro else "")
    target = folder / name
    if verifies(target):
        # A run that was stopped twice at one place; the same place is the same state.
        return Checkpoint(step, micro, target)
    if target.exists():
        discard_folder(target)
    folder.mkdir(parents=True, exist_ok=True)
    with stage_folder(target) as stage:
        write_bytes_atomic(stage / TENSORS, save(tensors))
        write_json_atomic(stage / FACTS, facts)
        hashes = {name: _sha256(stage / name) for name in (TENSORS, FACTS)}
        write_json_atomic(stage / MANIFEST, hashes)
    checkpoint = Checkpoint(step, micro, target)
    if not verifies(target):
        raise CheckpointError(f"{target} reads back damaged. Check the disk; older checkpoints are kept.")
    return checkpoint


def load_checkpoint(checkpoint: Checkpoint) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """Tensors and facts of a checkpoint that verified."""
    facts = json.loads((checkpoint.path / FACTS).read_text("utf-8"))
    return load((checkpoint.path / TENSORS).read_bytes()), facts


def list_checkpoints(folder: Path) -> list[Checkpoint]:
    """All checkpoint folders by name, oldest first; they may be damaged."""
    if not folder.is_dir():
        return []
    found = ((path, _NAME.match(path.name)) for path in folder.iterdir())
    return sorted(Checkpoint(int(match[1]), int(match[2] or 0), path) for path, match in found if match)


def newest_checkpoint(folder: Path) -> Checkpoint | None:
    """The newest checkpoint that verifies; None when there is none at all.

    Raises: CheckpointError when there are checkpoints and every one is damaged.
    """
    candidates = list_checkpoints(folder)
    for checkpoint in reversed(candidates):
        if verifies(checkpoint.path):
            return checkpoint
    if candidates:
        raise CheckpointError(
            f"All {len(candidates)} checkpoints in {folder} are damaged, so the run cannot go on. Start a new run."
        )
    return None


def prune_checkpoints(folder: Path, keep: int, precious: Iterable[int | None]) -> None:
    """Delete all but the newest `keep` checkpoints and those of the `precious` steps."""
    checkpoints = list_checkpoints(folder)
    kept = {step for step in precious if step is not None}
    for checkpoint in checkpoints[:-keep]:
        if checkpoint.step not in kept or checkpoint.micro:
            discard_folder(checkpoint.path)


def verifies(path: Path) -> bool:
    """Whether every file of the checkpoint is there and has the hash that the manifest states."""
    try:
        manifest = json.loads((path / MANIFEST).read_text("utf-8"))
        return set(manifest) == {TENSORS, FACTS} and all(
            _sha256(path / name) == digest for name, digest in manifest.items()
        )
    except (OSError, ValueError, TypeError):
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
