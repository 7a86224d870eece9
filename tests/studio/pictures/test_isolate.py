"""A file that hangs, kills or exhausts its decoder costs one refusal; the workers end with their owner."""

import io
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest
from PIL import Image

from studio.errors import ReadersFailed
from studio.pictures import isolate
from studio.pictures.facts import PictureFacts, Refusal
from studio.pictures.isolate import Limits, measure_files


@pytest.fixture
def pictures(tmp_path):
    paths = []
    for number in range(6):
        paths.append(tmp_path / f"picture-{number}.png")
        Image.new("RGB", (40 + number, 30), (number * 40, 100, 50)).save(paths[-1])
    return paths


def slow_jpeg(path: Path) -> Path:
    """A progressive JPEG of 100 kB that repeats its last scan 4,000 times: half a minute of decoding."""
    buffer = io.BytesIO()
    Image.new("L", (2000, 2000), 200).save(buffer, "JPEG", progressive=True, quality=50)
    data = buffer.getvalue()
    scan = data[data.rindex(b"\xff\xda") : -2]
    path.write_bytes(data[:-2] + scan * 4000 + b"\xff\xd9")
    return path


def workers_of(pid: int) -> list[psutil.Process]:
    return [child for child in psutil.Process(pid).children() if "studio.pictures.worker" in _command(child)]


def _command(process: psutil.Process) -> list[str]:
    """Its command line; empty when it ended, though nobody has collected it yet."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def wait_until(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def test_every_path_comes_back_once_with_its_facts(pictures, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(pictures[0].read_bytes()[:60])
    strange = tmp_path / "ümläut \U0001f34e\n.png"
    pictures[0].rename(strange)
    wanted = [strange, *pictures[1:], broken, tmp_path / "missing.png"]
    found = dict(measure_files(wanted, workers=2))
    assert sorted(found) == sorted(wanted)
    assert isinstance(found[strange], PictureFacts) and found[strange].width == 40
    assert found[pictures[5]].width == 45 and isinstance(found[pictures[5]].thumbnail, bytes)
    assert found[broken].code == "truncated" and found[wanted[-1]].code == "missing"


def test_no_files_need_no_worker():
    assert list(measure_files([], workers=2)) == []


def test_paths_are_taken_as_work_gets_done(pictures):
    taken = []

    def paths():
        for path in pictures * 5:
            taken.append(path)
            yield path

    outcomes = measure_files(paths(), workers=1)
    next(outcomes)
    assert len(taken) <= 4
    outcomes.close()


def test_a_file_that_takes_too_long_is_refused_and_the_others_are_not(pictures, tmp_path):
    slow = slow_jpeg(tmp_path / "slow.jpg")
    started = time.monotonic()
    found = dict(measure_files([slow, *pictures], workers=1, limits=Limits(seconds=2)))
    assert found[slow].code == "time" and "longer than 2 seconds" in found[slow].cause
    assert found[slow].size_bytes == slow.stat().st_size
    assert all(isinstance(found[path], PictureFacts) for path in pictures)
    assert time.monotonic() - started < 20


def test_a_decoder_that_dies_costs_one_file(pictures, tmp_path):
    slow = slow_jpeg(tmp_path / "slow.jpg")
    outcomes = measure_files([pictures[0], slow, *pictures[1:]], workers=1)
    next(outcomes)  # the worker goes on with the slow one
    (worker,) = workers_of(os.getpid())
    worker.send_signal(signal.SIGSEGV)
    found = dict(outcomes)
    assert found[slow].code == "crash" and "SIGSEGV" in found[slow].cause
    assert all(isinstance(found[path], PictureFacts) for path in pictures[1:])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the address space reliably")
def test_a_picture_that_needs_too_much_memory_is_refused(pictures, tmp_path):
    large = tmp_path / "large.png"
    Image.new("RGB", (9000, 9000)).save(large, compress_level=1)
    limits = Limits(memory_bytes=450_000_000)
    found = dict(measure_files([large, *pictures], workers=1, limits=limits))
    assert found[large].code == "memory"
    assert all(isinstance(found[path], PictureFacts) for path in pictures)


def test_closing_ends_the_workers(pictures):
    outcomes = measure_files(pictures, workers=2)
    next(outcomes)
    workers = workers_of(os.getpid())
    assert workers
    outcomes.close()
    assert not any(psutil.pid_exists(worker.pid) for worker in workers)


def test_a_worker_notices_in_the_middle_of_a_file_that_its_owner_is_gone(tmp_path):
    slow = slow_jpeg(tmp_path / "slow.jpg")
    owner_code = f"""
        from pathlib import Path
        from studio.pictures.isolate import measure_files
        list(measure_files([Path({str(slow)!r})] * 4, workers=2))
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(owner_code)]) as owner:
        wait_until(lambda: len(workers_of(owner.pid)) == 2)
        workers = workers_of(owner.pid)
        wait_until(lambda: all(worker.cpu_times().user > 1 for worker in workers))
        owner.send_signal(signal.SIGKILL)
    wait_until(lambda: not any(_is_alive(worker) for worker in workers), seconds=5)


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_ctrl_c_in_the_terminal_does_not_refuse_pictures(pictures):
    outcomes = measure_files(pictures, workers=1)
    found = dict([next(outcomes)])
    for worker in workers_of(os.getpid()):
        worker.send_signal(signal.SIGINT)
    found |= dict(outcomes)
    assert not any(isinstance(outcome, Refusal) for outcome in found.values())


def test_workers_that_never_start_are_an_error_of_the_studio(pictures, monkeypatch):
    monkeypatch.setattr("studio.pictures.reader_process.sys.executable", "/bin/false")
    with pytest.raises(ReadersFailed, match="do not start"):
        list(measure_files(pictures, workers=2))


def test_the_caller_imports_no_decoder():
    code = "import sys, studio.pictures.isolate; print([m for m in ('PIL', 'numpy', 'torch') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_worker_count_defaults_to_the_processors(pictures, monkeypatch):
    monkeypatch.setattr(isolate.os, "cpu_count", lambda: 1)
    outcomes = measure_files(pictures)
    next(outcomes)
    assert len(workers_of(os.getpid())) == 1
    outcomes.close()
