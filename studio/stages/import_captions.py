"""Captions and decisions from a table that a person wrote: a CSV with a column that names the picture."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from studio.catalog import Catalog, Change, Picture, Query
from studio.errors import BadInput
from studio.stages.tokens import ensure_tokens
from studio.workspace import Dataset

NAME_COLUMNS = ("name", "file_name", "path", "sha256")
_DELIMITERS = (",", ";", "\t")
"""Spreadsheets write semicolons where the comma is the decimal sign."""
_DECISIONS = ("keep", "reject", "undecided")
_REASON = "imported decision"


@dataclass(slots=True)
class ImportReport:
    """How many captions and decisions changed, and (line number, reason) of every line that was not used."""

    captions: int = 0
    decisions: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)


def import_captions(dataset: Dataset, csv_path: Path) -> ImportReport:
    """Take over a CSV (UTF-8, with a header, cells parted by commas, semicolons or tabs) as one operation for `undo`.

    A picture is named in the column name, file_name, path or sha256; `caption` and `decision` hold what to set,
    and an empty cell changes nothing. A name without folders is enough where it is unique.

    Raises: BadInput when the file cannot be read or has no such columns.
    """
    lines, column = _read(csv_path)
    report = ImportReport()
    with dataset.catalog() as catalog:
        pictures = _Finder(catalog)
        changes: list[Change] = []
        seen: dict[int, int] = {}
        for number, row in lines:
            problem = _take(number, row, column, pictures, seen, changes)
            if problem:
                report.problems.append((number, problem))
        applied = catalog.journal.apply(changes, by="import", label=f"Import {csv_path.name}")
        ensure_tokens(catalog)
    done = [result.field for result in applied.results if result.state == "ok"]
    report.captions, report.decisions = done.count("caption"), done.count("decision")
    return report


def _read(path: Path) -> tuple[list[tuple[int, dict[str, str]]], str]:
    """All rows with the number of the line they end on, and the column that names the picture."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", delimiter=_delimiter(text), strict=True)
        columns = _columns(reader.fieldnames or [])
        reader.fieldnames = columns
        lines = [(reader.line_num, row) for row in reader]
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror}). Check the path.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path.name}: is no CSV in UTF-8 ({error}). Save it again as CSV UTF-8.") from error
    if not _is_header(columns):
        raise BadInput(
            f"{path.name}: its columns are {', '.join(columns) or 'missing'}. One of {', '.join(NAME_COLUMNS)} is "
            "needed, and caption or decision."
        )
    return lines, next(name for name in NAME_COLUMNS if name in columns)


def _delimiter(text: str) -> str:
    """What parts the cells: the first character that makes a header we know out of the first line, else a comma."""
    for delimiter in _DELIMITERS:
        header = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
        if _is_header(_columns(header)):
            return delimiter
    return _DELIMITERS[0]


def _columns(header: Sequence[str]) -> list[str]:
    return [name.strip().lower() for name in header]


def _is_header(columns: list[str]) -> bool:
    return not set(NAME_COLUMNS).isdisjoint(columns) and not {"caption", "decision"}.isdisjoint(columns)


def _take(
    number: int,
    row: Mapping[str, str],
    column: str,
    pictures: _Finder,
    seen: dict[int, int],
    changes: list[Change],
) -> str:
    """Add the changes of one line; returns what is wrong with it, or an empty text."""
    name = (row.get(column) or "").strip()
    if "" in row:
        return "has more cells than the header. Put texts with commas or semicolons in quotes"
    found = pictures.find(name)
    if len(found) != 1:
        return f"{name!r} names {'no picture' if not found else f'{len(found)} pictures'} of this dataset"
    picture = found[0]
    if picture.id in seen:
        return f"{name!r} stands in line {seen[picture.id]} already; that one was used"
    caption, decision = row.get("caption") or "", (row.get("decision") or "").strip().lower()
    if decision and decision not in _DECISIONS:
        return f"{decision!r} is no decision. Use {', '.join(_DECISIONS)}"
    seen[picture.id] = number
    if caption.strip():
        changes.append(Change(picture.id, "caption", caption))
    if decision and decision != picture.decision:
        changes.append(Change(picture.id, "decision", decision, reason=_REASON))
    return ""


class _Finder:
    """Pictures by everything a person may call them."""

    def __init__(self, catalog: Catalog) -> None:
        self._by_word: dict[str, list[Picture]] = defaultdict(list)
        self._by_file_name: dict[str, list[Picture]] = defaultdict(list)
        for picture in catalog.pictures.each(Query(decisions=())):
            for word in {picture.name, picture.source, picture.sha256}:
                self._by_word[word].append(picture)
            self._by_file_name[picture.name.rsplit("/", 1)[-1]].append(picture)

    def find(self, word: str) -> list[Picture]:
        word = word.replace("\\", "/") if word not in self._by_word else word
        found: Iterable[Picture] = self._by_word.get(word) or self._by_file_name.get(word, [])
        return list(found)
