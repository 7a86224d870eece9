"""What a run tells the world: an event log that only grows, and a status file with a heartbeat."""

import json
import os
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from training.atomic_files import cannot_write, write_json_atomic
from training.errors import CannotWrite

SHORTEST_PAUSE = 0.5  # seconds between two writes of the status
HEARTBEAT = 2.0  # seconds after which an unchanged status is written again


class EventLog:
    """events.jsonl: one whole line for each event, appended."""

    def __init__(self, path: Path) -> None:
        self._path = path
        _drop_torn_line(path)

    def write(self, kind: str, **values: Any) -> None:
        """Append one event.

        Raises: CannotWrite when the disk is full.
        """
        line = json.dumps({"type": kind, **values}, ensure_ascii=True, allow_nan=False) + "\n"
        try:
            with self._path.open("ab") as file:
                file.write(line.encode("ascii"))
        except OSError as error:
            raise cannot_write(self._path, error) from error


class StatusWriter:
    """status.json, rewritten by a small thread so that even a long step shows a living heartbeat."""

    def __init__(self, path: Path, total: int) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._changed = threading.Event()
        self._closing = threading.Event()
        process = psutil.Process()
        self._process = process
        self._values: dict[str, Any] = {
            "state": "starting",
            "step": 0,
            "total": total,
            "pid": os.getpid(),
            # Numbers of processes are given out again; the start time tells two apart.
            "process_started": process.create_time(),
            "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "heartbeat": 0.0,
            "seconds_per_step": 0.0,
            "seconds_left": 0.0,
            "loss": None,
            "validation_loss": None,
            "best_step": None,
            "message": "Loading the base model.",
            "memory_mb": 0.0,
        }
        self._write()
        self._thread = threading.Thread(target=self._beat, name="status", daemon=True)
        self._thread.start()

    def update(self, **values: Any) -> None:
        """Change some values; they are on disk within about half a second."""
        with self._lock:
            self._values |= values
        self._changed.set()

    def close(self, state: str, message: str) -> None:
        """Stop the thread and write the last word.

        Raises: CannotWrite when the disk is full.
        """
        self._closing.set()
        self._changed.set()
        self._thread.join()
        with self._lock:
            self._values |= {"state": state, "message": message, "seconds_left": 0.0}
        self._write()

    def _beat(self) -> None:
        while not self._closing.wait(SHORTEST_PAUSE):
            self._changed.wait(HEARTBEAT)
            self._changed.clear()
            try:
                self._write()
            except CannotWrite as error:
                # The thread cannot end the run; the next checkpoint will meet the same disk and does.
                print(error, flush=True)

    def _write(self) -> None:
        with self._lock:
            self._values["heartbeat"] = time.time()
            self._values["memory_mb"] = round(self._process.memory_info().rss / 1e6, 1)
            values = dict(self._values)
        write_json_atomic(self._path, values)


def _drop_torn_line(path: Path) -> None:
    """Cut off a last line that a killed process did not finish."""
    if not path.exists():
        return
    with path.open("rb+") as file:
        content = file.read()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            file.truncate(whole)
