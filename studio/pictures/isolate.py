"""Measure untrusted files in worker processes: a decoder that dies, hangs or swallows memory costs one file.

Workers are plain subprocesses that speak JSON lines, so nothing of the caller is imported or copied into them.
"""

from __future__ import annotations

import os
import queue
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from studio.errors import ReadersFailed
from studio.pictures.facts import PictureFacts, Refusal
from studio.pictures.reader_process import ReaderProcess, Report
from studio.pictures.worker_messages import answer_from_json

Outcome = tuple[Path, PictureFacts | Refusal]

_FAILED_STARTS_ALLOWED = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: wall-clock seconds, and bytes of memory of the process that decodes it (POSIX)."""

    seconds: float = 20
    memory_bytes: int = 1_500_000_000
    start_seconds: float = 120


DEFAULT_LIMITS = Limits()


def measure_files(
    paths: Iterable[Path], workers: int | None = None, limits: Limits = DEFAULT_LIMITS
) -> Iterator[Outcome]:
    """Yield every path with its facts or its refusal, in the order in which they are ready.

    `paths` is read as work gets done, a few ahead. `workers` defaults to the number of processors. Closing the
    generator ends the workers.

    Raises:
        ReadersFailed: the worker processes do not start at all; never because of a file.
    """
    pool = _Pool(iter(paths), max(1, workers or os.cpu_count() or 1), limits)
    try:
        yield from pool.outcomes()
    finally:
        pool.close()


class _Pool:
    """A few workers, each with at most one file in hand, and the paths still to come."""

    def __init__(self, paths: Iterator[Path], size: int, limits: Limits) -> None:
        self._paths = paths
        self._size = size
        self._limits = limits
        self._reports: queue.SimpleQueue[Report] = queue.SimpleQueue()
        self._workers: list[ReaderProcess] = []
        self._waiting: deque[Path] = deque()
        self._failed_starts = 0

    def outcomes(self) -> Iterator[Outcome]:
        """Work through all paths."""
        self._fill()
        while self._waiting or any(worker.path for worker in self._workers):
            for outcome in [*self._heard(), *self._overdue()]:
                self._fill()  # the workers go on while the caller thinks about this outcome
                yield outcome
            self._fill()

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.kill()
        self._workers.clear()

    def _fill(self) -> None:
        """Give every idle worker a path, and start workers while more paths are waiting than workers starting."""
        self._waiting.extend(islice(self._paths, self._size - len(self._waiting)))
        for worker in [each for each in self._workers if each.is_ready and each.path is None]:
            if self._waiting and worker.ask(self._waiting[0]):
                self._waiting.popleft()
        starting = sum(not worker.is_ready for worker in self._workers)
        missing = min(self._size - len(self._workers), len(self._waiting) - starting)
        for _ in range(missing):
            limits = self._limits
            self._workers.append(ReaderProcess(limits.seconds, limits.memory_bytes, self._reports))

    def _heard(self) -> Iterator[Outcome]:
        """Wait for the next report or deadline, then take all reports that are there."""
        try:
            reports = [self._reports.get(timeout=self._until_deadline())]
        except queue.Empty:
            return
        while not self._reports.empty():
            reports.append(self._reports.get())
        for report in reports:
            if report.sender in self._workers:
                yield from self._take(report)

    def _take(self, report: Report) -> Iterator[Outcome]:
        worker = report.sender
        if report.answer is None:
            yield from self._bury(worker)
        elif not worker.is_ready:
            worker.is_ready, self._failed_starts = True, 0
        elif worker.path is not None:
            outcome = answer_from_json(report.answer)
            path, worker.path = worker.path, None
            if isinstance(outcome, Refusal) and outcome.code == "memory":
                self._drop(worker)  # a fresh process has no crumbled memory
            yield path, outcome

    def _bury(self, worker: ReaderProcess) -> Iterator[Outcome]:
        """Remove a worker that ended by itself; the file in its hands is refused."""
        if not worker.is_ready:
            self._count_failed_start()
        path = worker.path
        self._drop(worker)
        if path is not None:
            yield path, self._time_over(path) if worker.ran_out_of_time() else _died(path, worker.exit_code())

    def _overdue(self) -> Iterator[Outcome]:
        """Kill workers that take too long; no signal of Python's reaches a decoder written in C."""
        for worker in [each for each in self._workers if self._seconds_left(each) <= 0]:
            if not worker.is_ready:
                self._count_failed_start()
            path = worker.path
            self._drop(worker)
            if path is not None:
                yield path, self._time_over(path)

    def _drop(self, worker: ReaderProcess) -> None:
        self._workers.remove(worker)
        worker.kill()

    def _seconds_left(self, worker: ReaderProcess) -> float:
        if not worker.is_ready:
            return self._limits.start_seconds - worker.waited()
        return self._limits.seconds - worker.waited() if worker.path is not None else float("inf")

    def _until_deadline(self) -> float:
        return max(0.0, min([60.0, *(self._seconds_left(worker) for worker in self._workers)]))

    def _count_failed_start(self) -> None:
        self._failed_starts += 1
        if self._failed_starts > _FAILED_STARTS_ALLOWED:
            raise ReadersFailed(
                "The processes that read pictures do not start. See why with: python -m studio.pictures.worker 20 "
                f"{self._limits.memory_bytes}"
            )

    def _time_over(self, path: Path) -> Refusal:
        cause = f"reading it took longer than {self._limits.seconds:g} seconds"
        return _refused(path, "time", cause, "Save it again in a picture editor, or remove it.")


def _died(path: Path, exit_code: int) -> Refusal:
    """Return the refusal of a file on which a decoder ended its whole process."""
    try:
        how = signal.Signals(-exit_code).name if exit_code < 0 else f"exit code {exit_code}"
    except ValueError:
        how = f"signal {-exit_code}"
    return _refused(path, "crash", f"the decoder died on it ({how})", "Save it again in a picture editor.")


def _refused(path: Path, code: str, cause: str, advice: str) -> Refusal:
    try:
        status = path.stat()
    except OSError:
        return Refusal(code, cause, advice)
    return Refusal(code, cause, advice, size_bytes=status.st_size, mtime_ns=status.st_mtime_ns)
