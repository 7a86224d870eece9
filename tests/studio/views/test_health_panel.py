"""The check in the app: a button that starts a job, and its findings in sentences."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

from studio import jobs
from studio.workspace import Dataset


def checked(dataset: Dataset) -> None:
    job = jobs.start(dataset, "check", {})
    until = time.monotonic() + 60
    while job.active:
        assert time.monotonic() < until
        time.sleep(0.1)
        job = jobs.watch(dataset)[0]
    assert job.state == "finished", job.message


def test_the_button_starts_a_check(open_page, filled, started):
    at = open_page("export", dataset=filled.name).button(key="check-dataset").click().run()
    assert not at.exception
    assert started == [("check", {})]


def test_a_sound_dataset_is_all_well_and_a_lost_original_is_named(open_page, said, filled):
    checked(filled)
    assert "All well." in said(open_page("export", dataset=filled.name))
    with closing(sqlite3.connect(filled.catalog_path)) as db, db:
        db.execute("UPDATE pictures SET source = source || '.gone' WHERE id = 1")
    with filled.catalog() as catalog:
        picture = catalog.pictures.get(1)
    checked(filled)
    text = said(open_page("export", dataset=filled.name))
    assert "All well." not in text
    assert picture.name in text and "is gone. Put it back" in text


def test_a_stopped_check_does_not_claim_that_all_is_well(open_page, said, filled):
    with filled.catalog() as catalog:
        catalog.jobs.add("20260101-000000-check-aaaaaa", "check", {}, "2026-01-01T00:00:00+00:00", time.time())
        catalog.jobs.update("20260101-000000-check-aaaaaa", state="stopped", result={"total": 0, "findings": []})
    text = said(open_page("export", dataset=filled.name))
    assert "Stopped before the end" in text and "All well." not in text
