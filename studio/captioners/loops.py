"""Tell captions in which a model got stuck: the same word or phrase again and again."""

from __future__ import annotations

import re

_SAME_WORD = 6
_SAME_PHRASE = 4
_LONGEST_PHRASE = 4


def repeats_itself(caption: str) -> bool:
    """Whether one word follows itself six times, or a phrase of up to four words four times."""
    words = re.findall(r"\w+", caption.lower())
    return any(
        _runs(words, length, _SAME_WORD if length == 1 else _SAME_PHRASE) for length in range(1, _LONGEST_PHRASE + 1)
    )


def _runs(words: list[str], length: int, times: int) -> bool:
    """Whether any `length` words stand `times` in a row."""
    return any(
        words[start : start + length * times] == words[start : start + length] * times
        for start in range(len(words) - length * times + 1)
    )
