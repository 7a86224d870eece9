"""Jobs: they end, they are found again, a killed one is told as failed, a stopped one as stopped."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from PIL import Image

from studio import jobs
from studio.catalog import Job
from studio.errors import BadInput, JobAlreadyRunning, JobNotFound
from studio.jobs.processes import is_alive
from studio.workspace import Dataset, create_dataset


@pytest.fixture
def dataset(tmp_path: Path, monkeypatch) -> Dataset:
    monkeypatch.setenv("CONCEPT_STUDIO_HOME", str(tmp_path))
    return create_dataset("ink")


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    for number in range(300):
        Image.effect_noise((96, 96), number + 1).convert("RGB").save(folder / f"{number:03}.png")
    return folder


def wait_for(dataset: Dataset, job: Job, seconds: float = 60.0, until=lambda job: not job.active) -> Job:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        now = next(found for found in jobs.watch(dataset) if found.id == job.id)
        if until(now):
            return now
        time.sleep(0.1)
    raise AssertionError(f"{job.id} is still {now.state} after {seconds} s: {jobs.log_tail(dataset, job.id)}")


def test_a_job_does_its_work_in_another_process_and_leaves_its_report(dataset, pictures):
    job = wait_for(dataset, jobs.start(dataset, "ingest", {"folder": str(pictures)}))
    assert job.state == "finished", jobs.log_tail(dataset, job.id)
    assert job.pid != os.getpid() and job.result["added"] == 300 and job.done == job.total
    with dataset.catalog() as catalog:
        assert catalog.pictures.count() == 300


def test_a_killed_job_is_told_as_failed_within_five_seconds_and_the_same_job_then_finishes(dataset, pictures):
    job = jobs.start(dataset, "ingest", {"folder": str(pictures)})
    job = wait_for(dataset, job, until=lambda job: job.state == "running")
    os.kill(job.pid, signal.SIGKILL)
    killed = time.monotonic()
    job = wait_for(dataset, job, seconds=5)
    assert job.state == "failed" and "Start it again" in job.message
    assert time.monotonic() - killed < 5
    again = wait_for(dataset, jobs.start(dataset, "ingest", {"folder": str(pictures)}))
    assert again.state == "finished"
    with dataset.catalog() as catalog:
        assert catalog.pictures.count() == 300


def test_a_second_click_starts_nothing(dataset, pictures):
    first = jobs.start(dataset, "ingest", {"folder": str(pictures)})
    with pytest.raises(JobAlreadyRunning):
        jobs.start(dataset, "ingest", {"folder": str(pictures)})
    wait_for(dataset, first)


def test_a_stopped_job_keeps_what_is_done(dataset, pictures):
    job = jobs.start(dataset, "ingest", {"folder": str(pictures)})
    jobs.stop(dataset, job.id)
    job = wait_for(dataset, job)
    assert job.state == "stopped"
    assert wait_for(dataset, jobs.start(dataset, "ingest", {"folder": str(pictures)})).state == "finished"


def test_a_refused_job_says_why(dataset, tmp_path):
    job = wait_for(dataset, jobs.start(dataset, "ingest", {"folder": str(tmp_path / "nowhere")}))
    assert job.state == "failed" and "nowhere" in job.message and "Traceback" not in job.message


def test_unknown_things_are_refused(dataset):
    with pytest.raises(BadInput):
        jobs.start(dataset, "knitting", {})
    with pytest.raises(BadInput):
        jobs.start(dataset, "train", {"run": "0009-lora"})
    with pytest.raises(JobNotFound):
        jobs.stop(dataset, "ingest-1")
    assert jobs.watch(dataset) == []


def test_a_process_number_given_to_another_process_is_not_ours():
    assert is_alive(os.getpid(), 0)
    assert not is_alive(os.getpid(), 1.0)
