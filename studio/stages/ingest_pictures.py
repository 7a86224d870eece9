"""What an ingest writes for each measured file: a new picture, a copy of one, a moved one, or a refusal."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Literal

from studio.catalog import Catalog, Change
from studio.catalog.record import FileRow, Picture
from studio.pictures.facts import TRANSIENT_CODES, PictureFacts, Refusal
from studio.stages.find_files import FoundFile
from studio.workspace import Dataset

State = Literal["picture", "copy"]
_COPY_NAME = re.compile(r"(^|[\W_])(copy|copie|kopie|copia)([\W_]|$)|\(\d+\)$", re.IGNORECASE)


class PictureRecorder:
    """Writes batches of measured files; each batch lands as a whole or not at all."""

    def __init__(self, dataset: Dataset, catalog: Catalog, root: Path) -> None:
        self._dataset = dataset
        self._catalog = catalog
        self._root = root
        self.added = 0
        self.copies = 0
        self.moved = 0
        self.notes: list[str] = []

    def record(self, batch: list[tuple[FoundFile, PictureFacts | Refusal]]) -> None:
        """Write thumbnails first, then all rows of the batch in one transaction."""
        for _, outcome in batch:
            if isinstance(outcome, PictureFacts):
                _write_thumbnail(self._dataset.thumbnail(outcome.sha256), outcome.thumbnail)
        with self._catalog.transaction():
            for file, outcome in batch:
                if isinstance(outcome, Refusal):
                    self._catalog.files.put([_refused(file, outcome)])
                else:
                    self._take(file, outcome)

    def _take(self, file: FoundFile, facts: PictureFacts) -> None:
        before = self._catalog.files.get(str(file.path))
        number, is_new = self._catalog.pictures.add(facts, str(file.path), file.name)
        if is_new:
            self.added += 1
            self._put(file, facts, "picture", "")
            if before and before.sha256 != facts.sha256:
                self._replace_version(before, number)
            return
        picture = self._catalog.pictures.get(number)
        assert picture is not None  # its number came from the table just now
        self._meet_again(file, facts, picture)

    def _meet_again(self, file: FoundFile, facts: PictureFacts, picture: Picture) -> None:
        """A file with the bytes of a picture that is known already."""
        if picture.source == str(file.path):
            self._put(file, facts, "picture", "")
        elif not self._still_holds(picture):
            self._move(file, facts, picture)
            self.moved += 1
            self._catalog.files.remove([] if Path(picture.source).exists() else [picture.source])
        elif Path(picture.source).is_relative_to(self._root) and _order(file.name) < _order(picture.name):
            self._move(file, facts, picture)
            self.copies += 1
            others = [row for row in self._catalog.files.of_picture(facts.sha256) if row.path != str(file.path)]
            reason = f"same bytes as {file.name}"
            self._catalog.files.put(replace(row, state="copy", reason=reason) for row in others)
        else:
            self.copies += 1
            self._put(file, facts, "copy", f"same bytes as {picture.name}")

    def _move(self, file: FoundFile, facts: PictureFacts, picture: Picture) -> None:
        self._catalog.pictures.move(picture.id, str(file.path), file.name)
        self._put(file, facts, "picture", "")

    def _still_holds(self, picture: Picture) -> bool:
        """Whether the picture's own file is there and, as far as is known, still has its bytes."""
        row = self._catalog.files.get(picture.source)
        return bool(row and row.sha256 == picture.sha256 and Path(picture.source).is_file())

    def _replace_version(self, before: FileRow, new_id: int) -> None:
        """The file was changed on disk: the picture of its old bytes goes on elsewhere or gives up its caption."""
        old = self._catalog.pictures.by_sha256(before.sha256)
        if old is None or old.source != before.path:
            return
        others = [row for row in self._catalog.files.of_picture(old.sha256) if Path(row.path).is_file()]
        if others:
            self._catalog.pictures.move(old.id, others[0].path, others[0].name)
            return
        changes = [Change(old.id, "decision", "reject", reason="an earlier version of a file that was changed")]
        if old.decision != "undecided":
            changes.append(Change(new_id, "decision", old.decision, reason=old.decision_reason))
        if old.caption:
            changes.append(Change(new_id, "caption", old.caption, by=old.caption_by))
        self._catalog.journal.apply(changes, by="studio", label=f"{before.name} was changed on disk")
        self.notes.append(f"{before.name}: the file was changed; its new version takes over the caption.")

    def _put(self, file: FoundFile, facts: PictureFacts, state: State, reason: str) -> None:
        self._catalog.files.put(
            [FileRow(str(file.path), file.name, facts.size_bytes, facts.mtime_ns, facts.sha256, state, reason)]
        )


def _order(name: str) -> tuple[bool, str]:
    """Of files with the same bytes the original comes first: no copy by its name, then the smallest name."""
    return _COPY_NAME.search(name.rsplit(".", 1)[0]) is not None, name


def _refused(file: FoundFile, refusal: Refusal) -> FileRow:
    """A cause that may pass gets no time stamp, so that the next ingest tries the file again."""
    mtime = -1 if refusal.code in TRANSIENT_CODES else file.mtime_ns
    return FileRow(str(file.path), file.name, file.size_bytes, mtime, refusal.sha256, "refused", refusal.sentence)


def _write_thumbnail(path: Path, data: bytes) -> None:
    """Whole or not there; a cache needs no fsync, it is made again when lost."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(data)
    temporary.replace(path)
