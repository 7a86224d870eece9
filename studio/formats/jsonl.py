"""`metadata.jsonl`: one JSON object a line, `\\n` between lines, ASCII-escaped."""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studio.errors import BadInput

OWN_KEYS = frozenset(
    ["file_name", "text", "width", "height", "sha256", "tags", "source", "licence", "author", "repeats"]
)
"""Keys that the studio writes itself; every other key of an imported row is kept as it is."""

PACKED_KEY = "extra"
"""The key under which an export packs what cannot be a column of its own, as the text of one JSON object."""

BYTE_LIMIT = 512 * 1024 * 1024
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One good line: which picture, its caption, and all keys as they stand there."""

    line: int
    file_name: str
    text: str
    content: Mapping[str, Any]

    @property
    def extra(self) -> dict[str, Any]:
        """The keys that the studio does not know; those that an export packed stand beside the others again."""
        unknown = {key: value for key, value in self.content.items() if key not in OWN_KEYS}
        packed = _unpacked(unknown.get(PACKED_KEY))
        if packed is None:
            return unknown
        del unknown[PACKED_KEY]
        return {**packed, **unknown}


@dataclass(slots=True)
class Table:
    """A read metadata.jsonl: good rows, and (line number, reason) of every bad line. Blank lines are no fault."""

    rows: list[TableRow] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)


def read_table(path: Path) -> Table:
    """Read every line; a bad one costs itself only.

    Raises: BadInput when the file cannot be read at all, or is UTF-16.
    """
    try:
        if path.stat().st_size > BYTE_LIMIT:
            raise BadInput(f"the table is larger than {BYTE_LIMIT // 2**20} MB. Split it.")
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"the table cannot be read ({error.strerror}). Check its access rights.") from error
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BadInput("the table is UTF-16. Save it as UTF-8.")
    table = Table()
    # Only \n ends a line: splitlines would also cut at U+2028 inside a caption.
    for number, line in enumerate(data.removeprefix(codecs.BOM_UTF8).split(b"\n"), start=1):
        if line.strip():
            _read_line(number, line, table)
    return table


def _read_line(number: int, line: bytes, table: Table) -> None:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        table.bad.append((number, f"is not UTF-8 ({error.reason} at byte {error.start + 1}). Save it as UTF-8"))
        return
    try:
        content = _parsed(text)
        whole = _is_text(content)
    except (ValueError, RecursionError) as error:
        table.bad.append((number, f"is not valid JSON ({error})"))
        return
    if not isinstance(content, dict):
        table.bad.append((number, "is not a JSON object"))
        return
    if not whole:
        table.bad.append((number, "holds half a character"))
        return
    for key in ("file_name", "text"):
        if not isinstance(content.get(key), str):
            trouble = "is missing" if key not in content else "is not a text"
            table.bad.append((number, f'"{key}" {trouble}'))
            return
    table.rows.append(TableRow(number, content["file_name"], content["text"], content))


def _unpacked(value: object) -> dict[str, Any] | None:
    """What an export packed into this value; None when it is anything else."""
    if not isinstance(value, str) or not value.startswith("{"):
        return None
    try:
        packed = _parsed(value)
        known = not isinstance(packed, dict) or OWN_KEYS & packed.keys()
        return packed if not known and _is_text(packed) else None
    except (ValueError, RecursionError):
        return None


def _parsed(text: str) -> Any:
    return json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError(f"{digits} is too large a number")
    return value


def _is_text(value: object) -> bool:
    """Whether no text in a JSON value, keys too, holds a lone surrogate: JSON can, a file or a catalog cannot."""
    if isinstance(value, str):
        return _HALF.search(value) is None
    if isinstance(value, dict):
        return all(_is_text(key) and _is_text(part) for key, part in value.items())
    return all(map(_is_text, value)) if isinstance(value, list) else True


def table_bytes(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows as the bytes of a metadata.jsonl; equal rows give equal bytes."""
    return "".join(json.dumps(row, ensure_ascii=True, allow_nan=False) + "\n" for row in rows).encode("ascii")
