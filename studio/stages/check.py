"""Look for damage: are catalog, originals, exports and weights what they were? Nothing is repaired here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from studio.catalog import Catalog, Picture, Query
from studio.errors import BadInput, CatalogDamaged
from studio.stages.export import export_folders
from studio.stages.export_folder import faults_of
from studio.stages.progress import Progress, Silent
from studio.stages.sizes import picture_edit
from studio.workspace import Dataset
from training import TrainingError, read_weights_header

EXIT_CODES = {
    "original_missing": 10,
    "original_changed": 11,
    "export_damaged": 12,
    "weights_damaged": 13,
    "catalog_damaged": 14,
}
"""Codes of findings and the exit code each stands for; the gravest has the largest number."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: `code` is a key of EXIT_CODES, `subject` the file or picture, `sentence` what is wrong and what to do.

    A `warning` is a fault of a rejected picture, which nothing needs any more.
    """

    level: Literal["error", "warning"]
    code: str
    subject: str
    sentence: str


def check(dataset: Dataset, progress: Progress | None = None) -> list[Finding]:
    """Every fault of a dataset; reads all originals and exports in full, and writes nothing.

    Raises: DatasetNotFound when there is no catalog file at all.
    """
    progress = progress or Silent()
    try:
        with dataset.catalog() as catalog:
            found = [_catalog_fault(dataset, sentence) for sentence in catalog.check()]
            found += _broken_rows(catalog)
            found += _originals(catalog, progress)
    except CatalogDamaged as error:
        found = [Finding("error", "catalog_damaged", dataset.catalog_path.name, str(error))]
    return [*found, *_exports(dataset), *_weights(dataset)]


def exit_code(findings: Sequence[Finding]) -> int:
    """0 when there is no error; else the code of the gravest one."""
    return max((EXIT_CODES[finding.code] for finding in findings if finding.level == "error"), default=0)


def _catalog_fault(dataset: Dataset, sentence: str) -> Finding:
    text = f"SQLite says: {sentence}. Restore the catalog from a backup."
    return Finding("error", "catalog_damaged", dataset.catalog_path.name, text)


def _broken_rows(catalog: Catalog) -> Iterator[Finding]:
    """Rows that SQLite finds sound but the studio cannot read."""
    for name in catalog.settings.names():
        yield from _unreadable(f"setting {name}", partial(catalog.settings.get, name))
    for number in catalog.pictures.ids(Query(decisions=())):
        yield from _unreadable(f"picture {number}", partial(_read_picture, catalog, number))
    for job_id in catalog.jobs.ids():
        yield from _unreadable(f"job {job_id}", partial(catalog.jobs.get, job_id))


def _read_picture(catalog: Catalog, number: int) -> None:
    for picture in catalog.pictures.many([number]):
        picture_edit(picture)


def _unreadable(subject: str, read: Callable[[], object]) -> Iterator[Finding]:
    try:
        read()
    except (BadInput, CatalogDamaged, ValueError, TypeError) as error:
        yield Finding("error", "catalog_damaged", subject, f"Its row cannot be read: {error}")


def _originals(catalog: Catalog, progress: Progress) -> Iterator[Finding]:
    progress.start(catalog.pictures.count(Query(decisions=())), "originals to read")
    for number in catalog.pictures.ids(Query(decisions=())):
        try:
            picture = catalog.pictures.many([number])[0]
        except (CatalogDamaged, ValueError, TypeError):
            continue  # told by _broken_rows already
        fault = _fault_of_original(picture)
        if fault:
            yield fault
        progress.step(1, picture.name)
        if progress.stopped():
            return


def _fault_of_original(picture: Picture) -> Finding | None:
    level: Literal["error", "warning"] = "warning" if picture.decision == "reject" else "error"
    try:
        with Path(picture.source).open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        sentence = f"{picture.source} is gone. Put it back, or ingest the folder it is in now."
        return Finding(level, "original_missing", picture.name, sentence)
    except OSError as error:
        sentence = f"{picture.source} cannot be read ({error.strerror}). Check its access rights and the disk."
        return Finding(level, "original_missing", picture.name, sentence)
    if sha256 == picture.sha256:
        return None
    sentence = f"{picture.source} has other bytes than when it was ingested. Restore it, or ingest its folder again."
    return Finding(level, "original_changed", picture.name, sentence)


def _exports(dataset: Dataset) -> Iterator[Finding]:
    for folder in export_folders(dataset):
        for name, fault in faults_of(folder):
            sentence = f"{name} {fault}. Export again, and do not use this export any more."
            yield Finding("error", "export_damaged", f"exports/{folder.name}", sentence)


def _weights(dataset: Dataset) -> Iterator[Finding]:
    for path in sorted(dataset.runs.glob("*/weights/**/*.safetensors")):
        subject = path.relative_to(dataset.folder).as_posix()
        try:
            told = read_weights_header(path).get("sshs_model_hash")
        except (TrainingError, OSError, ValueError) as error:
            yield Finding("error", "weights_damaged", subject, str(error))
            continue
        if told and told != _tensor_hash(path):
            sentence = "Its weights are not those that were written. Train again, or restore the file."
            yield Finding("error", "weights_damaged", subject, sentence)


def _tensor_hash(path: Path) -> str:
    """sha256 of everything behind the header of a safetensors file, as kohya's tools count it."""
    with path.open("rb") as file:
        file.seek(8 + int.from_bytes(file.read(8), "little"))
        return hashlib.file_digest(file, "sha256").hexdigest()
