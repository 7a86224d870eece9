"""What to do next, read from the catalog and the folders of a dataset."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from studio.catalog import Change, Group, GroupMember
from studio.overview import look_at, look_at_all
from studio.workspace import Dataset, create_dataset


@pytest.fixture
def dataset(tmp_path, monkeypatch) -> Dataset:
    monkeypatch.setenv("CONCEPT_STUDIO_HOME", str(tmp_path))
    return create_dataset("ink")


def add(dataset: Dataset, count: int) -> list[int]:
    with dataset.catalog() as catalog:
        facts = [SimpleNamespace(sha256=f"{n:064x}", format="PNG", mode="RGB", width=8, height=8) for n in range(count)]
        return [catalog.pictures.add(one, f"/p/{one.sha256}", f"{one.sha256}.png")[0] for one in facts]


def change(dataset: Dataset, ids: list[int], field: str, value: str) -> None:
    with dataset.catalog() as catalog:
        catalog.journal.apply([Change(one, field, value) for one in ids], label="test")


def test_an_empty_dataset_needs_pictures(dataset):
    assert look_at(dataset).next_step.page == "Pictures"


def test_open_look_alikes_come_before_captions(dataset):
    ids = add(dataset, 3)
    members = tuple(GroupMember(one, 0, "same", "keep", "") for one in ids[:2])
    with dataset.catalog() as catalog:
        catalog.findings.replace_groups([Group(1, "alike", members)])
    step = look_at(dataset).next_step
    assert (step.page, step.reason) == ("Pictures", "1 group of look-alikes waits for a decision.")
    change(dataset, ids[:2], "decision", "keep")
    assert look_at(dataset).next_step.label == "Caption 3 pictures"


def test_rejected_pictures_need_no_caption(dataset):
    ids = add(dataset, 5)
    change(dataset, ids[:3], "caption", "a thing")
    change(dataset, ids[3:], "decision", "reject")
    seen = look_at(dataset)
    assert (seen.pictures, seen.rejected, seen.captioned) == (3, 2, 3)
    assert seen.next_step.page == "Export"


def test_up_to_four_pictures_are_shown_spread_over_all(dataset):
    add(dataset, 10)
    shown = look_at(dataset).thumbnails
    assert [int(sha, 16) for sha in shown] == [0, 3, 6, 9]


def test_an_export_leads_to_training(dataset):
    change(dataset, add(dataset, 1), "caption", "a thing")
    (dataset.exports / "0001").mkdir(parents=True)
    (dataset.exports / "0001" / "dataset.json").write_text("{}")
    assert look_at(dataset).next_step.page == "Train"


def test_a_damaged_dataset_does_not_hide_the_others(dataset):
    other = create_dataset("torn")
    other.catalog_path.write_text("plain text " * 200)
    seen, unreadable = look_at_all([other, dataset])
    assert [one.dataset for one in seen] == [dataset]
    assert [one.dataset for one in unreadable] == [other] and "backup" in unreadable[0].sentence
