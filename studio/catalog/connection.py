"""How a catalog file is opened, what one transaction is, and how SQLite's errors reach the user."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from studio.catalog.sqlite_errors import explained
from studio.catalog.trigger_rule import lacks_trigger

BUSY_SECONDS = 20.0
"""How long a writer waits for another process; a write takes milliseconds, so this is never reached in peace."""


class _Cursor(sqlite3.Cursor):
    """A cursor whose every step, also the reading of rows, explains its errors."""

    connection: Connection

    def execute(self, sql: str, parameters: Any = ()) -> _Cursor:
        with explained(self.connection.path):
            super().execute(sql, parameters)
        return self

    def executemany(self, sql: str, parameters: Iterable[Any]) -> _Cursor:
        with explained(self.connection.path):
            super().executemany(sql, parameters)
        return self

    def fetchone(self) -> Any:
        with explained(self.connection.path):
            return super().fetchone()

    def fetchall(self) -> list[Any]:
        with explained(self.connection.path):
            return super().fetchall()

    def __next__(self) -> Any:
        try:  # not `with explained`: this runs once a row
            return super().__next__()
        except sqlite3.Error as error:
            with explained(self.connection.path):
                raise error


class Connection(sqlite3.Connection):
    """A connection to the catalog at `path` that raises StudioErrors where the user can act."""

    path: Path

    def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
        return self.cursor(_Cursor).execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any]) -> sqlite3.Cursor:
        return self.cursor(_Cursor).executemany(sql, parameters)


def connect(path: Path) -> Connection:
    """Open a catalog with the settings every promise rests on: WAL, full sync, foreign keys.

    Raises: CatalogDamaged when the file is no SQLite database; CatalogBusy, NotEnoughSpace or DiskFailed when
    another process, a full disk or access rights stand in the way.
    """
    with explained(path):
        db = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, factory=Connection
        )
    db.path = path
    db.row_factory = sqlite3.Row
    db.create_function("lacks_trigger", 2, lacks_trigger, deterministic=True)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        db.close()
        raise
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
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk makes SQLite roll back by itself
            db.execute("ROLLBACK")
        raise
