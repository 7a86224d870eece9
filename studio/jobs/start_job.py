"""Start long work as its own process, once: a second click on the same button finds the first one's job."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from studio.catalog import Catalog, Job
from studio.errors import JobAlreadyRunning, JobFailed
from studio.jobs.kinds import check_args, command, log_path, work_folder
from studio.jobs.processes import start_detached
from studio.jobs.watch_jobs import watch
from studio.workspace import Dataset
from training import create_run, forget_stop

if TYPE_CHECKING:
    from training import RunConfig


def start(dataset: Dataset, kind: str, args: Mapping[str, object]) -> Job:
    """Start a job and return it; the same job asked for again while it is active is returned, not doubled.

    `kind` is ingest, caption, export or check with the arguments of the stage of that name, train with the name of
    a `run` folder, or generate with the name of a `try` folder.

    Raises: BadInput for arguments that make no sense; JobAlreadyRunning when another job of this kind is active;
    JobFailed when the process cannot be started.
    """
    check_args(dataset, kind, args)
    for job in watch(dataset):
        if job.active and job.kind == kind and dict(job.args) == dict(args):
            return job
    job_id = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{kind}-{secrets.token_hex(3)}"
    with dataset.catalog() as catalog:
        # The database allows one active job a kind, so of two clicks at once one is refused here.
        with catalog.transaction():
            catalog.jobs.add(job_id, kind, args, datetime.now(UTC).isoformat(timespec="seconds"), time.time())
            if kind == "train":
                # Nobody can ask this job to stop before its row is there to be seen.
                forget_stop(work_folder(dataset, kind, args))
        _start_process(dataset, catalog, _get(catalog, job_id))
        return _get(catalog, job_id)


def _start_process(dataset: Dataset, catalog: Catalog, job: Job) -> None:
    try:
        pid, created = start_detached(command(dataset, job), log_path(dataset, job))
    except OSError as error:
        sentence = f"The {job.kind} job cannot be started ({error.strerror or error}). Try again."
        catalog.jobs.update(job.id, state="failed", message=sentence)
        raise JobFailed(sentence) from error
    catalog.jobs.update(job.id, pid=pid, pid_created=created)


def _get(catalog: Catalog, job_id: str) -> Job:
    job = catalog.jobs.get(job_id)
    if job is None:
        raise JobFailed(f"The job {job_id} vanished from the catalog. Start it again.")
    return job


def start_training(dataset: Dataset, config: RunConfig) -> Job:
    """Make a new run folder for this config and train in it.

    Raises: JobAlreadyRunning when a training of this dataset is at work; TrainingError when the folder cannot be made.
    """
    _refuse_second(dataset, "train")
    return start(dataset, "train", {"run": create_run(dataset.runs, config).name})


def _refuse_second(dataset: Dataset, kind: str) -> None:
    """Say so before a folder is made that nothing would ever fill."""
    if any(job.active and job.kind == kind for job in watch(dataset)):
        raise JobAlreadyRunning(f"A {kind} job is already running on this dataset. Wait for it, or stop it first.")
