"""Start a job: a row in the catalog first, then a process of its own that outlives this one."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import psutil

from studio.catalog import Job
from studio.jobs.kinds import STAGES, command, log_path
from studio.jobs.watch import watch
from studio.workspace import Dataset

CHILDREN: dict[int, subprocess.Popen[bytes]] = {}
"""Processes this one started; `watch` collects their exit, so that none stays behind as a zombie."""


def start(dataset: Dataset, kind: str, args: Mapping[str, object]) -> Job:
    """Start a job in the background and return its row.

    Raises: JobAlreadyRunning when one of this kind is active; BadInput for arguments that cannot work.
    """
    watch(dataset)
    now = datetime.now(UTC)
    job_id = f"{kind}-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    argv = command(dataset, job_id, kind, args)
    with dataset.catalog() as catalog:
        catalog.jobs.add(job_id, kind, args, now.isoformat(timespec="milliseconds"), time.time())
        try:
            process = launch(argv, log_path(dataset, job_id, kind, args))
        except OSError as error:
            catalog.jobs.update(job_id, state="failed", message=f"The process could not be started: {error}.")
            raise
        _note_process(catalog.jobs, job_id, process.pid, kind)
        job = catalog.jobs.get(job_id)
    assert job is not None
    return job


def launch(argv: list[str], log: Path) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, with its output appended to `log`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    else:
        apart = {"start_new_session": True}
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    with log.open("ab") as output:
        process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment, **apart
        )
    CHILDREN[process.pid] = process
    return process


def _note_process(jobs: object, job_id: str, pid: int, kind: str) -> None:
    """Write down who does the job; a worker says by itself that it runs, the others cannot."""
    try:
        created = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        created = 0.0
    state = {} if kind in STAGES else {"state": "running"}
    jobs.update(job_id, pid=pid, pid_created=created, **state)  # type: ignore[attr-defined]
