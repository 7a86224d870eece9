"""What the jobs of a dataset do now: rows are brought in line with the processes and folders they stand for."""

from __future__ import annotations

import time

from studio.catalog import Catalog, Job
from studio.errors import JobNotFound
from studio.jobs.kinds import FOLDER_ARGS, log_path, work_folder
from studio.jobs.processes import exit_code, is_alive
from studio.workspace import Dataset
from training import read_run

_START_SECONDS = 5.0
_LOG_LINES_IN_MESSAGE = 5
_LOG_BYTES = 64 * 1024
_ENDED_BY_CODE = {0: "finished", 3: "stopped"}


def watch(dataset: Dataset) -> list[Job]:
    """All jobs, newest first; one whose process died without a word is failed from here on, with its last lines."""
    with dataset.catalog() as catalog:
        for job in catalog.jobs.active():
            if job.kind in FOLDER_ARGS:
                _follow_folder(dataset, catalog, job)
            elif not _has_process(job):
                _fail_unless_ended(dataset, catalog, job)
        return catalog.jobs.all()


def log_tail(dataset: Dataset, job_id: str, lines: int = 40) -> str:
    """The last lines of a job's output; empty when there is none.

    Raises: JobNotFound.
    """
    with dataset.catalog() as catalog:
        job = catalog.jobs.get(job_id)
    if job is None:
        raise JobNotFound(f"There is no job {job_id} in {dataset.name}. Look at the list of jobs again.")
    return _tail(dataset, job, lines)


def _has_process(job: Job) -> bool:
    """A job without a process number is between its row and its process, for a moment."""
    if not job.pid:
        return time.time() - job.heartbeat < _START_SECONDS
    return is_alive(job.pid, job.pid_created)


def _follow_folder(dataset: Dataset, catalog: Catalog, job: Job) -> None:
    """A train or generate job tells of itself in its folder; copy that into the row."""
    alive = _has_process(job)
    # Read after the process was looked for: what it wrote last is then there.
    view = read_run(work_folder(dataset, job.kind, job.args))
    values: dict[str, object] = {"done": view.step, "total": view.total, "seconds_left": view.seconds_left or None}
    if alive:
        state = "running" if view.alive else "starting"
        catalog.jobs.update(job.id, state=state, heartbeat=time.time(), message=view.message, **values)
        return
    state = _ended(dataset, job, view.state)
    message = view.message if state == view.state != "failed" else _last_words(dataset, job, state)
    catalog.jobs.update(job.id, state=state, message=message, **values)


def _ended(dataset: Dataset, job: Job, told: str) -> str:
    """How a run ended: by its exit code where this process knows it, else by what it wrote."""
    code = exit_code(job.pid)
    if code is not None:
        return _ENDED_BY_CODE.get(code, "stopped" if job.stop_requested and job.kind == "generate" else "failed")
    if job.kind == "generate" and (work_folder(dataset, job.kind, job.args) / "result.json").is_file():
        return "finished"
    if job.kind == "generate" and job.stop_requested:
        return "stopped"
    return told if told in ("finished", "stopped") else "failed"


def _fail_unless_ended(dataset: Dataset, catalog: Catalog, job: Job) -> None:
    """The worker may have written its end between our two looks; then its word stands."""
    with catalog.transaction():
        now = catalog.jobs.get(job.id)
        if now is not None and now.active:
            catalog.jobs.update(job.id, state="failed", message=_last_words(dataset, job, "failed"))


def _last_words(dataset: Dataset, job: Job, state: str) -> str:
    """The end of the log as the reason of a failure."""
    if state != "failed":
        return ""
    tail = _tail(dataset, job, _LOG_LINES_IN_MESSAGE)
    if not tail:
        return f"The {job.kind} process ended without a word. Start it again; it goes on where it was."
    return f"The {job.kind} process ended early. Its last lines:\n{tail}"


def _tail(dataset: Dataset, job: Job, lines: int) -> str:
    try:
        with log_path(dataset, job).open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _LOG_BYTES))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(text.replace("\r", "\n").rstrip().split("\n")[-lines:])
