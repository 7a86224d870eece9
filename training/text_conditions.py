"""What the UNet attends to for each caption: encoded once and kept, or anew while the text side is learned."""

from functools import partial

import torch

from training.data.cache import TensorCache, cache_key, modules_digest
from training.families.family import Condition, Family


class TextConditions:
    """Conditions of captions on the family's device."""

    def __init__(self, family: Family, cache: TensorCache, live: bool) -> None:
        self._family = family
        self._cache = cache
        self._live = live
        self._model = modules_digest(family.text_encoders) if cache.folder and not live else ""

    def get(self, captions: list[str]) -> Condition:
        """The condition of a batch; differentiable when the text side is learned."""
        if self._live:
            return self._family.encode_text(captions)
        # One caption at a time, so that its numbers never depend on its neighbours.
        entries = [self._cache.get(self._key(caption), partial(self._encode, caption)) for caption in captions]
        device = self._family.device
        return {name: torch.stack([entry[name] for entry in entries]).to(device) for name in entries[0]}

    def _key(self, caption: str) -> str:
        return cache_key("text", self._model, caption)

    def _encode(self, caption: str) -> Condition:
        with torch.no_grad():
            return {name: value[0] for name, value in self._family.encode_text([caption]).items()}
