"""Ask a job to stop: it finishes the unit in hand, keeps what is done, and ends by itself."""

from __future__ import annotations

from studio.catalog import Job
from studio.errors import JobNotFound
from studio.jobs.kinds import work_folder
from studio.jobs.processes import terminate
from studio.workspace import Dataset
from training import request_stop


def stop(dataset: Dataset, job_id: str) -> Job:
    """Ask a job to stop and return it; one that has ended stays as it is.

    Raises: JobNotFound.
    """
    with dataset.catalog() as catalog:
        job = catalog.jobs.get(job_id)
        if job is None:
            raise JobNotFound(f"There is no job {job_id} in {dataset.name}. Look at the list of jobs again.")
        if not job.active:
            return job
        catalog.jobs.update(job_id, stop_requested=1)
        if job.kind == "train":
            request_stop(work_folder(dataset, job.kind, job.args))
        elif job.kind == "generate":
            # Drawing keeps nothing half done, so there is nothing to wait for.
            terminate(job.pid, job.pid_created)
        return catalog.jobs.get(job_id) or job
