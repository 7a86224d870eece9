"""Exports are whole, numbered, the same for the same catalog, and refuse what they cannot keep true."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

import pytest

from studio.errors import NotEnoughSpace, NothingToDo, OriginalsChanged
from studio.pictures.edit import Edit
from studio.stages.decide import decide
from studio.stages.edit_captions import set_caption
from studio.stages.export import export, export_folders
from studio.stages.export_folder import faults_of
from studio.stages.ingest import ingest
from studio.stages.progress import Silent
from studio.stages.sizes import set_edit
from studio.stages.trigger import set_trigger
from studio.workspace import create_dataset


def content(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rows(folder: Path, split: str = "train") -> list[dict]:
    return [json.loads(line) for line in (folder / split / "metadata.jsonl").read_text().split("\n") if line]


@pytest.fixture
def ready(filled):
    set_trigger(filled, "ink style")
    with filled.catalog() as catalog:
        ids = catalog.pictures.ids()
    for number in ids[:8]:
        set_caption(filled, number, f"a thing {number}, ink style")
    return filled


def test_an_export_is_whole_and_says_what_it_holds(ready):
    report = export(ready)
    facts = json.loads((report.folder / "dataset.json").read_text())
    assert (report.number, report.folder.name, report.same_as) == (1, "0001", None)
    assert report.counts == facts["counts"] == {"train": 9, "validation": 1, "test": 0}
    assert (facts["trigger"], facts["resolution"], facts["buckets"]) == ("ink style", 64, {"64x64": 10})
    assert facts["digest"] == report.digest and len(report.digest) == 64
    assert faults_of(report.folder) == []
    checked = subprocess.run(["sha256sum", "-c", "manifest.sha256"], cwd=report.folder, capture_output=True)
    assert checked.returncode == 0
    assert sorted(path.name for path in ready.exports.iterdir()) == ["0001"]


def test_the_same_catalog_gives_no_second_export_and_the_same_bytes_elsewhere(ready, folder, measured):
    first = export(ready)
    again = export(ready)
    assert (again.same_as, again.folder, again.digest) == (1, first.folder, first.digest)
    before = content(first.folder)
    (first.folder / "README.md").write_text("torn")
    second = export(ready)
    assert second.number == 2 and second.same_as is None and second.digest == first.digest
    after = content(second.folder)
    del before["dataset.json"], after["dataset.json"]  # it holds the number
    assert after == before


def test_a_changed_caption_gives_the_next_number(ready):
    export(ready)
    set_caption(ready, 1, "another thing, ink style")
    assert export(ready).number == 2
    assert len(export_folders(ready)) == 2


def test_rows_hold_the_trigger_once_and_warnings_tell_the_rest(ready):
    set_caption(ready, 1, "a plain thing")
    report = export(ready)
    texts = [row["text"] for split in ("train", "validation") for row in rows(report.folder, split)]
    assert all(text.lower().count("ink style") == 1 for text in texts)
    said = " ".join(report.warnings)
    assert "2 pictures are without a caption" in said and "the trigger (ink style)" in said
    assert "exactly once in 1 caption;" in said and "10 pictures are not decided" in said


def test_rejected_pictures_and_changed_edits_shape_the_files(ready):
    first = content(export(ready).folder)
    decide(ready, [1], "reject")
    set_edit(ready, [2], Edit(rotate=90, crop=(0.0, 0.0, 0.5, 0.5)))
    report = export(ready)
    assert sum(report.counts.values()) == 9
    assert len(set(content(report.folder).values()) - set(first.values())) >= 2


def test_unknown_keys_of_imported_rows_come_out_again(dataset, folder, draw, measured):
    for seed in (1, 2):
        draw(folder / f"{seed}.png", seed)
    text = '{"file_name": "1.png", "text": "caf\u00e9 \u2028 \U0001f431", "mood": "calm", "rank": 3}\n'
    (folder / "metadata.jsonl").write_text(text, encoding="utf-8")
    ingest(dataset, folder)
    report = export(dataset)
    found = {row["source"]: row for row in rows(report.folder)}
    assert (found["1.png"]["mood"], found["1.png"]["rank"]) == ("calm", 3)
    assert (found["2.png"]["mood"], found["2.png"]["rank"]) == ("", 0)
    assert found["1.png"]["text"] == "caf\u00e9 \u2028 \U0001f431"
    assert (report.folder / "train" / "metadata.jsonl").read_bytes().isascii()


def test_names_are_plain_and_never_clash(dataset, folder, draw, measured):
    for number, name in enumerate(["Äpfel & Öl.png", "äpfel öl.png", "日本.png", "a.b.png", "CON.png"]):
        draw(folder / name, number + 1)
    ingest(dataset, folder)
    names = [row["file_name"] for row in rows(export(dataset).folder)]
    assert len({name.lower() for name in names}) == 5 and all(name.isascii() for name in names)
    assert any(name.startswith("picture-") for name in names) and any(name.startswith("apfel-ol-") for name in names)


def test_missing_and_changed_originals_are_named(ready, folder, draw):
    (folder / "p03.png").unlink()
    draw(folder / "p04.png", 77)
    with pytest.raises(OriginalsChanged) as caught:
        export(ready)
    assert "p03.png: the file is gone" in str(caught.value) and "p04.png: the file was changed" in str(caught.value)
    assert not list(ready.exports.iterdir())
    report = export(ready, allow_missing=True)
    assert sum(report.counts.values()) == 8 and [name for name, _ in report.missing] == ["p03.png", "p04.png"]
    assert export(ready, allow_missing=True).same_as == 1


def test_a_stop_leaves_nothing_behind(ready, monkeypatch):
    class StopAtOnce(Silent):
        def stopped(self) -> bool:
            return True

    report = export(ready, StopAtOnce())
    assert report.stopped and report.folder is None
    assert not list(ready.exports.iterdir())
    assert export(ready).number == 1


def test_too_little_space_is_told_before_anything_is_written(ready, monkeypatch):
    monkeypatch.setattr("studio.stages.export.free_bytes", lambda path: 1024)
    with pytest.raises(NotEnoughSpace, match="Free some space"):
        export(ready)
    assert not ready.exports.exists() or not list(ready.exports.iterdir())


def test_a_disk_that_runs_full_on_the_way_leaves_nothing(ready, monkeypatch):
    def full(rows, folder, progress):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("studio.stages.export.render_rows", full)
    with pytest.raises(NotEnoughSpace):
        export(ready)
    assert not list(ready.exports.iterdir())


def test_leftovers_of_a_killed_export_are_removed(ready):
    stale = ready.exports / ".0001.tmp-999999-0a1b2c3d"
    stale.mkdir(parents=True)
    export(ready)
    assert sorted(path.name for path in ready.exports.iterdir()) == ["0001"]


def test_a_dataset_without_pictures_is_refused(home):
    with pytest.raises(NothingToDo, match="no pictures to export"):
        export(create_dataset("nothing"))


def test_faults_of_an_export_are_found(ready):
    folder = export(ready).folder
    picture = next((folder / "train").glob("*.png"))
    data = bytearray(picture.read_bytes())
    data[-20] ^= 1
    picture.write_bytes(data)
    (folder / "validation" / "metadata.jsonl").unlink()
    (folder / "stray.txt").write_text("x")
    faults = dict(faults_of(folder))
    assert faults[f"train/{picture.name}"] == "has other bytes"
    assert faults["validation/metadata.jsonl"] == "is missing"
    assert faults["stray.txt"] == "was not written by the export"
