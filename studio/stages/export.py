"""From the catalog to a numbered folder that a trainer reads: staged, hashed, renamed once, never changed again."""

from __future__ import annotations

import errno
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from studio.atomic import remove_leftovers, stage_folder
from studio.errors import DiskFailed, NotEnoughSpace, NothingToDo, OriginalsChanged
from studio.stages.export_folder import faults_of, finish_folder, read_facts
from studio.stages.export_rows import ExportPlan, plan_export, warnings
from studio.stages.progress import Progress, Silent
from studio.stages.render_rows import RenderedRows, render_rows
from studio.stages.sizes import training_size
from studio.stages.split import ensure_split
from studio.workspace import Dataset, free_bytes
from training import TrainingError

_NUMBER = re.compile(r"\d{4,}")
_SPARE_BYTES = 16 * 1024 * 1024
_NAMED_AT_MOST = 5


@dataclass(slots=True)
class ExportReport:
    """What an export wrote. `same_as` is the number of the earlier export that already holds exactly this.

    `counts` is by split. `missing` lists (name, reason) of originals that could not be used and were left out.
    `folder` is None, and `number` 0, when it was `stopped`.
    """

    folder: Path | None
    number: int
    counts: dict[str, int]
    digest: str
    same_as: int | None = None
    warnings: list[str] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)
    stopped: bool = False
    seconds: float = 0.0


class _Abandon(Exception):
    """Leave the staged folder without giving it its final name."""

    def __init__(self, report: ExportReport) -> None:
        super().__init__()
        self.report = report


def export(
    dataset: Dataset, progress: Progress | None = None, resolution: int | None = None, allow_missing: bool = False
) -> ExportReport:
    """Write an immutable, numbered export of every picture that is not rejected.

    Undecided pictures go along: rejecting is the decision that leaves a picture out. A picture without a caption
    gets the trigger as its text, and the report says so. The same catalog and settings give the same bytes, and
    when the newest export holds exactly them already, no new one is written. `resolution` in pixels overrides the
    dataset's. `allow_missing` leaves out originals that are gone or changed on disk, instead of refusing.

    Raises: NothingToDo without pictures; OriginalsChanged; NotEnoughSpace; DiskFailed; BadInput for settings that
    make no sense.
    """
    began = time.monotonic()
    progress = progress or Silent()
    remove_leftovers(dataset.exports)
    with dataset.catalog() as catalog:
        ensure_split(catalog)
        plan = plan_export(catalog, training_size(catalog, resolution), dataset.name)
    if not plan.rows:
        raise NothingToDo(f"{dataset.name} has no pictures to export. Ingest a folder, or take back a rejection.")
    report = _same_as_newest(dataset, plan) or _write(dataset, plan, progress, allow_missing)
    for sentence in report.warnings:
        progress.note(sentence)
    report.seconds = time.monotonic() - began
    return report


def export_folders(dataset: Dataset) -> list[Path]:
    """Every export folder by number, oldest first."""
    if not dataset.exports.is_dir():
        return []
    found = [path for path in dataset.exports.iterdir() if path.is_dir() and _NUMBER.fullmatch(path.name)]
    return sorted(found, key=lambda path: int(path.name))


def _same_as_newest(dataset: Dataset, plan: ExportPlan) -> ExportReport | None:
    """The newest export when it was made from this very plan and is still whole."""
    folders = export_folders(dataset)
    if not folders or read_facts(folders[-1]).get("plan") != plan.digest or faults_of(folders[-1]):
        return None
    number = int(folders[-1].name)
    digest = read_facts(folders[-1])["digest"]
    return ExportReport(folders[-1], number, plan.counts, digest, same_as=number, warnings=warnings(plan))


def _write(dataset: Dataset, plan: ExportPlan, progress: Progress, allow_missing: bool) -> ExportReport:
    _check_space(dataset, plan)
    folders = export_folders(dataset)
    number = int(folders[-1].name) + 1 if folders else 1
    target = dataset.exports / f"{number:04d}"
    progress.start(len(plan.rows), "pictures to write")
    try:
        with stage_folder(target) as staged:
            rendered = render_rows(plan.rows, staged, progress)
            plan = _without_missing(dataset, plan, rendered, progress, allow_missing)
            facts = finish_folder(staged, plan, rendered.hashes, number)
    except _Abandon as abandoned:
        return abandoned.report
    except TrainingError as error:
        raise _disk_error(error) from error
    return ExportReport(target, number, plan.counts, facts["digest"], warnings=warnings(plan), missing=rendered.missing)


def _without_missing(
    dataset: Dataset, plan: ExportPlan, rendered: RenderedRows, progress: Progress, allow_missing: bool
) -> ExportPlan:
    """The plan of what was rendered; ends the export when it was stopped or originals may not be missing.

    Raises: OriginalsChanged, NothingToDo.
    """
    if progress.stopped():
        raise _Abandon(ExportReport(None, 0, {}, "", stopped=True))
    if not rendered.missing:
        return plan
    if not allow_missing:
        raise OriginalsChanged(_sentence(rendered.missing))
    left = ExportPlan([row for row in plan.rows if row.path in rendered.hashes], plan.facts)
    if not left.rows:
        raise NothingToDo("Every original is missing or changed. Put the folder back where it was.")
    earlier = _same_as_newest(dataset, left)
    if earlier:
        earlier.missing = rendered.missing
        raise _Abandon(earlier)
    return left


def _sentence(missing: list[tuple[str, str]]) -> str:
    named = "; ".join(f"{name}: {reason}" for name, reason in missing[:_NAMED_AT_MOST])
    more = f"; and {len(missing) - _NAMED_AT_MOST} more" if len(missing) > _NAMED_AT_MOST else ""
    return f"{named}{more}. Put the files back, reject the pictures, or leave out missing originals (--allow-missing)."


def _check_space(dataset: Dataset, plan: ExportPlan) -> None:
    """A PNG is hardly ever larger than its pixels, so this is an upper bound."""
    pixels = sum(row.plan.bucket.width * row.plan.bucket.height for row in plan.rows)
    needed = pixels * 3 * 21 // 20 + 8192 * len(plan.rows) + _SPARE_BYTES
    free = free_bytes(dataset.exports)
    if free < needed:
        raise NotEnoughSpace(
            f"The export needs up to {needed // 2**20:,} MB, and the disk of {dataset.exports} has only "
            f"{free // 2**20:,} MB free. Free some space and export again."
        )


def _disk_error(error: TrainingError) -> Exception:
    """The shared file writer speaks for the trainer; here its disk errors become the studio's."""
    number = getattr(error, "errno", None)
    if number is None:
        return error
    return NotEnoughSpace(str(error)) if number in (errno.ENOSPC, errno.EDQUOT) else DiskFailed(str(error))
