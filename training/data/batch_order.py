"""Which pictures make the next batch: seeded, by bucket, with its whole state in the open for exact resume."""

import random
from dataclasses import asdict, dataclass, field
from typing import Any

from training.data.buckets import Bucket


@dataclass
class OrderState:
    """Where the order stands: this epoch's permutation, the place in it, and pictures waiting for a full batch."""

    epoch: int = -1
    permutation: list[int] = field(default_factory=list)
    position: int = 0
    waiting: dict[str, list[int]] = field(default_factory=dict)


class BatchOrder:
    """An endless stream of full batches, each of one bucket.

    A bucket rarely divides into batches. Its last pictures of an epoch wait and are joined by the next epoch's, so
    every batch is full and every picture is seen equally often; no picture is dropped or shown twice to fill up.
    """

    def __init__(self, buckets: list[Bucket], repeats: list[int], batch_size: int, seed: int) -> None:
        self._buckets = [bucket.name for bucket in buckets]
        self._repeats = repeats
        self._batch_size = batch_size
        self._seed = seed
        self._state = OrderState()

    @property
    def epoch(self) -> int:
        """Number of the pass over the pictures, from 0."""
        return max(0, self._state.epoch)

    def next_batch(self) -> list[int]:
        """Indices of the next batch's pictures, `batch_size` of them."""
        state = self._state
        while True:
            if state.position >= len(state.permutation):
                self._start_epoch()
            index = state.permutation[state.position]
            state.position += 1
            waiting = state.waiting.setdefault(self._buckets[index], [])
            waiting.append(index)
            if len(waiting) == self._batch_size:
                return state.waiting.pop(self._buckets[index])

    def state(self) -> dict[str, Any]:
        """Everything needed to go on later, as plain JSON."""
        return asdict(self._state)

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what `state()` returned."""
        self._state = OrderState(**state)

    def _start_epoch(self) -> None:
        state = self._state
        state.epoch += 1
        indices = [index for index, times in enumerate(self._repeats) for _ in range(times)]
        random.Random(f"{self._seed}/{state.epoch}").shuffle(indices)
        state.permutation, state.position = indices, 0
