"""The catalog of one dataset, opened: one connection, one table object a subject."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from studio.catalog.connection import connect, transaction
from studio.catalog.files_table import FileTable
from studio.catalog.findings_table import FindingsTable
from studio.catalog.jobs_table import JobTable
from studio.catalog.journal import Journal
from studio.catalog.pictures_table import PictureTable
from studio.catalog.schema import upgrade
from studio.catalog.settings_table import SettingsTable
from studio.catalog.sqlite_errors import damaged
from studio.errors import DatasetNotFound


class Catalog:
    """Every fact and decision of a dataset. Open it anew in each thread; several processes may hold it at once.

    ```
    with Catalog.open(folder / "catalog.sqlite") as catalog:
        for picture in catalog.pictures.each(Query(show="empty")):
            ...
    ```
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.pictures = PictureTable(db)
        self.files = FileTable(db)
        self.journal = Journal(db)
        self.findings = FindingsTable(db)
        self.jobs = JobTable(db)
        self.settings = SettingsTable(db)

    @classmethod
    def create(cls, path: Path) -> Catalog:
        """Open a catalog, making it when it is not there.

        Raises: as `open`, less DatasetNotFound.
        """
        return cls(_upgraded(path, new=True))

    @classmethod
    def open(cls, path: Path) -> Catalog:
        """Open an existing catalog.

        Raises: DatasetNotFound when there is no such file; CatalogDamaged when it is no catalog, was emptied, or
        comes from a newer version; CatalogBusy, NotEnoughSpace, DiskFailed.
        """
        if not path.is_file():
            raise DatasetNotFound(f"{path.parent.name}: no dataset of this name here. `concept-studio new` makes one.")
        if path.stat().st_size == 0:
            raise damaged(path, "it is empty")
        return cls(_upgraded(path, new=False))

    def transaction(self) -> AbstractContextManager[None]:
        """All writes inside land together or not at all."""
        return transaction(self._db)

    def check(self) -> list[str]:
        """Faults that SQLite itself finds in the file, in its words; empty when it is whole."""
        answers = [row[0] for row in self._db.execute("PRAGMA integrity_check")]
        broken = self._db.execute("PRAGMA foreign_key_check").fetchall()
        return [answer for answer in answers if answer != "ok"] + [f"broken link in {row[0]}" for row in broken]

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Catalog:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None):
        self.close()


def _upgraded(path: Path, new: bool) -> sqlite3.Connection:
    """A connection to the catalog with the newest schema."""
    db = connect(path)
    try:
        upgrade(db, path, new)
    except BaseException:
        db.close()
        raise
    return db
