"""What an error of SQLite means for the user: only a file that is no sound database is called damaged."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from studio.errors import CatalogBusy, CatalogDamaged, DiskFailed, NotEnoughSpace, StudioError

_BUSY = frozenset([sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL])
_REFUSED = frozenset([sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH])
_DAMAGED = frozenset([sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT])
_LEAST_FREE_BYTES = 1 << 20
"""With less than this, a log or index file that cannot be made is a matter of space, whatever SQLite calls it."""


def meaning(error: sqlite3.Error, path: Path) -> StudioError | None:
    """The error as a sentence about the catalog at `path`; None when it is a bug or breaks a rule of the schema."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind, the rest is detail
    if code in _BUSY:
        return CatalogBusy(f"{path}: another process is writing to it ({error}). Try again in a moment.")
    if code in _DAMAGED or (code == sqlite3.SQLITE_ERROR and str(error).startswith(("no such table", "no such col"))):
        return damaged(path, str(error))
    if code == sqlite3.SQLITE_FULL or (code in {sqlite3.SQLITE_IOERR, *_REFUSED} and _disk_is_full(path)):
        return NotEnoughSpace(
            f"{path}: the disk is full, so nothing of this change was saved. Free some space and do it again."
        )
    if code == sqlite3.SQLITE_IOERR:
        return DiskFailed(f"{path}: the disk refused a read or a write ({error}). Check the disk and its free space.")
    if code in _REFUSED:
        return DiskFailed(
            f"{path}: this user may not write here ({error}). Check the access rights of the file and of its folder, "
            "or choose a home folder on another disk (CONCEPT_STUDIO_HOME)."
        )
    return None


def damaged(path: Path, why: str) -> CatalogDamaged:
    """The error for a file that cannot be a catalog."""
    return CatalogDamaged(
        f"{path}: cannot be read as a catalog ({why}). Restore it from a backup, or make a new dataset "
        "and ingest the pictures again."
    )


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite raises inside into the StudioError that says what it means."""
    try:
        yield
    except sqlite3.Error as error:
        told = meaning(error, path)
        if told is None:
            raise
        raise told from error


def _disk_is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _LEAST_FREE_BYTES
    except OSError:
        return False
