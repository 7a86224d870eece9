"""Keys of imported rows that the studio does not know: which become columns of an export, and which go as JSON text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from studio.catalog import Picture
from studio.formats.jsonl import PACKED_KEY

_EMPTY_OF: dict[type, Any] = {str: "", bool: False, int: 0, float: 0.0}
_TAKEN = frozenset(["", "image", "images", "file_names", "_type", PACKED_KEY])
_NAMES_A_FILE = ("_file_name", "_file_names")
# Arrow reads a text that begins like this as a time where a whole split has such texts, and as a text elsewhere.
_LIKE_A_TIME = re.compile(r"\s*\d{4}-\d{2}-\d{2}")
_LARGEST = 2**63


@dataclass(frozen=True, slots=True)
class ExtraColumns:
    """`empty` maps a column to what stands for "none" in it; `packed` are the keys that share one JSON text."""

    empty: dict[str, Any]
    packed: tuple[str, ...]

    def of(self, picture: Picture) -> dict[str, Any]:
        """The picture's values for all columns; never null, and the same type in every row of an export."""
        content = {key: picture.extra.get(key, empty) for key, empty in self.empty.items()}
        if self.packed:
            rest = {key: picture.extra[key] for key in self.packed if key in picture.extra}
            content[PACKED_KEY] = json.dumps(rest, sort_keys=True, ensure_ascii=True, allow_nan=False)
        return content


def extra_columns(pictures: list[Picture]) -> ExtraColumns:
    """Sort the keys of all pictures: a column needs a free name and values of one type that readers know."""
    values: dict[str, list[Any]] = {}
    for picture in pictures:
        for key, value in picture.extra.items():
            values.setdefault(key, []).append(value)
    empty = {key: _empty_like(values[key]) for key in sorted(values) if not _is_taken(key)}
    columns = {key: value for key, value in empty.items() if value is not None}
    return ExtraColumns(columns, tuple(sorted(set(values) - set(columns))))


def _is_taken(key: str) -> bool:
    """Names that Hugging Face `datasets` reads as its own, or as the name of another file."""
    return key in _TAKEN or key.endswith(_NAMES_A_FILE)


def _empty_like(values: list[Any]) -> Any:
    """What stands for "none" beside these values; None when they are no column.

    An empty list has no type for readers that look at one split only, so a list holds one empty value instead.
    """
    if values and all(isinstance(value, list) for value in values):
        inner = _empty_of_plain([part for value in values for part in value])
        return None if inner is None or [] in values else [inner]
    return _empty_of_plain(values)


def _empty_of_plain(values: list[Any]) -> Any:
    kinds = {type(value) for value in values}
    if len(kinds) != 1 or any(_is_read_otherwise(value) for value in values):
        return None
    return _EMPTY_OF.get(kinds.pop())


def _is_read_otherwise(value: Any) -> bool:
    """Whether readers give this value another type than its like."""
    if isinstance(value, str):
        return _LIKE_A_TIME.match(value) is not None
    return isinstance(value, int) and not -_LARGEST <= value < _LARGEST
