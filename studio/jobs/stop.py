"""Ask a job to stop; it ends after the work in hand, and what is done is kept."""

from __future__ import annotations

from studio.errors import JobNotFound
from studio.jobs.processes import end
from studio.workspace import Dataset


def stop(dataset: Dataset, job_id: str) -> None:
    """Ask a job to stop. A stage ends after its batch, a training saves first, a drawing ends at once.

    Raises: JobNotFound when there is no such job.
    """
    from training import request_stop

    with dataset.catalog() as catalog:
        job = catalog.jobs.get(job_id)
        if job is None:
            raise JobNotFound(f"{job_id}: no job of this name. Look at the list of jobs again.")
        if not job.active:
            return
        catalog.jobs.update(job_id, stop_requested=1)
    if job.kind == "train":
        request_stop(dataset.runs / str(job.args["run"]))
    elif job.kind == "generate":
        end(job.pid, job.pid_created)
