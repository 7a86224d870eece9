import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.training.small_export import tiny_config
from training.errors import RunError
from training.run_folder import RunFolder, create_run, generate_command, request_stop, run_command
from training.run_log import EventLog, StatusWriter
from training.run_view import list_runs, read_run


def _write_status(run: Path, **values) -> None:
    run.mkdir(parents=True, exist_ok=True)
    started = psutil.Process().create_time()
    status = {"state": "running", "step": 7, "total": 9, "pid": os.getpid(), "process_started": started}
    (run / "status.json").write_text(json.dumps(status | values))


def _dead_pid() -> int:
    done = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    return int(done.stdout)


def test_a_living_run_is_alive(tmp_path: Path) -> None:
    _write_status(tmp_path)
    view = read_run(tmp_path)
    assert (view.state, view.alive, view.step, view.total) == ("running", True, 7, 9)


def test_a_dead_run_is_failed_with_its_last_lines(tmp_path: Path) -> None:
    _write_status(tmp_path, pid=_dead_pid())
    (tmp_path / "log").write_text("first\n" + "noise\n" * 50 + "Killed: out of memory\n")
    view = read_run(tmp_path)
    assert (view.state, view.alive) == ("failed", False)
    assert "step 7" in view.message and view.message.endswith("Killed: out of memory")
    assert "first" not in view.message


def test_a_process_with_the_same_number_is_not_the_run(tmp_path: Path) -> None:
    _write_status(tmp_path, process_started=psutil.Process().create_time() - 100)
    assert read_run(tmp_path).state == "failed"


def test_torn_and_missing_files_do_no_harm(tmp_path: Path) -> None:
    assert read_run(tmp_path / "nowhere").state == "created"
    (tmp_path / "status.json").write_text("{")
    (tmp_path / "config.yaml").write_text(": : :")
    (tmp_path / "events.jsonl").write_bytes(
        b'{"type":"step","step":1,"loss":0.5,"lr":0.1}\n\x00\x00\n{"type":"step","st'
    )
    assert read_run(tmp_path).losses == [(1, 0.5)]


def test_later_lines_win_and_a_resume_forgets_what_came_after(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "events.jsonl")
    log.write("validation", step=0, loss=1.0, baseline=True)
    for step in (1, 2, 3):
        log.write("step", step=step, loss=step / 10, lr=0.1)
    log.write("validation", step=3, loss=0.7, baseline=False)
    log.write("resumed", step=1)
    log.write("step", step=2, loss=0.9, lr=0.1)
    view = read_run(tmp_path)
    assert view.losses == [(1, 0.1), (2, 0.9)]
    assert view.validation == []
    assert view.baseline == 1.0


def test_a_torn_last_line_is_cut_before_writing_on(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"type":"message","text":"a"}\n{"type":"mess')
    EventLog(path).write("message", text="b")
    assert read_run(tmp_path).messages == ["a", "b"]


def test_the_heart_beats_without_news(tmp_path: Path) -> None:
    status = StatusWriter(tmp_path / "status.json", 5)
    first = json.loads((tmp_path / "status.json").read_text())["heartbeat"]
    status.update(state="running", step=2)
    deadline = time.monotonic() + 10
    while json.loads((tmp_path / "status.json").read_text())["step"] != 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    seen = json.loads((tmp_path / "status.json").read_text())
    assert seen["step"] == 2 and seen["heartbeat"] > first and seen["memory_mb"] > 1
    status.close("finished", "Finished.")
    assert read_run(tmp_path).state == "finished"


def test_runs_are_numbered_listed_and_asked_to_stop(tmp_path: Path) -> None:
    config = tiny_config(Path("pocket"), tmp_path, "lora")
    first = create_run(tmp_path / "runs", config)
    second = create_run(tmp_path / "runs", tiny_config(Path("pocket"), tmp_path, "textual-inversion"))
    assert [first.name, second.name] == ["0001-lora", "0002-textual-inversion"]
    views = list_runs(tmp_path / "runs")
    assert [view.id for view in views] == [first.name, second.name]
    assert (views[0].name, views[0].method, views[0].state) == ("small", "lora", "created")
    request_stop(first)
    assert (first / "stop").read_bytes() == b""
    with pytest.raises(RunError):
        request_stop(tmp_path / "none")
    assert list_runs(tmp_path / "none") == []


def test_a_run_folder_is_held_by_one_process(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    with folder.locked(), pytest.raises(RunError, match="another process"), folder.locked():
        pass
    with folder.locked():
        pass


def test_commands_run_this_python() -> None:
    assert run_command("c.yaml", "d")[:4] == [sys.executable, "-m", "training", "run"]
    assert generate_command("r.json", "out")[3:] == ["generate", "--request", "r.json", "--out", "out"]
