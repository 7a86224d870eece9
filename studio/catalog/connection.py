"""How a catalog file is opened, and what one transaction is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from studio.errors import CatalogDamaged

BUSY_SECONDS = 20.0
"""How long a writer waits for another process; a write takes milliseconds, so this is never reached in peace."""


def connect(path: Path) -> sqlite3.Connection:
    """Open a catalog with the settings every promise rests on: WAL, full sync, foreign keys.

    Raises: CatalogDamaged when the file is no SQLite database.
    """
    db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    db.row_factory = sqlite3.Row
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
    except sqlite3.DatabaseError as error:
        db.close()
        raise CatalogDamaged(
            f"{path}: cannot be read as a catalog ({error}). Restore it from a backup, or make a new dataset "
            "and ingest the pictures again."
        ) from error
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; takes the write lock at once, so a second writer waits and never reads stale revisions."""
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
