"""The embedded captioner on the example: it captions all drawings, most of them rightly, and alike each time."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from studio.captioners import load_captioner
from studio.captioners.registry import POCKET_FOLDER
from studio.errors import BadInput
from studio.pictures.open import decode

EXAMPLE = Path(__file__).parents[3] / "datasets" / "example"
FOLDERS = ("food", "animals", "faces", "travel", "things")


@pytest.fixture(scope="module")
def captioner():
    return load_captioner("pocket")


@pytest.fixture(scope="module")
def drawings() -> dict[str, Image.Image]:
    raw = EXAMPLE / "raw"
    paths = [path for name in FOLDERS for path in sorted((raw / name).iterdir()) if path.suffix != ".txt"]
    return {path.relative_to(raw).as_posix(): decode(path.read_bytes()).image for path in paths}


def test_the_example_is_captioned_and_most_are_right(captioner, drawings):
    assert len(drawings) == 44
    said = dict(zip(drawings, captioner.caption(list(drawings.values())), strict=True))
    assert all(text.startswith(("a ", "an ")) for text in said.values())
    with (EXAMPLE / "edits.csv").open(encoding="utf-8", newline="") as file:
        edits = {row["name"]: row["caption"] for row in csv.DictReader(file)}
    sidecars = {
        path.relative_to(EXAMPLE / "raw").with_suffix("").as_posix(): path.read_text().strip()
        for name in FOLDERS
        for path in (EXAMPLE / "raw" / name).glob("*.txt")
    }
    wrong = {name for name in edits if said[name] != edits[name].removesuffix(", ink style")}
    assert wrong == set(edits), "edits.csv corrects only what is wrong"
    known = {
        name: sidecars[Path(name).with_suffix("").as_posix()]
        for name in drawings
        if Path(name).with_suffix("").as_posix() in sidecars
    }
    right = sum(f"{said[name]}, ink style" == text for name, text in known.items())
    assert len(known) == 7 and right >= 5
    named = {"red_apple.jpg": "a red apple", "banana.png": "a banana", "robot.png": "a robot", "key.webp": "a key"}
    assert all(said[name] == named[Path(name).name] for name in said if Path(name).name in named)


def test_it_answers_alike_in_any_batch(captioner, drawings):
    some = list(drawings.values())[:4]
    assert captioner.caption(some) == [captioner.caption([image])[0] for image in some]
    assert all(captioner.caption(some, careful=True))


def test_it_runs_in_float32_on_a_processor(captioner):
    import torch

    assert {parameter.dtype for parameter in captioner._model.parameters()} == {torch.float32}


def test_a_folder_loads_as_well(tmp_path, drawings):
    shutil.copytree(POCKET_FOLDER, tmp_path / "mine")
    model = load_captioner(str(tmp_path / "mine"))
    assert model.name == "mine" and len(model.caption(list(drawings.values())[:1])) == 1


def test_what_is_no_captioner_is_refused_with_a_reason(tmp_path):
    with pytest.raises(BadInput, match="no captioner of this name"):
        load_captioner("nothing here")
    with pytest.raises(BadInput, match=r"config\.json"):
        load_captioner(str(tmp_path))
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(BadInput, match="'bert'"):
        load_captioner(str(tmp_path))
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "blip"}))
    (tmp_path / "pytorch_model.bin").write_bytes(b"x")
    with pytest.raises(BadInput, match="never opened"):
        load_captioner(str(tmp_path))
    (tmp_path / "model.safetensors").write_bytes(b"torn")
    with pytest.raises(BadInput, match="cannot be loaded"):
        load_captioner(str(tmp_path))


def test_a_hub_id_that_is_not_cached_is_told_in_a_sentence(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(BadInput, match="not in the local cache and cannot be fetched"):
        load_captioner("nobody-of-this-name/nothing")
