"""The demo from an empty home: exit 0, both weights made, the concept learned: measured on pictures and losses."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
from PIL import Image

from training import list_runs, read_weights_header

UNSEEN = ["lemon", "tiger face", "guitar", "umbrella", "crown", "pear", "bear", "castle"]
LIMIT_SECONDS = 600

pytestmark = pytest.mark.timeout(2 * LIMIT_SECONDS)


def run_demo(home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CONCEPT_STUDIO_HOME": str(home), "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-m", "studio", "demo"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8")


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> tuple[Path, str, float]:
    """(dataset folder, what was printed, seconds) of one demo from an empty home."""
    home = tmp_path_factory.mktemp("demo-home")
    began = time.monotonic()
    answer = run_demo(home)
    assert answer.returncode == 0, answer.stdout[-2000:] + answer.stderr[-4000:]
    return home / "datasets" / "example", answer.stdout, time.monotonic() - began


def newest(dataset: Path, method: str):
    return [view for view in list_runs(dataset / "runs") if view.method == method][-1]


def drawn(dataset: Path, method: str, with_weights: bool) -> list[Path]:
    """The pictures drawn with (or without) what a method learned, in prompt order."""
    weights = str(newest(dataset, method).path)
    for result in sorted(dataset.glob("tries/*/result.json")):
        request = json.loads((result.parent / "request.json").read_text("utf-8"))
        if [weights in one["path"] for one in request["weights"]] == [True]:
            pictures = json.loads(result.read_text("utf-8"))["pictures"]
            return [result.parent / one["file"] for one in pictures if one["with_weights"] == with_weights]
    raise AssertionError(f"nothing was drawn with {weights}")


def saturation(path: Path) -> float:
    """Mean HSV saturation of a picture, 0 to 1, measured here and not taken from what the program says."""
    with Image.open(path) as picture:
        return float(np.asarray(picture.convert("HSV"))[..., 1].mean() / 255)


def test_the_demo_ends_within_its_limit_and_says_what_it_made(demo):
    dataset, printed, seconds = demo
    assert seconds < LIMIT_SECONDS
    for method in ("textual-inversion", "lora"):
        (weights,) = [path for path in newest(dataset, method).weights if path.parent.name == "weights"]
        assert str(weights) in printed
    assert "concept-studio app" in printed.splitlines()[-1]
    assert (dataset / "demo.png").is_file() and str(dataset / "demo.png") in printed


def test_every_flawed_file_is_named_with_its_reason(demo):
    _, printed, _ = demo
    for name in ("broken.jpg", "not a picture.png"):
        assert re.search(rf"unsorted/{re.escape(name)}: cannot be read: \S", printed), name
    for name in (
        "blurry.jpg",
        "too dark.jpg",
        "tiny.png",
        "banner.jpg",
        "empty page.png",
        "from print.jpg",
        "phone.jpg",
    ):
        assert f"unsorted/{name}" in printed, name


def test_the_export_holds_exactly_the_44_drawings(demo):
    dataset, _, _ = demo
    rows = [
        json.loads(line)
        for split in ("train", "validation")
        for line in (dataset / "exports" / "0001" / split / "metadata.jsonl").read_text("utf-8").splitlines()
    ]
    assert len(rows) == 44 and len({row["text"] for row in rows}) == 44
    assert all(row["text"].endswith(", ink style") for row in rows)


def test_the_concept_model_draws_without_colour(demo):
    dataset, _, _ = demo
    with_it, without = (drawn(dataset, "lora", side) for side in (True, False))
    assert len(with_it) == len(without) == len(UNSEEN)
    assert fmean(map(saturation, with_it)) <= 0.6 * fmean(map(saturation, without))


def test_the_eight_things_are_not_in_the_example(demo):
    dataset, _, _ = demo
    texts = " ".join(path.read_text("utf-8") for path in dataset.glob("exports/0001/*/metadata.jsonl"))
    request = json.loads(sorted(dataset.glob("tries/*/request.json"))[-1].read_text("utf-8"))
    for thing, prompt in zip(UNSEEN, request["prompts"], strict=True):
        assert thing in prompt and not re.search(rf"\b{thing}\b", texts), thing


@pytest.mark.parametrize(("method", "share"), [("lora", 0.45), ("textual-inversion", 0.15)])
def test_the_held_out_loss_falls(demo, method, share):
    dataset, _, _ = demo
    view = newest(dataset, method)
    assert view.validation[-1][1] <= (1 - share) * view.baseline


def test_the_weights_say_where_they_came_from(demo):
    dataset, _, _ = demo
    digest = json.loads((dataset / "exports" / "0001" / "dataset.json").read_text("utf-8"))["digest"]
    for method in ("lora", "textual-inversion"):
        for path in newest(dataset, method).weights:
            assert digest in json.dumps(read_weights_header(path)), path


def test_a_second_demo_does_nothing_twice(demo):
    dataset, _, _ = demo
    before = sorted(path.name for folder in ("runs", "exports", "tries") for path in (dataset / folder).iterdir())
    answer = run_demo(dataset.parent.parent)
    assert answer.returncode == 0, answer.stderr[-2000:]
    assert before == sorted(
        path.name for folder in ("runs", "exports", "tries") for path in (dataset / folder).iterdir()
    )
