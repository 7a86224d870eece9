"""What jobs there are, checked against the processes that are really there."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from studio.catalog import Catalog, Job
from studio.jobs.kinds import log_path
from studio.jobs.processes import is_alive
from studio.workspace import Dataset

STARTING_SECONDS = 30.0
"""How long a job may have no process yet: the starter died between the row and the process."""
_TAIL_BYTES = 16_384
_MESSAGE_LINES = 3


def watch(dataset: Dataset) -> list[Job]:
    """Every job, newest first. A job whose process is gone is settled here: finished, stopped or failed."""
    with dataset.catalog() as catalog:
        _collect_children()
        for job in catalog.jobs.active():
            _look_at(dataset, catalog, job)
        return catalog.jobs.all()


def log_tail(dataset: Dataset, job_id: str, lines: int = 20) -> str:
    """The last lines of a job's output; empty when there is none."""
    with dataset.catalog() as catalog:
        job = catalog.jobs.get(job_id)
    return tail(log_path(dataset, job.id, job.kind, job.args), lines) if job else ""


def tail(path: Path, lines: int) -> str:
    """The last lines of a text file; empty when it cannot be read."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def _collect_children() -> None:
    from studio.jobs.start import CHILDREN

    for pid in [pid for pid, process in CHILDREN.items() if process.poll() is not None]:
        del CHILDREN[pid]


def _look_at(dataset: Dataset, catalog: Catalog, job: Job) -> None:
    alive = is_alive(job.pid, job.pid_created)
    if not alive and not job.pid and time.time() - job.heartbeat < STARTING_SECONDS:
        return
    if job.kind == "train":
        _settle_training(dataset, catalog, job, alive)
    elif job.kind == "generate":
        _settle_drawing(dataset, catalog, job, alive)
    elif not alive:
        _settle_stage(dataset, catalog, job)


def _settle_stage(dataset: Dataset, catalog: Catalog, job: Job) -> None:
    """A worker writes its end before it goes, so the row is read once more after the process was seen gone."""
    now = catalog.jobs.get(job.id)
    if now and now.active:
        catalog.jobs.update(job.id, state="failed", message=_last_words(dataset, job))


def _settle_training(dataset: Dataset, catalog: Catalog, job: Job, alive: bool) -> None:
    from training import read_run

    view = read_run(dataset.runs / str(job.args.get("run", "")))
    values: dict[str, Any] = {"done": view.step, "total": view.total}
    if alive:
        # The status may still be an earlier attempt's, so only a run that works now has something to tell.
        left = view.seconds_left if view.alive else None
        values.update(message=view.message if view.alive else "", seconds_left=left)
    else:
        state = view.state if view.state in ("finished", "stopped") else "failed"
        values.update(state=state, message=view.message or _last_words(dataset, job), seconds_left=None)
    catalog.jobs.update(job.id, heartbeat=time.time(), **values)


def _settle_drawing(dataset: Dataset, catalog: Catalog, job: Job, alive: bool) -> None:
    folder = dataset.tries / str(job.args.get("try", ""))
    status = _read(folder / "status.json")
    values: dict[str, Any] = {"done": int(status.get("step") or 0), "total": int(status.get("total") or 0)}
    values.update(message=str(status.get("message", "")), seconds_left=status.get("seconds_left"))
    if not alive and (folder / "result.json").is_file():
        values.update(state="finished", seconds_left=None)
    elif not alive and job.stop_requested:
        values.update(state="stopped", message="Stopped.", seconds_left=None)
    elif not alive:
        told = str(status.get("message", "")) if status.get("state") == "failed" else ""
        values.update(state="failed", message=told or _last_words(dataset, job), seconds_left=None)
    catalog.jobs.update(job.id, heartbeat=time.time(), **values)


def _last_words(dataset: Dataset, job: Job) -> str:
    words = tail(log_path(dataset, job.id, job.kind, job.args), _MESSAGE_LINES).strip()
    told = f" Its last lines: {words}" if words else " It left no word in its log."
    return f"The {job.kind} process ended before it was done. Start it again to go on.{told}"


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
