"""Progress of a stage, written into its job's row where every tab sees it."""

from __future__ import annotations

import time

from studio.stages.progress import Counting
from studio.workspace import Dataset

EVERY_SECONDS = 0.5


class JobProgress(Counting):
    """Writes at most twice a second, and asks at most twice a second whether someone wants it to stop."""

    def __init__(self, dataset: Dataset, job_id: str) -> None:
        super().__init__()
        self._catalog = dataset.catalog()
        self._job_id = job_id
        self._written = self._asked = 0.0
        self._stop = False

    def start(self, total: int | None, what: str) -> None:
        super().start(total, what)
        self.message = what
        self._write(force=True)

    def step(self, n: int = 1, message: str = "") -> None:
        super().step(n, message)
        self._write()

    def note(self, sentence: str) -> None:
        super().note(sentence)
        print(sentence, flush=True)

    def stopped(self) -> bool:
        if not self._stop and time.monotonic() - self._asked > EVERY_SECONDS:
            self._asked = time.monotonic()
            self._stop = self._catalog.jobs.stop_requested(self._job_id)
        return self._stop

    def close(self) -> None:
        """Write the last state and let go of the catalog; `stopped` still answers."""
        self._write(force=True)
        self.stopped()
        self._asked = float("inf")
        self._catalog.close()

    def _write(self, force: bool = False) -> None:
        if not force and time.monotonic() - self._written < EVERY_SECONDS:
            return
        self._written = time.monotonic()
        self._catalog.jobs.update(
            self._job_id, done=self.done, total=self.total or 0, message=self.message, seconds_left=self.seconds_left
        )
