"""The road as typed, up to the export: each verb does what it says, twice does no harm, bad input gets one sentence."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from studio.cli import main
from studio.stages.ingest import ingest
from studio.workspace import create_dataset


@pytest.fixture
def home(tmp_path: Path, monkeypatch) -> Path:
    """An empty home folder."""
    monkeypatch.setenv("CONCEPT_STUDIO_HOME", str(tmp_path))
    monkeypatch.delenv("CONCEPT_STUDIO_DATASET", raising=False)
    return tmp_path


@pytest.fixture(scope="module")
def raw(tmp_path_factory) -> Path:
    """Nine pictures of random blocks with a caption beside one, a smaller copy, a blurred one and a broken one."""
    folder = tmp_path_factory.mktemp("raw")
    for number in range(9):
        blocks = Image.effect_noise((8, 8), 200).point(lambda value: 255 * (value > 128))
        blocks.resize((160, 160), Image.Resampling.NEAREST).convert("RGB").save(folder / f"line{number}.png")
    Image.open(folder / "line0.png").resize((96, 96)).save(folder / "small copy.png")
    Image.open(folder / "line0.png").rotate(90).filter(ImageFilter.GaussianBlur(9)).save(folder / "foggy.png")
    (folder / "line1.txt").write_text("crossing lines", encoding="utf-8")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 and then nothing")
    return folder


@pytest.fixture(scope="module")
def ingested(raw: Path, tmp_path_factory) -> Path:
    """A home folder whose dataset `lines` holds the pictures; copied for tests that change it."""
    home = tmp_path_factory.mktemp("ingested")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONCEPT_STUDIO_HOME", str(home))
        ingest(create_dataset("lines"), raw)
    return home


@pytest.fixture
def lines(ingested: Path, home: Path) -> Path:
    """A fresh home folder with the ingested dataset `lines`."""
    shutil.copytree(ingested, home, dirs_exist_ok=True)
    return home


def run(capsys, *arguments: str) -> str:
    """Standard output of a verb that must succeed."""
    try:
        main(list(arguments))
    except SystemExit as leaving:
        assert leaving.code in (0, None), capsys.readouterr().err
    return capsys.readouterr().out


def refused(capsys, *arguments: str) -> str:
    """The sentence of a verb that must fail."""
    with pytest.raises(SystemExit) as leaving:
        main(list(arguments))
    assert leaving.value.code not in (0, None)
    return capsys.readouterr().err


def test_the_road_up_to_the_export(home, raw, capsys):
    run(capsys, "new", "lines", "--trigger", "line style")
    first = json.loads(run(capsys, "ingest", str(raw), "--json"))
    assert (first["added"], first["captions_imported"]) == (11, 1)
    assert [Path(row["name"]).name for row in first["refused"]] == ["broken.jpg"]
    assert json.loads(run(capsys, "ingest", str(raw), "--json"))["added"] == 0

    assert "reject small copy.png" in run(capsys, "duplicates", "--accept")
    assert "foggy.png" in run(capsys, "flags", "--reject", "blurred")
    assert "kept" in run(capsys, "keep", "--rest")
    run(capsys, "captions", "--prefix", "a drawing, ", "--apply")
    run(capsys, "captions", "--set", "line2.png=two = three")
    rows = {row["name"]: row for row in json.loads(run(capsys, "captions", "--json"))}
    assert rows["line1.png"]["caption"].startswith("a drawing, crossing lines")
    assert rows["line2.png"]["caption"] == "two = three" and rows["line2.png"]["tokens"] > 0
    assert "small copy.png" not in rows and "foggy.png" not in rows

    assert "64x64" in run(capsys, "resize", "--resolution", "64")
    assert sum(json.loads(run(capsys, "split", "--validation", "0.2", "--json")).values()) == 9
    report = json.loads(run(capsys, "export", "--json"))
    assert sum(report["counts"].values()) == 9 and (Path(report["folder"]) / "dataset.json").is_file()
    assert json.loads(run(capsys, "export", "--json"))["same_as"] == 1
    assert run(capsys, "check").startswith("All well")
    assert "lines" in run(capsys, "datasets")


def test_undo_takes_back_a_batch(lines, capsys):
    before = json.loads(run(capsys, "captions", "--json"))
    run(capsys, "captions", "--find", "crossing", "--replace", "parallel", "--apply")
    assert json.loads(run(capsys, "captions", "--json")) != before
    run(capsys, "undo")
    assert [row["caption"] for row in json.loads(run(capsys, "captions", "--json"))] == [
        row["caption"] for row in before
    ]


def test_a_preview_changes_nothing(lines, capsys):
    assert "+ parallel lines" in run(capsys, "captions", "--find", "crossing", "--replace", "parallel")
    assert any(row["caption"] == "crossing lines" for row in json.loads(run(capsys, "captions", "--json")))


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("ingest", "/nowhere"), "nowhere"),
        (("reject", "ghost.png"), "ghost.png"),
        (("reject",), "No picture named"),
        (("train",), "export"),
        (("train", "--method", "magic"), "magic"),
        (("train", "--resume", "0007-lora"), "0007-lora"),
        (("generate", "a cat"), "Train first"),
        (("captions", "--find", "(", "--regex"), "("),
        (("caption", "--mode", "sometimes"), "sometimes"),
        (("caption", "--captioner", "/nowhere"), "nowhere"),
        (("duplicates", "--sensitivity", "extreme"), "extreme"),
        (("new", "lines"), "lines"),
        (("new", "../lines"), "cannot be a dataset's name"),
        (("check", "--dataset", "other"), "other"),
    ],
)
def test_bad_input_gets_one_sentence(lines, capsys, arguments, word):
    error = refused(capsys, *arguments)
    assert word in error and "Traceback" not in error
    assert len([line for line in error.splitlines() if line.startswith("concept-studio: ")]) == 1, error


def test_without_a_dataset_the_next_step_is_named(home, capsys):
    assert "concept-studio new" in refused(capsys, "captions")


def test_with_two_datasets_one_must_be_named(home, capsys):
    run(capsys, "new", "one")
    run(capsys, "new", "two")
    assert "--dataset" in refused(capsys, "captions")


def test_history_gives_the_numbers_that_undo_takes(lines, capsys):
    run(capsys, "captions", "--set", "line2.png=a first")
    run(capsys, "captions", "--set", "line2.png=a second")
    run(capsys, "reject", "line3.png")
    newest, second, *_ = json.loads(run(capsys, "history", "--json"))
    assert newest["label"].startswith("Reject") and second["pictures"] == 1
    assert "Took back the change of 1 picture" in run(capsys, "undo", str(second["op_id"]))
    versions = json.loads(run(capsys, "history", "line2.png", "--json"))
    assert [one["new"] for one in versions] == ["a first", "a second", "a first"]
    assert "(taken back)" in run(capsys, "history") and "a second" in run(capsys, "history", "line2.png")


def test_undo_of_an_operation_that_is_not_there(lines, capsys):
    assert "no operation 99999" in refused(capsys, "undo", "99999")


def test_a_damaged_dataset_is_named_and_the_others_are_listed(lines, capsys):
    (lines / "datasets" / "bad").mkdir()
    (lines / "datasets" / "bad" / "catalog.sqlite").write_text("plain text " * 200)
    main_output = json.loads(run(capsys, "datasets", "--json"))
    assert {row["name"]: "error" in row for row in main_output} == {"lines": False, "bad": True}
    with pytest.raises(SystemExit):
        main(["datasets"])
    shown = capsys.readouterr()
    assert "lines" in shown.out and "bad: cannot be opened" in shown.err


def test_a_bad_trigger_leaves_no_dataset(home, capsys):
    assert "cannot be a trigger" in refused(capsys, "new", "inks", "--trigger", "a,")
    assert run(capsys, "datasets").startswith("No dataset")
