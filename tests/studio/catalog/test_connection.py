"""Trouble with the catalog's file is told for what it is: busy, full, refused, damaged, newer, emptied."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest

from studio.catalog import Catalog, connection
from studio.catalog.schema import STEPS
from studio.catalog.sqlite_errors import meaning
from studio.errors import CatalogBusy, CatalogDamaged, DiskFailed, NotEnoughSpace


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "catalog.sqlite"
    Catalog.create(made).close()
    return made


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_BUSY_SNAPSHOT, CatalogBusy),
        (sqlite3.SQLITE_LOCKED, CatalogBusy),
        (sqlite3.SQLITE_FULL, NotEnoughSpace),
        (sqlite3.SQLITE_IOERR_FSYNC, DiskFailed),
        (sqlite3.SQLITE_READONLY_DIRECTORY, DiskFailed),
        (sqlite3.SQLITE_CANTOPEN, DiskFailed),
        (sqlite3.SQLITE_NOTADB, CatalogDamaged),
        (sqlite3.SQLITE_CORRUPT_VTAB, CatalogDamaged),
        (sqlite3.SQLITE_CONSTRAINT, type(None)),
        (sqlite3.SQLITE_ERROR, type(None)),
    ],
)
def test_every_code_has_its_class(path, code, kind):
    error = sqlite3.OperationalError("as SQLite says")
    error.sqlite_errorcode = code
    told = meaning(error, path)
    assert type(told) is kind
    assert ("backup" in str(told)) == (kind is CatalogDamaged)


def test_an_index_that_does_not_fit_on_a_full_disk_is_a_matter_of_space(path, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=0))
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    assert isinstance(meaning(error, path), NotEnoughSpace)


def test_a_lock_held_by_another_is_told_as_such(path, monkeypatch):
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.05)
    with Catalog.open(path) as one, Catalog.open(path) as two, one.transaction():
        with pytest.raises(CatalogBusy, match="another process"):
            two.settings.set("trigger", "ink")
        with pytest.raises(CatalogBusy), two.transaction():
            pass
    with Catalog.open(path) as again:
        assert again.settings.get("trigger") is None


def test_a_full_disk_rolls_back_and_says_so(path):
    with Catalog.open(path) as catalog:
        pages = catalog._db.execute("PRAGMA page_count").fetchone()[0]
        catalog._db.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(NotEnoughSpace, match="full"), catalog.transaction():
            catalog.settings.set("trigger", "ink")
            catalog.settings.set("long", "x" * 100_000)
        assert catalog.settings.get("trigger") is None


def test_text_in_the_place_of_a_catalog_is_damage(path):
    path.write_text("plain text, long enough to be looked at" * 40)
    with pytest.raises(CatalogDamaged, match="backup"):
        Catalog.open(path)


def test_a_newer_catalog_is_left_alone(path):
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    with pytest.raises(CatalogDamaged, match="newer"):
        Catalog.open(path)


@pytest.mark.parametrize("pages", [0, 1])
def test_an_emptied_catalog_is_not_filled_again(tmp_path, pages):
    path = tmp_path / "catalog.sqlite"
    path.touch()
    if pages:
        with sqlite3.connect(path) as db:
            db.execute("VACUUM")
            db.execute("PRAGMA journal_mode = WAL")
    with pytest.raises(CatalogDamaged):
        Catalog.open(path)


def test_an_older_catalog_is_brought_up_to_date(tmp_path):
    path = tmp_path / "catalog.sqlite"
    with sqlite3.connect(path) as db:
        db.executescript(STEPS[0])
        db.execute("PRAGMA user_version = 1")
    with Catalog.open(path) as catalog:
        assert catalog.journal.operations() == []
