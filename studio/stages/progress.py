"""How long work tells where it stands and learns that it should stop; the same for a terminal, a job and a test."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

_FIRST_ESTIMATE_SECONDS = 0.5


class Progress(Protocol):
    """What a stage calls while it works. Stages ask `stopped` between two units and end cleanly."""

    def start(self, total: int | None, what: str) -> None:
        """Begin a part of the work: `total` units (None when unknown) of `what` ("pictures")."""

    def step(self, n: int = 1, message: str = "") -> None:
        """`n` more units are done; `message` names the last one."""

    def note(self, sentence: str) -> None:
        """Say something that the user should read, such as a refused file and its reason."""

    def stopped(self) -> bool:
        """Whether someone asked to stop."""
        ...


class Counting:
    """Counts units and estimates the time left; base of every Progress that shows something."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self.total: int | None = None
        self.done = 0
        self.what = ""
        self.message = ""
        self.notes: list[str] = []

    def start(self, total: int | None, what: str) -> None:
        self.total, self.what, self.done, self.message = total, what, 0, ""
        self._began = self._clock()

    def step(self, n: int = 1, message: str = "") -> None:
        self.done += n
        self.message = message or self.message

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)

    def stopped(self) -> bool:
        return False

    @property
    def per_second(self) -> float:
        """Units a second since `start`; 0 before the first one."""
        seconds = self._clock() - self._began
        return self.done / seconds if self.done and seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Time left in seconds at the rate so far, or None while nothing is known about it."""
        if self.total is None or not self.done or self._clock() - self._began < _FIRST_ESTIMATE_SECONDS:
            return None
        return max(self.total - self.done, 0) / self.per_second


class Silent(Counting):
    """Counts and says nothing: for scripts and tests."""
