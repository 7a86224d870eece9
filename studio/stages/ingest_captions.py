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


@dataclass(slots=True)
class Beside:
    """The pictures of an ingested folder, and which of them may take a caption: those that never had one."""

    by_path: dict[Path, str]
    fresh: dict[str, Picture]
    by_stem: dict[Path, list[Path]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for path in sorted(self.by_path):
            self.by_stem[path.with_suffix("")].append(path)

    def take(self, path: Path) -> Picture | None:
        """The picture at this path when it still waits for its first caption; it is given out once."""
        return self.fresh.pop(self.by_path.get(path, ""), None)

    def waits(self, path: Path) -> bool:
        return self.by_path.get(path, "") in self.fresh


def import_captions_beside(catalog: Catalog, root: Path, found: FoundFiles) -> tuple[int, list[str]]:
    """Import what is new; returns how many captions were imported, and sentences for the user.

    The text and the row that says it was read land in one transaction, so a crash repeats nothing.
    """
    beside = _beside(catalog, root)
    known = catalog.files.known()
    notes: list[str] = []
    imported = 0
    for file in found.captions:
        unchanged = known.get(str(file.path)) == (file.size_bytes, file.mtime_ns)
        targets = beside.by_stem.get(file.path.with_suffix(""), [])
        if not unchanged or any(beside.waits(path) for path in targets):
            imported += _import_sidecar(catalog, file, targets, beside, root, notes)
    for table in found.tables:
        unchanged = known.get(str(table.path)) == (table.size_bytes, table.mtime_ns)
        if not unchanged or any(
            path.is_relative_to(table.path.parent) and beside.waits(path) for path in beside.by_path
        ):
            imported += import_table(catalog, table, beside, root, notes)
    return imported, notes


def _beside(catalog: Catalog, root: Path) -> Beside:
    rows = catalog.files.in_state("picture", "copy")
    by_path = {Path(row.path): row.sha256 for row in rows if Path(row.path).is_relative_to(root)}
    empty = catalog.pictures.each(Query(show="empty", decisions=()))
    return Beside(by_path, {picture.sha256: picture for picture in empty if picture.caption_rev == 0})


def _import_sidecar(
    catalog: Catalog, file: FoundFile, targets: list[Path], beside: Beside, root: Path, notes: list[str]
) -> int:
    """Give one text to the pictures of its name; returns how many took it."""
    try:
        caption = read_caption_file(file.path)
    except BadInput as error:
        _put(catalog, file, "refused", str(error))
        notes.append(f"{file.name}: {error}")
        return 0
    if not targets:
        _put(catalog, file, "ignored", "no picture of this name lies beside it, so its text was not used.")
        return 0
    if not caption.text.strip():
        _put(catalog, file, "ignored", "the caption file is empty.")
        return 0
    names = [path.relative_to(root).as_posix() for path in targets]
    pictures = [picture for path in targets if (picture := beside.take(path))]
    reason = f"caption of {' and '.join(names)}"
    if not pictures:
        reason = f"not used: {' and '.join(names)} has a caption already"
    elif len(targets) > 1:
        notes.append(f"{file.name}: its text went to {' and '.join(names)}, which share the name.")
    if caption.encoding == "Latin-1":
        notes.append(f"{file.name}: not UTF-8; it was read as Latin-1. Look at its caption.")
    with catalog.transaction():
        _put(catalog, file, "caption", reason)
        catalog.journal.apply(
            [Change(picture.id, "caption", caption.text) for picture in pictures],
            by="import",
            label=f"Import caption of {names[0]}",
        )
    return len(pictures)


def _put(catalog: Catalog, file: FoundFile, state: State, reason: str) -> None:
    catalog.files.put([FileRow(str(file.path), file.name, file.size_bytes, file.mtime_ns, "", state, reason)])
