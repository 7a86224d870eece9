"""The process of a stage's job: `python -m studio.jobs.worker DATASET_FOLDER JOB_ID`."""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psutil

from studio.as_json import plain
from studio.disk_errors import sentence
from studio.errors import StudioError
from studio.jobs.job_progress import JobProgress
from studio.workspace import Dataset

HEARTBEAT_SECONDS = 1.0
_RESULT_ITEMS = 200
"""A job's row keeps this much of each list of its report; all of it is in the catalog anyway."""


def main(folder: Path, job_id: str) -> int:
    """Do one job and write how it ended into its row; 0 finished, 3 stopped, 1 failed."""
    dataset = Dataset(folder.name, folder)
    me = psutil.Process()
    with dataset.catalog() as catalog:
        job = catalog.jobs.get(job_id)
        if job is None:
            print(f"{job_id}: no such job in {folder}.", file=sys.stderr)
            return 1
        catalog.jobs.update(
            job_id, state="running", pid=os.getpid(), pid_created=me.create_time(), heartbeat=time.time()
        )
    ended = threading.Event()
    threading.Thread(target=_beat, args=(dataset, job_id, ended), daemon=True).start()
    state, message, result = _work(dataset, job.kind, job.args, JobProgress(dataset, job_id))
    ended.set()
    values: dict[str, object] = {"message": message} if message else {}
    with dataset.catalog() as catalog:
        catalog.jobs.update(job_id, state=state, result=result, seconds_left=None, heartbeat=time.time(), **values)
    return {"finished": 0, "stopped": 3}.get(state, 1)


def _work(dataset: Dataset, kind: str, args: Mapping[str, Any], progress: JobProgress) -> tuple[str, str, Any]:
    """(state, message, report) of the stage; a bug leaves its traceback in the log."""
    try:
        report = STAGES[kind](dataset, args, progress)
    except StudioError as error:
        return "failed", str(error), {}
    except OSError as error:
        traceback.print_exc()
        return "failed", sentence(error), {}
    except Exception as error:
        traceback.print_exc()
        return "failed", f"Something went wrong inside: {type(error).__name__}: {error}. The log has the details.", {}
    finally:
        progress.close()
    stopped = getattr(report, "stopped", progress.stopped())
    return ("stopped" if stopped else "finished"), "", _short(plain(report))


def _ingest(dataset: Dataset, args: Mapping[str, Any], progress: JobProgress) -> object:
    from studio.stages.ingest import ingest

    return ingest(dataset, Path(args["folder"]), progress)


def _caption(dataset: Dataset, args: Mapping[str, Any], progress: JobProgress) -> object:
    from studio.stages.caption import caption

    return caption(dataset, progress=progress, **args)


def _export(dataset: Dataset, args: Mapping[str, Any], progress: JobProgress) -> object:
    from studio.stages.export import export

    return export(dataset, progress, **args)


STAGES: dict[str, Callable[[Dataset, Mapping[str, Any], JobProgress], object]] = {
    "ingest": _ingest,
    "caption": _caption,
    "export": _export,
}


def _beat(dataset: Dataset, job_id: str, ended: threading.Event) -> None:
    with dataset.catalog() as catalog:
        while not ended.wait(HEARTBEAT_SECONDS):
            catalog.jobs.update(job_id, heartbeat=time.time())


def _short(report: Any) -> Any:
    if not isinstance(report, dict):
        return {"value": report}
    return {key: value[:_RESULT_ITEMS] if isinstance(value, list) else value for key, value in report.items()}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
