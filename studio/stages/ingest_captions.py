"""Captions that lie beside pictures (.txt, .caption, metadata.jsonl) fill pictures that never had one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from studio.catalog import Catalog, Change, Query
from studio.catalog.record import FileRow, Picture
from studio.errors import BadInput
from studio.formats.sidecars import read_caption_file
from studio.stages.find_files import FoundFile, FoundFiles
from studio.stages.ingest_table import import_table

State = Literal["caption", "ignored", "refused"]
_BATCH = 64


@dataclass(slots=True)
class Beside:
    """The pictures of an ingested folder, and which of them may take a caption: those that never had one."""

    by_path: dict[Path, str]
    fresh: dict[str, Picture]
    _by_stem: dict[str, list[Path]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for path in sorted(self.by_path):
            self._by_stem[_stem(path)].append(path)

    def of_stem(self, path: Path) -> list[Path]:
        """Pictures in the same folder whose name differs from this one only in its ending."""
        return self._by_stem.get(_stem(path), [])

    def take(self, path: Path) -> Picture | None:
        """The picture at this path when it still waits for its first caption; it is given out once."""
        return self.fresh.pop(self.by_path.get(path, ""), None)

    def waits(self, path: Path) -> bool:
        return self.by_path.get(path, "") in self.fresh


def import_captions_beside(catalog: Catalog, root: Path, found: FoundFiles) -> tuple[int, list[str]]:
    """Import what is new; returns how many captions were imported, and sentences for the user.

    A text and the row that says it was read land in one transaction, so a crash repeats nothing.
    """
    beside = _beside(catalog, root)
    known = catalog.files.known()
    notes: list[str] = []
    imported = 0
    new = [file for file in found.captions if _wants_reading(file, known, beside)]
    for start in range(0, len(new), _BATCH):
        read = [_read_sidecar(file, beside, root, notes) for file in new[start : start + _BATCH]]
        changes = [change for _, found_changes in read for change in found_changes]
        with catalog.transaction():
            catalog.files.put(row for row, _ in read)
            catalog.journal.apply(changes, by="import", label=f"Import {len(changes)} captions")
        imported += len(changes)
    for table in found.tables:
        folder, unchanged = table.path.parent, _is_unchanged(table, known)
        if not unchanged or any(path.is_relative_to(folder) and beside.waits(path) for path in beside.by_path):
            imported += import_table(catalog, table, beside, root, notes)
    return imported, notes


def _beside(catalog: Catalog, root: Path) -> Beside:
    rows = catalog.files.in_state("picture", "copy")
    by_path = {Path(row.path): row.sha256 for row in rows if Path(row.path).is_relative_to(root)}
    empty = catalog.pictures.each(Query(show="empty", decisions=()))
    return Beside(by_path, {picture.sha256: picture for picture in empty if picture.caption_rev == 0})


def _stem(path: Path) -> str:
    return str(path).rsplit(".", 1)[0] if path.suffix else str(path)


def _is_unchanged(file: FoundFile, known: dict[str, tuple[int, int]]) -> bool:
    return known.get(str(file.path)) == (file.size_bytes, file.mtime_ns)


def _wants_reading(file: FoundFile, known: dict[str, tuple[int, int]], beside: Beside) -> bool:
    """A caption file that is new or changed, or beside a picture that never had a caption."""
    return not _is_unchanged(file, known) or any(beside.waits(path) for path in beside.of_stem(file.path))


def _read_sidecar(file: FoundFile, beside: Beside, root: Path, notes: list[str]) -> tuple[FileRow, list[Change]]:
    """The row of a caption file, and the captions it gives to pictures of its name."""
    try:
        caption = read_caption_file(file.path)
    except BadInput as error:
        return _row(file, "refused", str(error)), []
    targets = beside.of_stem(file.path)
    if not targets:
        return _row(file, "ignored", "no picture of this name lies beside it, so its text was not used."), []
    if not caption.text.strip():
        return _row(file, "ignored", "the caption file is empty."), []
    names = " and ".join(path.relative_to(root).as_posix() for path in targets)
    pictures = [picture for path in targets if (picture := beside.take(path))]
    if not pictures:
        return _row(file, "caption", f"not used: {names} has a caption already"), []
    if len(targets) > 1:
        notes.append(f"{file.name}: its text went to {names}, which share the name.")
    if caption.encoding == "Latin-1":
        notes.append(f"{file.name}: not UTF-8; it was read as Latin-1. Look at its caption.")
    changes = [Change(picture.id, "caption", caption.text) for picture in pictures]
    return _row(file, "caption", f"caption of {names}"), changes


def _row(file: FoundFile, state: State, reason: str) -> FileRow:
    return FileRow(str(file.path), file.name, file.size_bytes, file.mtime_ns, "", state, reason)
