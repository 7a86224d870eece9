"""Whether an export is needed: what it would hold, and whether the newest one holds exactly that."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studio.stages.export import export_folders
from studio.stages.export_folder import read_facts
from studio.stages.export_rows import plan_export, warnings
from studio.stages.sizes import training_size
from studio.stages.split import ensure_split
from studio.workspace import Dataset


@dataclass(frozen=True, slots=True)
class ExportState:
    """What an export made now would hold. `is_current` says that the `newest` one holds it already."""

    pictures: int
    counts: dict[str, int]
    warnings: list[str]
    newest: Path | None
    is_current: bool


def export_state(dataset: Dataset) -> ExportState:
    """Plan an export without writing it; pictures that have no split yet get theirs."""
    with dataset.catalog() as catalog:
        ensure_split(catalog)
        plan = plan_export(catalog, training_size(catalog), dataset.name)
    folders = export_folders(dataset)
    newest = folders[-1] if folders else None
    return ExportState(
        pictures=len(plan.rows),
        counts=plan.counts,
        warnings=warnings(plan) if plan.rows else [],
        newest=newest,
        is_current=newest is not None and read_facts(newest).get("plan") == plan.digest,
    )
