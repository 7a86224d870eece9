"""One finding of the check before a run."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Check:
    """What was looked at, what was found, and what to do about it (empty when all is well)."""

    level: Literal["ok", "warning", "error"]
    title: str
    detail: str
    fix: str = ""


def some_names(names: list[str], most: int = 3) -> str:
    """The first names of a list, and how many more there are."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
