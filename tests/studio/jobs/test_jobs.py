"""Jobs: their own processes, found again, stopped cleanly, and failed within seconds when they die."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import psutil
import pytest

from studio import jobs
from studio.catalog import Job, Query
from studio.errors import BadInput, JobAlreadyRunning, JobNotFound
from studio.jobs import processes
from studio.workspace import Dataset
from training import request_stop

SLEEPER = [sys.executable, "-c", "import time; print('hello from the job', flush=True); time.sleep(60)"]


def wait_for(dataset: Dataset, job_id: str, *states: str, seconds: float = 60) -> Job:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        job = next(job for job in jobs.watch(dataset) if job.id == job_id)
        if job.state in states:
            return job
        time.sleep(0.05)
    raise AssertionError(f"still {job.state}: {job.message} {jobs.log_tail(dataset, job_id)}")


@pytest.fixture
def originals(tmp_path, draw) -> Path:
    for number in range(4):
        draw(tmp_path / "originals" / f"{number}.png", number + 1)
    (tmp_path / "originals" / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return tmp_path / "originals"


@pytest.fixture
def sleeper(dataset, monkeypatch, originals):
    """An ingest job whose process only sleeps; killed at the end."""
    monkeypatch.setattr("studio.jobs.start_job.command", lambda dataset, job: SLEEPER)
    job = jobs.start(dataset, "ingest", {"folder": str(originals)})
    yield job
    if processes.is_alive(job.pid, job.pid_created):
        os.kill(job.pid, signal.SIGKILL)


def test_an_ingest_job_does_its_work_in_its_own_process(dataset, originals):
    job = jobs.start(dataset, "ingest", {"folder": str(originals), "workers": 1})
    assert job.active and job.pid != os.getpid()
    done = wait_for(dataset, job.id, "finished", "failed")
    assert done.state == "finished", done.message
    assert (done.result["added"], done.result["refused"][0]["name"]) == (4, "torn.png")
    assert "torn.png" in jobs.log_tail(dataset, job.id)
    with dataset.catalog() as catalog:
        assert catalog.pictures.count() == 4
    exported = wait_for(dataset, jobs.start(dataset, "export", {}).id, "finished", "failed")
    assert exported.state == "finished" and exported.result["number"] == 1


def test_a_second_click_finds_the_first_job(dataset, originals, sleeper, tmp_path):
    again = jobs.start(dataset, "ingest", {"folder": str(originals)})
    assert again.id == sleeper.id
    with pytest.raises(JobAlreadyRunning):
        jobs.start(dataset, "ingest", {"folder": str(tmp_path)})


def test_the_process_has_a_session_of_its_own(sleeper):
    assert os.getsid(sleeper.pid) == sleeper.pid != os.getsid(0)


def test_a_killed_job_is_failed_within_seconds_with_its_last_lines(dataset, sleeper):
    until = time.monotonic() + 30
    while "hello" not in jobs.log_tail(dataset, sleeper.id):
        assert time.monotonic() < until
        time.sleep(0.05)
    os.kill(sleeper.pid, signal.SIGKILL)
    killed = time.monotonic()
    job = wait_for(dataset, sleeper.id, "failed", seconds=5)
    assert time.monotonic() - killed < 5
    assert "hello from the job" in job.message
    with pytest.raises(psutil.NoSuchProcess):
        psutil.Process(sleeper.pid)


def test_a_stranger_with_the_same_number_is_not_the_job(dataset, sleeper):
    assert processes.is_alive(sleeper.pid, sleeper.pid_created)
    assert not processes.is_alive(sleeper.pid, sleeper.pid_created - 100)
    with dataset.catalog() as catalog:
        catalog.jobs.update(sleeper.id, pid_created=sleeper.pid_created - 100)
    assert wait_for(dataset, sleeper.id, "failed", seconds=1).message


def test_a_job_whose_starter_died_before_its_process_is_failed(dataset):
    with dataset.catalog() as catalog:
        catalog.jobs.add("20260101-000000-export-aaaaaa", "export", {}, "2026-01-01T00:00:00", time.time() - 60)
    (job,) = jobs.watch(dataset)
    assert job.state == "failed" and "ended without a word" in job.message
    assert jobs.start(dataset, "export", {}).id != job.id
    wait_for(dataset, jobs.watch(dataset)[0].id, "failed", "finished")


def test_a_fault_that_a_user_can_mend_is_the_message(dataset):
    job = wait_for(dataset, jobs.start(dataset, "export", {}).id, "failed", "finished")
    assert job.state == "failed" and "has no pictures to export" in job.message
    assert "Traceback" not in jobs.log_tail(dataset, job.id)


def test_a_stop_ends_an_ingest_cleanly_and_the_next_one_finishes(dataset, tmp_path, draw):
    folder = tmp_path / "many"
    for number in range(150):
        draw(folder / f"{number}.png", number + 1, (64, 64))
    job = jobs.start(dataset, "ingest", {"folder": str(folder), "workers": 1})
    wait_for(dataset, job.id, "running")
    assert jobs.stop(dataset, job.id).stop_requested
    ended = wait_for(dataset, job.id, "stopped", "finished")
    with dataset.catalog() as catalog:
        taken = catalog.pictures.count()
    assert ended.state == "stopped" and taken < 150
    again = wait_for(dataset, jobs.start(dataset, "ingest", {"folder": str(folder)}).id, "finished", "failed")
    assert again.result["added"] == 150 - taken and again.result["known"] == taken
    assert jobs.stop(dataset, again.id).state == "finished"


def test_arguments_are_checked_before_a_process_exists(dataset, originals):
    for kind, args, said in (
        ("dance", {}, "no job called dance"),
        ("ingest", {"folder": str(originals / "none")}, "no folder"),
        ("export", {"colour": 1}, "takes no 'colour'"),
        ("train", {"run": "../../etc"}, "no prepared folder"),
        ("train", {"run": "0001-lora"}, "no prepared folder"),
        ("generate", {}, "no prepared folder"),
    ):
        with pytest.raises(BadInput, match=said):
            jobs.start(dataset, kind, args)
    assert jobs.watch(dataset) == []
    for call in (jobs.stop, jobs.log_tail):
        with pytest.raises(JobNotFound):
            call(dataset, "none")


@pytest.fixture
def run_folder(dataset):
    folder = dataset.runs / "0001-lora"
    folder.mkdir(parents=True)
    (folder / "config.yaml").write_text("name: inks\n")
    return folder


def start_run(dataset, monkeypatch, code: str) -> Job:
    monkeypatch.setattr("studio.jobs.start_job.command", lambda dataset, job: [sys.executable, "-c", code])
    return jobs.start(dataset, "train", {"run": "0001-lora"})


def test_a_training_job_ends_as_its_process_did(dataset, run_folder, monkeypatch):
    assert wait_for(dataset, start_run(dataset, monkeypatch, "").id, "finished", "failed").state == "finished"
    stopped = start_run(dataset, monkeypatch, "raise SystemExit(3)")
    assert wait_for(dataset, stopped.id, "stopped", "failed", "finished").state == "stopped"
    failed = wait_for(
        dataset, start_run(dataset, monkeypatch, "raise SystemExit('no space left')").id, "failed", "finished"
    )
    assert failed.state == "failed" and "no space left" in failed.message
    assert (run_folder / "log").read_text().strip() == "no space left"


def test_an_old_wish_to_stop_goes_before_the_process_comes_and_a_new_one_stays(dataset, run_folder, monkeypatch):
    (run_folder / "stop").touch()
    seen = []
    real = processes.start_detached

    def pressed_at_once(argv, log):
        seen.append((run_folder / "stop").exists())
        request_stop(run_folder)
        return real(argv, log)

    monkeypatch.setattr("studio.jobs.start_job.start_detached", pressed_at_once)
    job = start_run(
        dataset, monkeypatch, f"import os; raise SystemExit(3 * os.path.exists({str(run_folder / 'stop')!r}))"
    )
    assert seen == [False]
    assert wait_for(dataset, job.id, "stopped", "failed", "finished").state == "stopped"


def test_a_stop_of_a_training_leaves_the_stop_file(dataset, run_folder, monkeypatch):
    job = start_run(dataset, monkeypatch, "import time; time.sleep(60)")
    jobs.stop(dataset, job.id)
    assert (run_folder / "stop").is_file()
    os.kill(job.pid, signal.SIGKILL)
    assert wait_for(dataset, job.id, "failed", "stopped").state == "failed"


def test_a_caption_job_runs_the_embedded_captioner(dataset, originals):
    from studio.stages.ingest import ingest

    ingest(dataset, originals, workers=1)
    job = jobs.start(dataset, "caption", {"captioner": "pocket", "mode": "empty", "trigger": "ink style"})
    done = wait_for(dataset, job.id, "finished", "failed", seconds=240)
    assert done.state == "finished" and done.result["written"] == 4, done.message
    with dataset.catalog() as catalog:
        texts = [picture.caption for picture in catalog.pictures.each(Query())]
    assert all(text.endswith(", ink style") for text in texts)
