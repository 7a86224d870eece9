"""The process of a stage job: `python -m studio.jobs.worker DATASET_FOLDER JOB_ID`."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from studio.catalog import Job
from studio.errors import JobNotFound, StudioError
from studio.jobs.job_progress import JobProgress
from studio.stages.progress import Progress
from studio.workspace import Dataset
from training import TrainingError

if TYPE_CHECKING:
    from studio.stages.check import Finding

_FINDINGS_KEPT = 200


def main() -> int:
    """Run the job and write how it ended; returns the exit code: 0 finished, 3 stopped, 1 failed."""
    folder, job_id = Path(sys.argv[1]), sys.argv[2]
    dataset = Dataset(folder.name, folder)
    with JobProgress(dataset, job_id) as progress:
        for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda *_: progress.ask_to_stop())
        return _run(dataset, job_id, progress)


def _run(dataset: Dataset, job_id: str, progress: JobProgress) -> int:
    try:
        job = _begin(dataset, job_id)
        report = _STAGES[job.kind](dataset, dict(job.args), progress)
    except (StudioError, TrainingError) as error:
        print(error, file=sys.stderr)
        return progress.end("failed", str(error))
    except Exception as error:  # the row must say it, whatever it is; the log keeps the traceback
        traceback.print_exc()
        return progress.end("failed", f"The job hit a fault of the program: {error!r}. See its log.")
    state = "stopped" if getattr(report, "stopped", False) else "finished"
    return progress.end(state, "", _plain(report))


def _begin(dataset: Dataset, job_id: str) -> Job:
    """Say that the process is up, under its own number."""
    me = psutil.Process(os.getpid())
    with dataset.catalog() as catalog:
        catalog.jobs.update(job_id, state="running", pid=me.pid, pid_created=me.create_time())
        job = catalog.jobs.get(job_id)
    if job is None:
        raise JobNotFound(f"There is no job {job_id} in {dataset.folder}.")
    return job


def _ingest(dataset: Dataset, args: dict[str, Any], progress: Progress) -> object:
    from studio.stages.ingest import ingest

    return ingest(dataset, Path(args.pop("folder")), progress, **args)


def _caption(dataset: Dataset, args: dict[str, Any], progress: Progress) -> object:
    from studio.stages.caption import caption

    return caption(dataset, progress=progress, **args)


def _export(dataset: Dataset, args: dict[str, Any], progress: Progress) -> object:
    from studio.stages.export import export

    return export(dataset, progress, **args)


@dataclasses.dataclass(frozen=True, slots=True)
class CheckReport:
    """How many faults there are, and the first of them."""

    total: int
    findings: list[Finding]
    stopped: bool


def _check(dataset: Dataset, args: dict[str, Any], progress: Progress) -> object:
    from studio.stages.check import check

    found = check(dataset, progress, **args)
    return CheckReport(len(found), found[:_FINDINGS_KEPT], progress.stopped())


_STAGES: dict[str, Callable[[Dataset, dict[str, Any], Progress], object]] = {
    "ingest": _ingest,
    "caption": _caption,
    "export": _export,
    "check": _check,
}


def _plain(report: object) -> dict[str, Any]:
    """A report as JSON values; paths become text."""
    values = dataclasses.asdict(report) if dataclasses.is_dataclass(report) and not isinstance(report, type) else {}
    return dict(json.loads(json.dumps(values, default=str)))


if __name__ == "__main__":
    sys.exit(main())
