"""Progress of a job's process, written into its row of the catalog."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from studio.stages.progress import Counting
from studio.workspace import Dataset

_WRITE_SECONDS = 0.5
_ASK_SECONDS = 0.25
_BEAT_SECONDS = 1.0
_CODES = {"finished": 0, "stopped": 3, "failed": 1}


class JobProgress(Counting):
    """Writes at most twice a second, beats once a second from a thread, and asks the row whether to stop."""

    def __init__(self, dataset: Dataset, job_id: str) -> None:
        super().__init__()
        self._dataset = dataset
        self._job_id = job_id
        self._ended = threading.Event()
        self._beat = threading.Thread(target=self._keep_beating, daemon=True)
        self._written = self._asked = 0.0
        self._stop = False

    def __enter__(self) -> JobProgress:
        self._beat.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None):
        self._ended.set()
        self._beat.join()

    def start(self, total: int | None, what: str) -> None:
        super().start(total, what)
        self._write(what)

    def step(self, n: int = 1, message: str = "") -> None:
        super().step(n, message)
        if time.monotonic() - self._written >= _WRITE_SECONDS:
            self._write(self.message)

    def note(self, sentence: str) -> None:
        """Notes go to the log; the report that the job leaves holds them too."""
        super().note(sentence)
        print(sentence, flush=True)

    def stopped(self) -> bool:
        if not self._stop and time.monotonic() - self._asked >= _ASK_SECONDS:
            self._asked = time.monotonic()
            with self._dataset.catalog() as catalog:
                self._stop = catalog.jobs.stop_requested(self._job_id)
        return self._stop

    def ask_to_stop(self) -> None:
        """Called by a signal; the stage ends cleanly at its next look."""
        self._stop = True

    def end(self, state: str, message: str, result: Mapping[str, Any] | None = None) -> int:
        """Write how the job ended and return the exit code that says the same."""
        self._ended.set()
        self._beat.join()
        counts = {"done": self.done, "total": self.total or 0, "seconds_left": None}
        self._update(state=state, message=message, result=dict(result or {}), **counts)
        return _CODES[state]

    def _write(self, message: str) -> None:
        self._written = time.monotonic()
        self._update(done=self.done, total=self.total or 0, message=message, seconds_left=self.seconds_left)

    def _keep_beating(self) -> None:
        while not self._ended.wait(_BEAT_SECONDS):
            self._update()

    def _update(self, **values: object) -> None:
        with self._dataset.catalog() as catalog:
            catalog.jobs.update(self._job_id, heartbeat=time.time(), **values)
