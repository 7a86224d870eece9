"""What the command line prints: plain lines for people, JSON for scripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from studio.as_json import plain


def say(line: str = "") -> None:
    """Print one line for a person, as it is; characters the terminal cannot show are replaced."""
    encoding = sys.stdout.encoding or "utf-8"
    print(line.encode(encoding, "replace").decode(encoding), flush=True)


def warn(line: str) -> None:
    """Print one line to standard error."""
    encoding = sys.stderr.encoding or "utf-8"
    print(line.encode(encoding, "replace").decode(encoding), file=sys.stderr, flush=True)


def say_json(value: Any) -> None:
    """Print a value as JSON: dataclasses become objects, paths become texts."""
    print(json.dumps(plain(value), indent=2), flush=True)


def say_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print aligned columns; numbers to the right."""
    cells = [[str(cell) for cell in row] for row in rows]
    if not cells:
        return
    widths = [max(len(text) for text in column) for column in zip(head, *cells, strict=True)]
    right = [all(_is_number(row[place]) for row in cells) for place in range(len(head))]
    for row in [list(head), *cells]:
        parts = [
            text.rjust(width) if on_right else text.ljust(width)
            for text, width, on_right in zip(row, widths, right, strict=True)
        ]
        say("  ".join(parts).rstrip())


def count(number: int, noun: str) -> str:
    """`1 picture`, `3 pictures`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {_plural(noun)}"


def _plural(noun: str) -> str:
    return noun[:-1] + "ies" if noun.endswith("y") else noun + "s"


def _is_number(text: str) -> bool:
    return text.replace(",", "").replace(".", "", 1).replace("-", "", 1).rstrip(" %").isdigit()
