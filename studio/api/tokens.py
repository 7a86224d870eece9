"""CLIP token counts for captions; the tokenizer takes a second to load, so it is warmed in the background."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache

from studio.catalog import Catalog

_BATCH = 2000
_COUNT_NOW = 4000
_counting = threading.Lock()


def count(texts: Sequence[str]) -> list[int]:
    """Tokens of each text without start and end."""
    if not any(texts):
        return [0] * len(texts)
    from training import count_tokens  # late: loads the tokenizer

    return count_tokens(list(texts))


@lru_cache(maxsize=1)
def warm() -> None:
    """Load the tokenizer in a daemon thread, once, so that the first edit does not wait for it."""
    threading.Thread(target=count, args=(["a"],), name="tokenizer", daemon=True).start()


def count_missing(catalog: Catalog, limit: int = _COUNT_NOW) -> bool:
    """Count captions that were written elsewhere, at most `limit`; returns whether some are left.

    Two requests at once would do the same work twice: the second one goes on without waiting.
    """
    if not _counting.acquire(blocking=False):
        return True
    try:
        for _ in range(0, limit, _BATCH):
            pictures = catalog.pictures.uncounted(_BATCH)
            if not pictures:
                return False
            counted = count([picture.caption for picture in pictures])
            catalog.pictures.set_tokens(
                (picture.id, picture.caption_rev, tokens) for picture, tokens in zip(pictures, counted, strict=True)
            )
        return bool(catalog.pictures.uncounted(1))
    finally:
        _counting.release()
