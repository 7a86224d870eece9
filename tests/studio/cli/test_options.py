"""Options that reach what the app's dialogs reach: thresholds, cuts, caption edits, missing originals, ports."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from studio.cli import main
from studio.pictures.edit import Edit
from studio.stages.edit_captions import set_caption
from studio.stages.flag_rules import THRESHOLD_WORDS, Thresholds
from studio.stages.flags import stored_thresholds
from studio.stages.ingest import ingest


@pytest.fixture
def folder(dataset, draw, tmp_path: Path, monkeypatch) -> Path:
    """Two pictures and a file that is none, ingested."""
    monkeypatch.delenv("CONCEPT_STUDIO_DATASET", raising=False)
    made = tmp_path / "originals"
    draw(made / "one.png", 1)
    draw(made / "small.png", 2, (40, 40))
    (made / "notes.md").write_text("no picture")
    ingest(dataset, made, workers=1)
    return made


def typed(*arguments: str) -> None:
    """Run a verb that must succeed."""
    with pytest.raises(SystemExit) as leaving:
        main(list(arguments))
    assert leaving.value.code in (0, None)


def answer(capsys, *arguments: str) -> Any:
    typed(*arguments, "--json")
    return json.loads(capsys.readouterr().out)


def refused(capsys, *arguments: str) -> str:
    with pytest.raises(SystemExit) as leaving:
        main(list(arguments))
    assert leaving.value.code in (1, 2)
    return capsys.readouterr().err


def test_thresholds_are_kept_and_left_out_files_named(dataset, folder, capsys):
    found = answer(capsys, "flags", "--threshold", "max_brightness=1", "--threshold", "drawn_contrast=300")
    assert found["counts"]["bright"] == 2
    assert [row["name"] for row in found["ignored"]] == ["notes.md"]
    with dataset.catalog() as catalog:
        assert stored_thresholds(catalog)["max_brightness"] == 1
    assert answer(capsys, "flags")["counts"]["bright"] == 2
    typed("flags")
    assert "notes.md: left out: " in capsys.readouterr().out
    assert "such as min_sharpness=50" in refused(capsys, "flags", "--threshold", "min_sharpness=inf")
    assert "no threshold colour" in refused(capsys, "flags", "--threshold", "colour=1")


def test_every_threshold_has_words():
    assert list(THRESHOLD_WORDS) == [field.name for field in fields(Thresholds)]


def test_a_cut_is_set_added_to_reset_and_undone(dataset, folder, capsys):
    def edit() -> str:
        with dataset.catalog() as catalog:
            return catalog.pictures.by_name("one.png")[0].edit

    typed("crop", "one.png", "--focus", "0.5,0.2", "--box", "0,0,1,0.5")
    typed("crop", "one.png", "--rotate", "90")
    assert Edit.from_json(edit()) == Edit(crop=(0, 0, 1, 0.5), rotate=90, focus=(0.5, 0.2))
    typed("crop", "one.png", "--reset")
    assert edit() == ""
    typed("undo")
    assert Edit.from_json(edit()).rotate == 90
    capsys.readouterr()
    for wrong in (["--focus", "1"], ["--box", "0,0,1"], ["--rotate", "45"], ["--focus", "0,nan"], []):
        assert refused(capsys, "crop", "one.png", *wrong).startswith("concept-studio: ")


def test_small_pictures_are_enlarged_when_asked(dataset, folder, capsys):
    assert answer(capsys, "resize", "--resolution", "64")["buckets"] == {"64x64": 1, "32x32": 1}
    assert answer(capsys, "resize", "--upscale")["buckets"] == {"64x64": 2}
    report = answer(capsys, "export")
    assert "1 picture is too small for the resolution, and enlarged." in report["warnings"]
    facts = json.loads((Path(report["folder"]) / "dataset.json").read_text())
    assert facts["settings"]["upscale"] is True and facts["buckets"] == {"64x64": 2}
    assert answer(capsys, "resize", "--no-upscale")["upscale"] is False


def test_captions_are_tidied_as_in_the_app(dataset, folder, capsys):
    set_caption(dataset, 1, "b,  A, a")
    typed("captions", "--find", "a", "--replace", "c", "--match-case", "--apply")
    typed("captions", "--strip", "--dedupe-tags", "--sort-tags", "--apply")
    capsys.readouterr()
    assert {row["caption"] for row in answer(capsys, "captions")} == {"A, b, c", ""}


def test_missing_originals_are_left_out_when_asked_and_notes_said_once(dataset, folder, capsys):
    (folder / "one.png").unlink()
    assert "--allow-missing" in refused(capsys, "export")
    typed("export", "--allow-missing")
    said = capsys.readouterr().err
    assert said.count("without a caption") == 1 and "left out: one.png: " in said


def test_bad_lines_of_a_table_are_told_with_their_number(dataset, folder, capsys):
    lines = [
        b'{"file_name": "one.png", "text": "caf\xe9"}',
        b'{"file_name": "small.png", "text": "a dog", "author": "\\ud800"}',
    ]
    (folder / "metadata.jsonl").write_bytes(b"\n".join(lines))
    (folder / "one.txt").write_bytes(b"\0")
    typed("ingest", str(folder))
    said = capsys.readouterr().err
    assert "note: metadata.jsonl line 1: is not UTF-8" in said
    assert "note: metadata.jsonl line 2: holds half a character" in said
    assert said.count("one.txt") == 1


@pytest.mark.parametrize("port", ["99999", "-5"])
def test_an_impossible_port_is_wrong_usage(port, capsys):
    assert "Invalid value for '--port'" in refused(capsys, "app", "--port", port, "--no-browser")
