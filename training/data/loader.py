"""From examples to batches: order, flips, captions and encoded pictures, all from states that can be saved."""

import random
from collections.abc import Callable
from dataclasses import dataclass

import torch

from training.config.data import DataConfig
from training.data.batch_order import BatchOrder
from training.data.examples import Example, LatentStore
from training.data.read_dataset import Row

Words = Callable[[Row, random.Random], str]


@dataclass(frozen=True)
class Batch:
    """Pictures of one bucket: latents [B, C, h, w], B captions, and sizes [B, 6] in pixels."""

    latents: torch.Tensor
    captions: list[str]
    sizes: torch.Tensor


class BatchLoader:
    """The training batches. `order` and `chance` hold all that decides what comes next."""

    def __init__(
        self, examples: list[Example], latents: LatentStore, data: DataConfig, words: Words, seed: int
    ) -> None:
        self.order = BatchOrder(
            [example.bucket for example in examples],
            [example.row.repeats for example in examples],
            data.batch_size,
            seed,
        )
        self.chance = random.Random(f"{seed}/captions and flips")
        self._examples = examples
        self._latents = latents
        self._data = data
        self._words = words

    def next_batch(self) -> Batch:
        """The next full batch.

        Raises: DataError when a picture is damaged.
        """
        return self._collate([self._examples[index] for index in self.order.next_batch()])

    def _collate(self, examples: list[Example]) -> Batch:
        latents, captions = [], []
        for example in examples:
            flipped = self._data.flip and self.chance.random() < 0.5
            dropped = self.chance.random() < self._data.caption_dropout
            words = self._words(example.row, self.chance)
            latents.append(self._latents.get(example, flipped))
            captions.append("" if dropped else words)
        sizes = torch.tensor([example.sizes for example in examples], dtype=torch.float32)
        return Batch(torch.stack(latents), captions, sizes)
