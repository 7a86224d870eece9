"""The Pictures page: the box that takes pictures in, and the review once there are some."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.studio.api.conftest import add_picture

WAIT = 30


def pictures_page(name: str) -> None:
    from studio.views import pictures
    from studio.workspace import open_dataset

    pictures.show(open_dataset(name))


def run(name: str) -> AppTest:
    test = AppTest.from_function(pictures_page, args=(name,), default_timeout=WAIT).run()
    assert not test.exception, test.exception
    return test


def read_folder(test: AppTest, path: str) -> AppTest:
    test.text_input(key="ingest-folder").input(path)
    return test.button[0].click().run()


def test_an_empty_dataset_asks_for_pictures(dataset):
    test = run(dataset.name)
    assert test.text_input(key="ingest-folder").label == "Folder on this computer"
    assert not test.expander


def test_a_folder_is_read_as_a_job(dataset, started, tmp_path: Path):
    test = read_folder(run(dataset.name), f" {tmp_path} ")
    assert not test.exception
    assert started == [("ingest", {"folder": str(tmp_path.resolve())})]


@pytest.mark.parametrize(("path", "words"), [("/no/such/folder", "there is no such folder"), ("  ", "Write the path")])
def test_a_wrong_folder_is_explained(dataset, started, said, path, words):
    test = read_folder(run(dataset.name), path)
    assert words in said(test) and not started and not test.exception


def test_the_box_folds_away_once_there_are_pictures(dataset, tmp_path: Path):
    add_picture(dataset, tmp_path / "apple.png", 1)
    with dataset.catalog() as catalog:
        catalog.jobs.add("ingest-1", "ingest", {}, "2026-01-01T00:00:00", 0.0)
        report = {"added": 1, "known": 0, "copies": 2, "refused": [{"name": "broken.jpg"}]}
        catalog.jobs.update("ingest-1", state="finished", result=report)
    test = run(dataset.name)
    assert test.expander[0].label == (
        "Add pictures · last time 1 added, 0 known already, 2 exact copies, 1 cannot be read"
    )


def test_a_failed_reading_is_shown_with_its_reason(dataset, said):
    with dataset.catalog() as catalog:
        catalog.jobs.add("ingest-1", "ingest", {}, "2026-01-01T00:00:00", 0.0)
        catalog.jobs.update("ingest-1", state="failed", message="The disk is full.")
    assert "The disk is full." in said(run(dataset.name))


def test_a_changed_threshold_is_kept_and_flags_follow(dataset, tmp_path: Path):
    add_picture(dataset, tmp_path / "apple.png", 1)
    test = run(dataset.name)
    test.number_input(key=f"threshold-{dataset.name}-min_side_share").set_value(20.0).run()
    assert not test.exception
    with dataset.catalog() as catalog:
        assert catalog.settings.get("thresholds")["min_side_share"] == 20
        assert catalog.findings.flag_counts()["too_small"] == 1
