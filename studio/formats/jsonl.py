"""`metadata.jsonl`: one JSON object a line, `\\n` between lines, ASCII-escaped."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studio.errors import BadInput

OWN_KEYS = frozenset(
    ["file_name", "text", "width", "height", "sha256", "tags", "source", "licence", "author", "repeats"]
)
"""Keys that the studio writes itself; every other key of an imported row is kept as it is."""

BYTE_LIMIT = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class TableRow:
    """One good line: which picture, its caption, and all keys as they stand there."""

    line: int
    file_name: str
    text: str
    content: Mapping[str, Any]

    @property
    def extra(self) -> dict[str, Any]:
        """The keys that the studio does not know."""
        return {key: value for key, value in self.content.items() if key not in OWN_KEYS}


@dataclass(slots=True)
class Table:
    """A read metadata.jsonl: good rows, and (line number, reason) of every bad line. Blank lines are no fault."""

    rows: list[TableRow] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)


def read_table(path: Path) -> Table:
    """Read every line; a bad one costs itself only.

    Raises: BadInput when the file cannot be read as UTF-8 text at all.
    """
    try:
        if path.stat().st_size > BYTE_LIMIT:
            raise BadInput(f"{path.name}: larger than {BYTE_LIMIT // 2**20} MB. Split it.")
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path.name}: cannot be read ({error}). Save it as UTF-8.") from error
    table = Table()
    # Only \n ends a line: splitlines would also cut at U+2028 inside a caption.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            _read_line(number, line, table)
    return table


def _read_line(number: int, line: str, table: Table) -> None:
    try:
        content = json.loads(line, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        table.bad.append((number, f"is not valid JSON ({error})"))
        return
    if not isinstance(content, dict):
        table.bad.append((number, "is not a JSON object"))
        return
    for key in ("file_name", "text"):
        if not isinstance(content.get(key), str):
            trouble = "is missing" if key not in content else "is not a text"
            table.bad.append((number, f'"{key}" {trouble}'))
            return
        if not _is_text(content[key]):
            table.bad.append((number, f'"{key}" holds half a character'))
            return
    table.rows.append(TableRow(number, content["file_name"], content["text"], content))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _is_text(value: str) -> bool:
    """A lone surrogate can stand in JSON, but not in a file or a catalog."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def table_bytes(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows as the bytes of a metadata.jsonl; equal rows give equal bytes."""
    return "".join(json.dumps(row, ensure_ascii=True, allow_nan=False) + "\n" for row in rows).encode("ascii")
