"""Token counts of captions, with the real tokenizer of the models."""

from __future__ import annotations

from studio.catalog import Catalog

_CHUNK = 1000


def ensure_tokens(catalog: Catalog) -> int:
    """Count the tokens of every caption that has no count yet; returns how many were counted."""
    counted = 0
    while pictures := catalog.pictures.uncounted(_CHUNK):
        from training import count_tokens  # late: the tokenizer takes a moment to load

        tokens = count_tokens([picture.caption for picture in pictures])
        rows = [(p.id, p.caption_rev, n) for p, n in zip(pictures, tokens, strict=True)]
        catalog.pictures.set_tokens(rows)
        counted += len(rows)
    return counted
