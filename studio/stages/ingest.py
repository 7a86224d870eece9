"""From a folder to rows: every file is read once, measured once, and has a row; nothing on the disk changes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from studio.catalog import Catalog
from studio.catalog.record import FileRow
from studio.pictures.facts import PictureFacts, Refusal
from studio.pictures.isolate import measure_files
from studio.stages.find_files import FoundFile, FoundFiles, find_files
from studio.stages.findings import refresh_findings
from studio.stages.ingest_captions import import_captions_beside
from studio.stages.ingest_pictures import PictureRecorder
from studio.stages.progress import Progress, Silent
from studio.workspace import Dataset

BATCH_FILES = 64
BATCH_SECONDS = 2.0


@dataclass(slots=True)
class IngestReport:
    """What one ingest did. `refused` and `ignored` list every such file below the folder, old and new.

    `known` counts pictures that were skipped because nothing about them changed, `hidden` files that systems
    leave behind (dot files, Thumbs.db), `moved` pictures whose file was found under another name. `notes` are
    sentences for the user; `stopped` says that someone asked to stop and a second run has work left.
    """

    added: int = 0
    known: int = 0
    copies: int = 0
    moved: int = 0
    captions_imported: int = 0
    hidden: int = 0
    refused: list[FileRow] = field(default_factory=list)
    ignored: list[FileRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    stopped: bool = False


def ingest(
    dataset: Dataset, folder: Path, progress: Progress | None = None, workers: int | None = None
) -> IngestReport:
    """Bring every picture below `folder` into the catalog, with captions that lie beside it.

    A second run does no work; a run after a crash goes on where it was. Captions that exist are never changed.
    `workers` is the number of processes that decode (all processors when None).

    Raises: BadInput when `folder` is no readable folder; ReadersFailed when the worker processes do not start.
    """
    began = time.monotonic()
    progress = progress or Silent()
    root = folder.expanduser().resolve()
    found = find_files(root, _own_folders(dataset))
    report = IngestReport(hidden=found.hidden)
    with dataset.catalog() as catalog:
        _put_ignored(catalog, found)
        _forget_gone(catalog, root, found)
        _take_pictures(dataset, catalog, root, found, progress, workers, report)
        if not report.stopped:
            report.captions_imported, notes = import_captions_beside(catalog, root, found)
            report.notes += notes
        _list_problems(catalog, found, report)
    if not report.stopped:
        refresh_findings(dataset, progress)
    for note in report.notes:
        progress.note(note)
    report.seconds = time.monotonic() - began
    return report


def _own_folders(dataset: Dataset) -> frozenset[Path]:
    """What the studio itself wrote is not food for it."""
    made = (dataset.exports, dataset.runs, dataset.tries, dataset.imported, dataset.logs, dataset.folder / "cache")
    return frozenset(path.resolve() for path in made)


def _take_pictures(
    dataset: Dataset,
    catalog: Catalog,
    root: Path,
    found: FoundFiles,
    progress: Progress,
    workers: int | None,
    report: IngestReport,
) -> None:
    known = catalog.files.known()
    new = [file for file in found.pictures if known.get(str(file.path)) != (file.size_bytes, file.mtime_ns)]
    report.known = len(found.pictures) - len(new) - _known_refused(catalog, found, new)
    recorder = PictureRecorder(dataset, catalog, root)
    progress.start(len(new), "pictures")
    for batch in _batches(new, workers):
        recorder.record(batch)
        for file, outcome in batch:
            progress.step(1, file.name)
            if isinstance(outcome, Refusal):
                progress.note(f"{file.name}: {outcome.sentence}")
        if progress.stopped():
            report.stopped = True
            break
    report.added, report.copies, report.moved = recorder.added, recorder.copies, recorder.moved
    report.notes += recorder.notes


def _known_refused(catalog: Catalog, found: FoundFiles, new: list[FoundFile]) -> int:
    """How many files were refused before and did not change since; they are listed, but no pictures."""
    refused = {row.path for row in catalog.files.in_state("refused")} - {str(file.path) for file in new}
    return sum(str(file.path) in refused for file in found.pictures)


def _batches(files: list[FoundFile], workers: int | None) -> Iterator[list[tuple[FoundFile, PictureFacts | Refusal]]]:
    """Measured files in groups small enough that a crash loses two seconds of work."""
    if not files:
        return
    by_path = {file.path: file for file in files}
    batch: list[tuple[FoundFile, PictureFacts | Refusal]] = []
    since = time.monotonic()
    outcomes = measure_files(list(by_path), workers)
    try:
        for path, outcome in outcomes:
            batch.append((by_path[path], outcome))
            if len(batch) >= BATCH_FILES or time.monotonic() - since >= BATCH_SECONDS:
                yield batch
                batch, since = [], time.monotonic()
        if batch:
            yield batch
    finally:
        outcomes.close()  # type: ignore[attr-defined]  # a generator: ends the worker processes


def _put_ignored(catalog: Catalog, found: FoundFiles) -> None:
    catalog.files.put(
        FileRow(_storable(file.path), file.name, file.size_bytes, file.mtime_ns, "", "ignored", reason)
        for file, reason in found.ignored
    )


def _forget_gone(catalog: Catalog, root: Path, found: FoundFiles) -> None:
    """Rows of files that were removed since say nothing any more; a picture keeps its row, `check` reports it."""
    there = {_storable(file.path) for file in _all(found)}
    rows = catalog.files.in_state("copy", "caption", "ignored", "refused")
    gone = [row.path for row in rows if row.path not in there and Path(row.path).is_relative_to(root)]
    catalog.files.remove(path for path in gone if not Path(path).exists())


def _list_problems(catalog: Catalog, found: FoundFiles, report: IngestReport) -> None:
    there = {_storable(file.path) for file in _all(found)}
    for row in catalog.files.in_state("refused", "ignored"):
        if row.path in there:
            (report.refused if row.state == "refused" else report.ignored).append(row)


def _all(found: FoundFiles) -> list[FoundFile]:
    return [*found.pictures, *found.captions, *found.tables, *(file for file, _ in found.ignored)]


def _storable(path: Path) -> str:
    """A name that is no valid text is stored with its bad bytes replaced."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
