"""The export format as both halves and Hugging Face `datasets` see it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from PIL import Image

from studio.stages.export import export
from studio.stages.ingest import ingest
from studio.stages.split import split
from studio.stages.trigger import set_trigger
from studio.workspace import create_dataset
from training.data.read_dataset import read_dataset

DATASETS = Path(__file__).parents[2] / "datasets"
SCHEMA = json.loads((DATASETS / "schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def exported(dataset, draw, tmp_path) -> Path:
    """Three pictures, one of them held out; only one has tags and a key of its own."""
    originals = tmp_path / "originals"
    for number, size in ((1, (160, 80)), (2, (96, 96)), (3, (80, 160))):
        draw(originals / f"picture {number}.png", number, size)
    lines = [
        {
            "file_name": "picture 1.png",
            "text": 'a "caf\u00e9"\u2028\U0001f431, ink style',
            "tags": ["a", "b"],
            "mood": "calm",
            "image": "x",
            "mask_file_name": "mask.png",
            "file_names": ["a.png"],
            "score": 3,
            "seen": "2024-05-31",
            "box": {"left": 1},
            "none": None,
            "big": 2**70,
            "words": ["a"],
            "empty": [],
            "rank": 0.5,
        },
        {
            "file_name": "picture 2.png",
            "text": "a dog",
            "repeats": 3,
            "licence": "MIT",
            "score": "high",
            "extra": '{"weight": null}',
        },
    ]
    (originals / "metadata.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    set_trigger(dataset, "ink style")
    assert ingest(dataset, originals, workers=1).added == 3
    split(dataset, validation=1)
    folder = export(dataset).folder
    assert folder is not None
    return folder


def rows(folder: Path) -> list[dict]:
    lines = [line for path in sorted(folder.glob("*/metadata.jsonl")) for line in path.read_text().split("\n")]
    return [json.loads(line) for line in lines if line]


def test_the_trainer_reads_what_the_studio_wrote(exported):
    read = read_dataset(exported)
    assert (len(read.train), len(read.validation), read.trigger) == (2, 1, "ink style")
    written = {row["file_name"]: row for row in rows(exported)}
    for row in [*read.train, *read.validation]:
        wanted = written.pop(row.file_name)
        assert (row.text, row.repeats, list(row.tags)) == (wanted["text"], wanted["repeats"], wanted["tags"])
        assert (row.width, row.height) == (wanted["width"], wanted["height"])
        with Image.open(row.path) as image:
            assert (image.size, image.mode, image.format) == ((row.width, row.height), "RGB", "PNG")
    assert not written
    assert read.facts["digest"] and read.facts["format"] == "concept-studio-export/1"


def test_every_row_follows_the_schema(exported):
    found = rows(exported)
    assert len(found) == 3 and len({tuple(row) for row in found}) == 1, "all rows have the same keys"
    for row in found:
        jsonschema.validate(row, SCHEMA)


def test_the_schema_refuses_what_the_page_forbids():
    for bad in (
        {"text": "x"},
        {"file_name": "../x.png", "text": ""},
        {"file_name": "/x.png", "text": ""},
        {"file_name": "a.png", "text": 3},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(bad, SCHEMA)


def test_the_page_names_every_field_of_a_row(exported):
    page = (DATASETS / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.+?)\n```", page, re.DOTALL)
    row = json.loads(example)
    jsonschema.validate(row, SCHEMA)
    assert "\n" not in example and list(row) == list(rows(exported)[0])[: len(row)]
    assert all(f"`{key}`" in page for key in row)
    facts = json.loads((exported / "dataset.json").read_text())
    assert all(f"`{key}`" in page for key in facts)


def test_keys_that_cannot_be_columns_come_out_packed_and_go_in_again(exported):
    written = {row["source"]: row for row in rows(exported)}
    packed = {name: json.loads(row["extra"]) for name, row in written.items()}
    assert sorted(packed["picture 1.png"]) == [
        "big", "box", "empty", "file_names", "image", "mask_file_name", "none", "score", "seen",
    ]  # fmt: skip
    assert packed["picture 1.png"]["score"] == 3 and packed["picture 1.png"]["big"] == 2**70
    assert packed["picture 2.png"] == {"score": "high", "weight": None} and packed["picture 3.png"] == {}
    assert (written["picture 3.png"]["words"], written["picture 3.png"]["rank"]) == ([""], 0.0)
    again = create_dataset("again")
    ingest(again, exported / "train", workers=1)
    with again.catalog() as catalog:
        unknown = {picture.name: picture.extra for picture in catalog.pictures.each()}
    for row in (row for row in written.values() if row["file_name"] in unknown):
        columns = {key: row[key] for key in ("mood", "rank", "words")}
        assert unknown[row["file_name"]] == columns | packed[row["source"]]


def test_hugging_face_datasets_loads_it(exported, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "cache"))
    datasets = pytest.importorskip("datasets")
    datasets.disable_progress_bars()
    loaded = datasets.load_dataset("imagefolder", data_dir=str(exported), cache_dir=str(tmp_path / "cache"))
    assert {name: len(part) for name, part in loaded.items()} == {"train": 2, "validation": 1}
    wanted = {row["text"]: row for row in rows(exported)}
    for part in loaded.values():
        for row in part:
            told = wanted.pop(row["text"])
            assert row["image"].size == (told["width"], told["height"])
            columns = ("tags", "mood", "words", "rank", "extra")
            assert {key: row[key] for key in columns} == {key: told[key] for key in columns}
    assert not wanted
