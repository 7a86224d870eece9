"""A dataset is there as a whole or not at all, and listing stands what other processes do meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.catalog import settings_table
from studio.errors import DatasetExists, NotEnoughSpace
from studio.workspace import HOME_VARIABLE, create_dataset, list_datasets


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    return tmp_path


def test_a_dataset_that_could_not_be_made_leaves_nothing(home, monkeypatch):
    def full(*_: object) -> None:
        assert list_datasets() == []
        raise NotEnoughSpace("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(settings_table.SettingsTable, "set", full)
        with pytest.raises(NotEnoughSpace):
            create_dataset("inks", {"trigger": "ink"})
    assert list((home / "datasets").iterdir()) == []
    with create_dataset("inks", {"trigger": "ink"}).catalog() as catalog:
        assert catalog.settings.get("trigger") == "ink"


def test_a_folder_with_files_of_someone_else_becomes_a_dataset_around_them(home):
    mine = home / "datasets" / "inks" / "raw" / "notes.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    assert create_dataset("inks").catalog_path.is_file()
    assert mine.read_text() == "mine"
    assert sorted(path.name for path in mine.parent.parent.iterdir()) == ["catalog.sqlite", "raw"]
    with pytest.raises(DatasetExists):
        create_dataset("inks")


def test_a_log_that_vanishes_while_datasets_are_listed(home, monkeypatch):
    create_dataset("inks")
    real = Path.exists
    monkeypatch.setattr(Path, "exists", lambda path: path.suffix == ".sqlite-wal" or real(path))
    assert [dataset.name for dataset in list_datasets()] == ["inks"]
