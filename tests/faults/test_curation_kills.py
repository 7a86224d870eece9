"""kill -9 while ingesting, editing captions and exporting: nothing acknowledged is lost, the same command finishes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from studio.catalog import Query
from studio.stages.check import check
from studio.stages.edit_captions import set_caption
from studio.stages.export import export
from studio.stages.export_folder import faults_of
from studio.stages.ingest import ingest

FEW = 3
MANY = pytest.param(20, marks=[pytest.mark.slow, pytest.mark.timeout(900)])
PICTURES = 40

INGEST = """
from pathlib import Path
from studio.stages import ingest as stage
from studio.workspace import open_dataset
stage.BATCH_FILES = 4
dataset = open_dataset("inks")
print("ready", flush=True)
stage.ingest(dataset, Path({folder!r}), workers=1)
"""
EDIT = """
from studio.stages.edit_captions import set_caption
from studio.workspace import open_dataset
dataset = open_dataset("inks")
print("ready", flush=True)
number = {first}
while True:
    set_caption(dataset, number % {pictures} + 1, f"text {{number}}")
    print(number, flush=True)
    number += 1
"""
EXPORT = """
from studio.stages.export import export
from studio.workspace import open_dataset
dataset = open_dataset("inks")
print("ready", flush=True)
export(dataset, resolution={resolution})
"""


@pytest.fixture
def originals(tmp_path: Path, draw) -> Path:
    folder = tmp_path / "originals"
    for number in range(PICTURES):
        path = draw(folder / f"{number:02}.png", number + 1, (200, 200))
        path.with_suffix(".txt").write_text(f"caption {number}")
    return folder


def names_and_captions(dataset) -> dict[str, str]:
    with dataset.catalog() as catalog:
        return {picture.name: picture.caption for picture in catalog.pictures.each(Query(decisions=()))}


@pytest.mark.parametrize("times", [FEW, MANY])
def test_a_killed_ingest_goes_on(dataset, home, originals, kills, times):
    before = kills.fingerprint(originals)
    seen = 0
    for seconds in kills.moments(times, 2.5):
        kills.kill_after(kills.start(INGEST.format(folder=str(originals)), home), seconds)
        with dataset.catalog() as catalog:
            assert catalog.check() == []
            taken = catalog.pictures.count()
        assert taken >= seen
        seen = taken
    report = ingest(dataset, originals, workers=1)
    assert report.added == PICTURES - seen and not report.refused
    assert names_and_captions(dataset) == {f"{n:02}.png": f"caption {n}" for n in range(PICTURES)}
    assert ingest(dataset, originals, workers=1).added == 0
    assert kills.fingerprint(originals) == before
    with dataset.catalog() as catalog:
        pictures = list(catalog.pictures.each())
        assert all(len(catalog.journal.history(picture.id)) == 1 for picture in pictures)
    for picture in pictures:
        assert dataset.thumbnail(picture.sha256).is_file()
        assert hashlib.sha256(Path(picture.source).read_bytes()).hexdigest() == picture.sha256


@pytest.mark.parametrize("times", [FEW, MANY])
def test_no_acknowledged_caption_is_lost(dataset, home, originals, kills, times):
    ingest(dataset, originals, workers=1)
    wanted = {number: None for number in range(1, PICTURES + 1)}
    first = 0
    for seconds in kills.moments(times, 1.0):
        output = kills.kill_after(kills.start(EDIT.format(first=first, pictures=PICTURES), home), seconds)
        done = [int(line) for line in output.split("\n")[:-1]]
        for number in done:
            wanted[number % PICTURES + 1] = number
        with dataset.catalog() as catalog:
            assert catalog.check() == []
            for picture in catalog.pictures.each():
                number = wanted[picture.id]
                written = picture.caption.split()
                # A save may land on disk and be killed before it is acknowledged: then it is newer, never older.
                assert number is None or (written[0] == "text" and int(written[1]) >= number)
        first = (done[-1] + 1 if done else first) + PICTURES
    assert first > PICTURES * times, "some edits were acknowledged"
    set_caption(dataset, 1, "the end")
    with dataset.catalog() as catalog:
        assert catalog.pictures.get(1).caption == "the end"


@pytest.mark.parametrize("times", [FEW, MANY])
def test_a_killed_export_is_whole_or_not_there(dataset, home, originals, kills, times):
    ingest(dataset, originals, workers=1)
    before = kills.fingerprint(originals)
    for number, seconds in enumerate(kills.moments(times, 0.8)):
        # Another resolution each time, so that there is always something to write.
        kills.kill_after(kills.start(EXPORT.format(resolution=64 + 16 * (number % 8)), home), seconds)
        for folder in dataset.exports.glob("[0-9]*"):
            assert faults_of(folder) == []
            assert json.loads((folder / "dataset.json").read_text())["number"] == int(folder.name)
    report = export(dataset, resolution=48)
    assert report.folder is not None and faults_of(report.folder) == []
    assert sum(report.counts.values()) == PICTURES
    assert all(path.name.isdigit() for path in dataset.exports.iterdir()), "no staging folder is left"
    assert export(dataset, resolution=48).same_as == report.number
    assert kills.fingerprint(originals) == before
    assert check(dataset) == []
