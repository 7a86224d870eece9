"""One worker process as its owner sees it: start, ask, hear, kill."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PROJECT_ROOT = str(Path(__file__).resolve().parents[2])
_SINGLE_THREADED = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


@dataclass(frozen=True, slots=True)
class Report:
    """An answer of a worker, or None as its last word when it has ended."""

    sender: ReaderProcess
    answer: dict[str, Any] | None


class ReaderProcess:
    """A running `studio.pictures.worker`; its answers arrive in the `reports` queue that it was given."""

    def __init__(self, seconds: float, memory_bytes: int, reports: queue.SimpleQueue[Report]) -> None:
        command = [sys.executable, "-P", "-m", "studio.pictures.worker"]
        command += [str(seconds), str(memory_bytes)]
        search_path = os.pathsep.join(filter(None, [_PROJECT_ROOT, os.environ.get("PYTHONPATH")]))
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **_SINGLE_THREADED, "PYTHONPATH": search_path},
        )
        self.is_ready = False
        self.path: Path | None = None
        self.waiting_since = time.monotonic()
        threading.Thread(target=self._listen, args=(reports,), daemon=True).start()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def ask(self, path: Path) -> bool:
        """Hand over a path; False when the worker is dead already and never got it."""
        request = json.dumps({"path": str(path)}).encode("ascii") + b"\n"
        try:
            assert self._process.stdin is not None
            self._process.stdin.write(request)
            self._process.stdin.flush()
        except OSError:
            return False
        self.path = path
        self.waiting_since = time.monotonic()
        return True

    def waited(self) -> float:
        """Return for how many seconds the current file, or the start, has taken."""
        return time.monotonic() - self.waiting_since

    def kill(self) -> None:
        """End the process at once and wait for it."""
        self._process.kill()
        self.exit_code()
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # the last request may still be in the buffer
            self._process.stdin.close()

    def exit_code(self) -> int:
        """Wait for the process and return its exit code, negative for a signal."""
        return self._process.wait()

    def ran_out_of_time(self) -> bool:
        """Tell whether the system ended the process for its processor time."""
        return self.exit_code() == -getattr(signal, "SIGXCPU", 0) != 0

    def _listen(self, reports: queue.SimpleQueue[Report]) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as answers:
            for line in answers:
                try:
                    answer = json.loads(line)
                except ValueError:  # half a line of a worker that was killed while it wrote
                    break
                reports.put(Report(self, answer))
        reports.put(Report(self, None))
