"""Jobs of a dataset: what runs, how far it is, and the button that stops it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from studio import jobs as studio_jobs
from studio.api import fields
from studio.catalog import Job
from studio.workspace import Dataset, open_dataset

LOG_LINES = 200


def jobs(request: Request) -> dict[str, Any]:
    """Jobs, newest first, checked against the processes that are there; `id` adds the end of one job's log."""
    dataset = open_dataset(fields.text(request.query_params, "dataset"))
    answer = _answer(dataset)
    job_id = fields.text(request.query_params, "id", "")
    if job_id:
        answer["log"] = studio_jobs.log_tail(dataset, job_id, LOG_LINES)
    return answer


def stop(body: dict[str, Any]) -> dict[str, Any]:
    """Ask a job to stop."""
    dataset = open_dataset(fields.text(body, "dataset"))
    studio_jobs.stop(dataset, fields.text(body, "id"))
    return _answer(dataset)


def _answer(dataset: Dataset) -> dict[str, Any]:
    return {"jobs": [_job(job) for job in studio_jobs.watch(dataset)]}


def _job(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "active": job.active,
        "done": job.done,
        "total": job.total,
        "message": job.message,
        "seconds_left": job.seconds_left,
        "stop_requested": job.stop_requested,
        "started_at": job.started_at,
    }
