"""Drawing from a terminal: which runs, and the process that draws, watched until it is done."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.cli.progress import ConsoleProgress
from studio.errors import BadInput, JobFailed

if TYPE_CHECKING:
    from studio.catalog import Job
    from studio.stages.try_out import Try
    from studio.workspace import Dataset
    from training import RunView

_POLL_SECONDS = 0.3


def choose_runs(dataset: Dataset, names: list[str]) -> list[RunView]:
    """The runs named, or the newest that has weights.

    Raises: BadInput when there is none, or one has made no weights yet.
    """
    from training import list_runs

    runs = {view.id: view for view in list_runs(dataset.runs)}
    if not names:
        trained = [view for view in runs.values() if view.weights]
        if not trained:
            raise BadInput(f"{dataset.name} has no trained weights yet. Train first, or name a file with --weights.")
        return [trained[-1]]
    for name in names:
        if name not in runs:
            raise BadInput(f"{name}: no run of this name. There are: {', '.join(runs) or 'none'}.")
    return [runs[name] for name in names]


def draw_here(dataset: Dataset, request: dict[str, Any], out: Path | None, quiet: bool) -> Try:
    """Draw as a job and wait for it; with `out`, the pictures are copied there too.

    Raises: JobFailed with the reason when nothing was drawn.
    """
    from studio import jobs
    from studio.stages.try_out import read_try, start_try

    folder = start_try(dataset, request)
    job = jobs.start(dataset, "generate", {"try": folder.name})
    with ConsoleProgress(quiet=quiet) as progress:
        job = _follow(dataset, job, progress)
    if job.state != "finished":
        raise JobFailed(job.message or f"Drawing ended as {job.state}.")
    drawn = read_try(folder)
    if out:
        out.mkdir(parents=True, exist_ok=True)
        for picture in drawn.pictures:
            shutil.copyfile(folder / picture.file, out / picture.file)
    return drawn


def _follow(dataset: Dataset, job: Job, progress: ConsoleProgress) -> Job:
    from studio import jobs

    shown = 0
    while job.active:
        if progress.stopped():
            jobs.stop(dataset, job.id)
        if job.total and not progress.total:
            progress.start(job.total, "drawing steps")
        if job.done > shown:
            progress.step(job.done - shown)
            shown = job.done
        time.sleep(_POLL_SECONDS)
        job = next(found for found in jobs.watch(dataset) if found.id == job.id)
    return job
