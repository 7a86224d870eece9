"""Render the pictures of an export into its folder, several at once, in order, with every fault told by name."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from studio.errors import UnreadablePicture
from studio.pictures.read import read_file
from studio.pictures.render import render
from studio.stages.export_rows import ExportRow
from studio.stages.progress import Progress

_AT_ONCE = 32


@dataclass(slots=True)
class RenderedRows:
    """sha256 of every written picture by its path in the export, and (name, reason) of those that could not be."""

    hashes: dict[str, str] = field(default_factory=dict)
    missing: list[tuple[str, str]] = field(default_factory=list)


def render_rows(rows: Sequence[ExportRow], folder: Path, progress: Progress) -> RenderedRows:
    """Write each row's picture below `folder`; ends early when asked to stop.

    Decoding leaves the interpreter lock, so threads are enough; the bytes were decoded safely once before, which
    their hash proves.
    """
    done = RenderedRows()
    for split in {row.split for row in rows}:
        (folder / split).mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        for part in _parts(rows):
            for row, outcome in zip(part, pool.map(lambda row: _render(row, folder), part), strict=True):
                if isinstance(outcome, UnreadablePicture):
                    done.missing.append((row.picture.name, outcome.cause))
                    progress.note(str(outcome.named(row.picture.name)))
                else:
                    done.hashes[row.path] = outcome
                progress.step(1, row.picture.name)
            if progress.stopped():
                break
    return done


def read_original(row_source: str, sha256: str) -> bytes:
    """The bytes of an original that is still what the catalog knows.

    Raises: UnreadablePicture when it is gone, unreadable or has other bytes by now.
    """
    data = read_file(Path(row_source)).data
    if hashlib.sha256(data).hexdigest() != sha256:
        raise UnreadablePicture("damaged", "the file was changed after it was ingested", "Ingest its folder again.")
    return data


def _render(row: ExportRow, folder: Path) -> str | UnreadablePicture:
    try:
        data = read_original(row.picture.source, row.picture.sha256)
        png = render(data, row.edit, row.plan)
    except UnreadablePicture as error:
        return error
    (folder / row.path).write_bytes(png)
    return hashlib.sha256(png).hexdigest()


def _parts(rows: Sequence[ExportRow]) -> Iterator[Sequence[ExportRow]]:
    for start in range(0, len(rows), _AT_ONCE):
        yield rows[start : start + _AT_ONCE]
