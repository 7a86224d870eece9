"""Progress on the terminal: a bar with time left where there is one, a line now and then elsewhere."""

from __future__ import annotations

import signal
import sys
import time
from types import FrameType, TracebackType
from typing import Any

from studio.cli.output import warn

_LINE_EVERY_SECONDS = 10.0


class ConsoleProgress:
    """Shows a stage's progress on standard error; implements `stages.progress.Progress`. Use it in a `with` block.

    The first Ctrl+C asks the stage to stop cleanly, the second ends it. `notes=False` leaves notes to the caller, who
    prints them with its report.
    """

    def __init__(self, quiet: bool = False, notes: bool = True) -> None:
        self._quiet = quiet
        self._notes = notes
        self._bar: Any = None
        self._task: Any = None
        self._done, self._total, self._what = 0, 0, ""
        self._last_line = 0.0
        self._stop = False
        self._handler: Any = None

    @property
    def total(self) -> int:
        """Units of the work in hand, 0 when unknown."""
        return self._total

    def start(self, total: int | None, what: str) -> None:
        self._done, self._total, self._what = 0, total or 0, what
        if self._quiet:
            return
        if sys.stderr.isatty():
            self._show_bar(total, what)
        else:
            warn(f"{what} ..." if total is None else f"{what}: {total} to do")
            self._last_line = time.monotonic()

    def step(self, n: int = 1, message: str = "") -> None:
        self._done += n
        if self._quiet:
            return
        if self._bar is not None:
            self._bar.update(self._task, advance=n)
        elif time.monotonic() - self._last_line > _LINE_EVERY_SECONDS:
            self._last_line = time.monotonic()
            done = f"{self._done} of {self._total}" if self._total else f"{self._done}"
            warn(f"{self._what}: {done}{', ' + message if message else ''}")

    def note(self, sentence: str) -> None:
        if self._quiet or not self._notes:
            return
        if self._bar is not None:
            self._bar.console.print(sentence, markup=False, highlight=False)
        else:
            warn(sentence)

    def stopped(self) -> bool:
        return self._stop

    def __enter__(self) -> ConsoleProgress:
        self._handler = signal.signal(signal.SIGINT, self._interrupted)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None):
        signal.signal(signal.SIGINT, self._handler)
        if self._bar is not None:
            self._bar.stop()

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        if self._stop:
            raise KeyboardInterrupt
        self._stop = True
        warn("Stopping after the work in hand; what is done is kept. Ctrl+C again ends at once.")

    def _show_bar(self, total: int | None, what: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        if self._bar is None:
            columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
            self._bar = Progress(*columns, TimeRemainingColumn(compact=True), console=Console(stderr=True))
            self._bar.start()
        self._task = self._bar.add_task(what, total=total)
