"""Ingest: every file has a row, a second run does nothing, originals stay as they are."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from studio.catalog import Query
from studio.errors import BadInput
from studio.stages.decide import decide
from studio.stages.edit_captions import set_caption
from studio.stages.ingest import ingest
from studio.stages.progress import Silent


def rows(dataset) -> dict[str, tuple[str, str]]:
    with dataset.catalog() as catalog:
        found = catalog.files.in_state("picture", "copy", "caption", "ignored", "refused")
    return {row.name: (row.state, row.reason) for row in found}


def pictures(dataset) -> dict[str, object]:
    with dataset.catalog() as catalog:
        return {picture.name: picture for picture in catalog.pictures.each(Query(decisions=()))}


def state_of(folder: Path) -> dict[str, tuple[str, int, int]]:
    return {
        str(path): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns, path.stat().st_mode)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_file_has_a_row_and_originals_stay(dataset, folder, draw, measured):
    draw(folder / "food" / "apple.png", 1)
    draw(folder / "cat.jpg", 2)
    (folder / "torn.png").write_bytes((folder / "food" / "apple.png").read_bytes()[:60])
    (folder / "fake.png").write_text("no picture")
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "notes.txt").write_text("hello")
    (folder / "table.xlsx").write_bytes(b"PK\x03\x04")
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "__MACOSX").mkdir()
    (folder / "__MACOSX" / "a.png").write_bytes(b"x")
    before = state_of(folder)
    report = ingest(dataset, folder)
    assert (report.added, report.known, report.copies, report.hidden) == (2, 0, 0, 2)
    assert {row.name for row in report.refused} == {"torn.png", "fake.png", "empty.jpg"}
    assert {row.name for row in report.ignored} == {"notes.txt", "table.xlsx"}
    assert all(row.reason for row in report.refused + report.ignored)
    found = rows(dataset)
    assert found["food/apple.png"][0] == "picture" and found["torn.png"][1].startswith("the file ends early")
    assert state_of(folder) == before
    assert all(dataset.thumbnail(picture.sha256).is_file() for picture in pictures(dataset).values())


def test_a_second_ingest_decodes_nothing_and_says_the_same_problems(filled, folder, measured):
    (folder / "fake.png").write_text("no picture")
    ingest(filled, folder)
    measured.clear()
    report = ingest(filled, folder)
    assert measured == []
    assert (report.added, report.known) == (0, 10)
    assert [row.name for row in report.refused] == ["fake.png"]


def test_a_picture_without_an_ending_is_found_by_its_bytes(dataset, folder, draw, measured):
    (folder / "scan").write_bytes(draw(folder / "a.png", 3).read_bytes() + b"")
    draw(folder / "a.png", 4)
    assert ingest(dataset, folder).added == 2
    assert set(pictures(dataset)) == {"a.png", "scan"}


def test_exact_copies_are_copies_of_the_one_that_is_not_called_copy(dataset, folder, draw, measured):
    draw(folder / "z" / "apple.png", 1)
    shutil.copy(folder / "z" / "apple.png", folder / "Copy of apple.png")
    shutil.copy(folder / "z" / "apple.png", folder / "z" / "apple (1).png")
    report = ingest(dataset, folder)
    assert (report.added, report.copies) == (1, 2)
    assert set(pictures(dataset)) == {"z/apple.png"}
    found = rows(dataset)
    assert found["Copy of apple.png"] == ("copy", "same bytes as z/apple.png")
    assert found["z/apple (1).png"] == ("copy", "same bytes as z/apple.png")
    assert found["z/apple.png"] == ("picture", "")


def test_a_renamed_file_stays_the_same_picture(filled, folder):
    number = pictures(filled)["p00.png"].id
    set_caption(filled, number, "mine")
    (folder / "p00.png").rename(folder / "renamed.png")
    report = ingest(filled, folder)
    assert (report.added, report.moved) == (0, 1)
    moved = pictures(filled)["renamed.png"]
    assert (moved.id, moved.caption, moved.source) == (number, "mine", str(folder / "renamed.png"))
    assert "p00.png" not in rows(filled)


def test_a_file_changed_on_disk_hands_its_caption_to_the_new_version(filled, folder, draw):
    set_caption(filled, pictures(filled)["p00.png"].id, "mine")
    draw(folder / "p00.png", 99)
    report = ingest(filled, folder)
    assert report.added == 1 and "p00.png" in report.notes[0]
    with filled.catalog() as catalog:
        old, new = sorted(catalog.pictures.by_name("p00.png"), key=lambda picture: picture.id)
    assert (old.decision, new.decision) == ("reject", "undecided")
    assert (new.caption, new.caption_by) == ("mine", "you")


def test_a_refused_file_that_was_mended_becomes_a_picture(dataset, folder, draw, measured):
    (folder / "a.png").write_bytes(b"rubbish")
    assert len(ingest(dataset, folder).refused) == 1
    draw(folder / "a.png", 5)
    report = ingest(dataset, folder)
    assert report.added == 1 and not report.refused


def test_a_cause_that_may_pass_is_tried_again(dataset, folder, draw, measured, monkeypatch):
    draw(folder / "a.png", 5)
    from studio.pictures.facts import Refusal

    monkeypatch.setattr(
        "studio.stages.ingest.measure_files",
        lambda paths, workers: ((path, Refusal("time", "too slow", "Try again.")) for path in paths),
    )
    assert len(ingest(dataset, folder).refused) == 1
    monkeypatch.undo()
    monkeypatch.setenv("CONCEPT_STUDIO_HOME", str(dataset.folder.parent.parent))
    assert ingest(dataset, folder, workers=1).added == 1


def test_links_out_of_the_folder_are_not_followed(dataset, folder, draw, tmp_path, measured):
    draw(tmp_path / "secret.png", 7)
    draw(tmp_path / "outside" / "more.png", 8)
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "linked folder").symlink_to(tmp_path / "outside")
    (folder / "circle").symlink_to(folder)
    draw(folder / "own.png", 9)
    report = ingest(dataset, folder)
    assert report.added == 1
    assert {row.name for row in report.ignored} == {"link.png", "linked folder", "circle"}
    assert "leads out" in rows(dataset)["link.png"][1]


def test_names_that_are_no_text_are_told(dataset, folder, draw, measured):
    draw(folder / "a.png", 1)
    try:
        (folder / "a.png").rename(folder / os.fsdecode(b"caf\xe9.png"))
    except OSError:
        pytest.skip("this file system takes only names in UTF-8")
    report = ingest(dataset, folder)
    assert report.added == 0 and "not valid text" in report.ignored[0].reason


def test_what_the_studio_wrote_is_left_out(home, dataset, draw, measured):
    draw(dataset.exports / "0001" / "train" / "a.png", 1)
    draw(dataset.folder / "raw" / "b.png", 2)
    assert ingest(dataset, home).added == 1


def test_a_stop_keeps_what_is_done_and_a_second_run_finishes(dataset, folder, draw, measured, monkeypatch):
    for number in range(6):
        draw(folder / f"{number}.png", number + 1)

    class StopAfterFirstBatch(Silent):
        def stopped(self) -> bool:
            return self.done >= 2

    monkeypatch.setattr("studio.stages.ingest.BATCH_FILES", 2)
    report = ingest(dataset, folder, StopAfterFirstBatch())
    assert report.stopped and report.added == 2
    assert len(pictures(dataset)) == 2
    report = ingest(dataset, folder)
    assert (report.added, report.known, report.stopped) == (4, 2, False)


def test_flags_and_duplicates_are_there_after_an_ingest(dataset, folder, draw, measured):
    draw(folder / "a.png", 1, (128, 128))
    draw(folder / "small.png", 1, (40, 40))
    ingest(dataset, folder)
    with dataset.catalog() as catalog:
        assert catalog.findings.flag_counts()["too_small"] == 1
        assert [len(group.members) for group in catalog.findings.groups()] == [2]


def test_a_folder_that_is_none_is_refused(dataset, folder, draw):
    with pytest.raises(BadInput, match="is not there"):
        ingest(dataset, folder / "nowhere")
    with pytest.raises(BadInput, match="is a file"):
        ingest(dataset, draw(folder / "a.png"))


def test_rejected_pictures_stay_rejected(filled, folder):
    decide(filled, [pictures(filled)["p01.png"].id], "reject", "not mine")
    ingest(filled, folder)
    assert pictures(filled)["p01.png"].decision_reason == "not mine"
