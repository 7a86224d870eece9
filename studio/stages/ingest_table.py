"""A metadata.jsonl beside pictures: captions, tags and rights of many pictures in one file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from studio.catalog import Catalog, Change
from studio.catalog.record import FileRow
from studio.errors import BadInput
from studio.formats.jsonl import TableRow, read_table
from studio.stages.find_files import FoundFile

if TYPE_CHECKING:
    from studio.stages.ingest_captions import Beside

_MOST_REPEATS = 10_000


def import_table(catalog: Catalog, file: FoundFile, beside: Beside, root: Path, notes: list[str]) -> int:
    """Take every good line for a picture that never had a caption; bad lines are told with their number."""
    try:
        table = read_table(file.path)
    except BadInput as error:
        _put(catalog, file, "refused", str(error))
        return 0
    problems = list(table.bad)
    changes: list[Change] = []
    extras: list[tuple[int, dict[str, Any]]] = []
    for row in table.rows:
        path = _inside(file.path.parent, row.file_name, root)
        if path is None or path not in beside.by_path:
            where = "leads out of the folder" if path is None else "is no picture here"
            problems.append((row.line, f'"{row.file_name}" {where}'))
            continue
        picture = beside.take(path)
        if picture:
            changes += _changes(picture.id, row)
            extras.append((picture.id, row.extra))
    said = [f"{file.name} line {number}: {reason}" for number, reason in sorted(problems)]
    notes += said
    with catalog.transaction():
        _put(catalog, file, "caption", "; ".join(said))
        for number, extra in extras:
            catalog.pictures.set_extra(number, extra)
        catalog.journal.apply(changes, by="import", label=f"Import {file.name}")
    return sum(change.field == "caption" for change in changes)


def _changes(picture_id: int, row: TableRow) -> list[Change]:
    """The row's caption and the columns that the studio knows, where they have the right type."""
    content = row.content
    changes = [Change(picture_id, "caption", row.text)] if row.text.strip() else []
    tags = content.get("tags")
    if isinstance(tags, list) and all(isinstance(tag, str) for tag in tags):
        changes.append(Change(picture_id, "tags", json.dumps([tag for tag in tags if tag])))
    for name in ("licence", "author"):
        if isinstance(content.get(name), str):
            changes.append(Change(picture_id, name, content[name]))
    repeats = content.get("repeats")
    if isinstance(repeats, int) and not isinstance(repeats, bool) and 1 <= repeats <= _MOST_REPEATS:
        changes.append(Change(picture_id, "repeats", str(repeats)))
    return changes


def _inside(folder: Path, name: str, root: Path) -> Path | None:
    """Where a row's picture lies, or None when that is outside the ingested folder."""
    if not name or "\x00" in name:
        return None
    path = (folder / name).resolve()
    return path if path.is_relative_to(root) else None


def _put(catalog: Catalog, file: FoundFile, state: Literal["caption", "refused"], reason: str) -> None:
    catalog.files.put([FileRow(str(file.path), file.name, file.size_bytes, file.mtime_ns, "", state, reason)])
