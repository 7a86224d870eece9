"""Try-outs: the request, the numbered folder, and what is read back."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from studio.catalog import Change
from studio.errors import BadInput
from studio.stages.try_out import build_request, list_tries, read_try, start_try, suggested_prompts, weights_file
from studio.workspace import Dataset, create_dataset


def run(name: str = "0001-lora", base: str = "pocket", weights: bool = True) -> SimpleNamespace:
    files = [
        Path(f"/r/{name}/weights/ink-diffusers/pytorch_lora_weights.safetensors"),
        Path(f"/r/{name}/weights/ink.safetensors"),
    ]
    return SimpleNamespace(id=name, config={"base": {"model": base}}, weights=files if weights else [])


@pytest.fixture
def dataset(tmp_path, monkeypatch) -> Dataset:
    monkeypatch.setenv("CONCEPT_STUDIO_HOME", str(tmp_path))
    return create_dataset("ink")


def test_the_request_takes_the_file_that_others_load_and_counts_seeds_up():
    request = build_request([run()], ["a lemon", " ", "a crown "], strength=0.5, seed=4)
    assert request["prompts"] == ["a lemon", "a crown"]
    assert request["seeds"] == [4, 5]
    assert request["weights"] == [{"path": "/r/0001-lora/weights/ink.safetensors", "strength": 0.5}]
    assert request["base_model"] == "pocket"


def test_files_that_were_typed_in_are_kept_as_whole_paths(tmp_path, monkeypatch):
    (tmp_path / "models" / "sd").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    request = build_request([], ["a"], base_model="models/sd", files=[Path("ink.safetensors")])
    assert request["base_model"] == str(tmp_path / "models" / "sd")
    assert request["weights"][0]["path"] == str(tmp_path / "ink.safetensors")
    assert build_request([], ["a"], base_model="owner/name")["base_model"] == "owner/name"


@pytest.mark.parametrize(
    ("runs", "prompts", "words"),
    [
        ([run()], ["  "], "no prompt"),
        ([run(), run("0002-lora", base="other")], ["a"], "different base models"),
        ([run(weights=False)], ["a"], "no weights yet"),
    ],
)
def test_what_cannot_be_drawn_is_refused(runs, prompts, words):
    with pytest.raises(BadInput, match=words):
        build_request(runs, prompts)


def test_a_run_without_weights_names_itself():
    with pytest.raises(BadInput, match="0007-lora"):
        weights_file(run("0007-lora", weights=False))


def test_folders_count_up_and_the_newest_is_listed_first(dataset):
    first, second = start_try(dataset, {"prompts": ["a"]}), start_try(dataset, {"prompts": ["b"]})
    assert (first.name, second.name) == ("0001", "0002")
    assert [one.request["prompts"] for one in list_tries(dataset)] == [["b"], ["a"]]
    assert not read_try(first).finished


def test_pairs_stand_in_the_order_of_the_prompts(dataset):
    folder = start_try(dataset, {"prompts": ["a", "b"]})
    pictures = [
        {"file": f"{kind}-{n:02}.png", "prompt": "ab"[n], "seed": n, "with_weights": kind == "with", "saturation": 0.1}
        for kind in ("with", "without")
        for n in (1, 0)
    ]
    (folder / "result.json").write_text(json.dumps({"seconds": 3, "pictures": pictures}))
    pairs = read_try(folder).pairs
    assert [(without.file, learned.file) for without, learned in pairs] == [
        ("without-00.png", "with-00.png"),
        ("without-01.png", "with-01.png"),
    ]


def test_a_number_without_a_request_is_refused(dataset):
    with pytest.raises(BadInput, match="no try-out of this number"):
        read_try(dataset.tries / "0009")


def test_a_style_is_tried_on_plain_things_and_an_object_on_its_captions(dataset):
    with dataset.catalog() as catalog:
        catalog.settings.set("trigger", "ink style")
        facts = SimpleNamespace(sha256="0" * 64, format="PNG", mode="RGB", width=8, height=8)
        number, _ = catalog.pictures.add(facts, "/p", "p.png")
        catalog.journal.apply([Change(number, "caption", "my cat asleep")], label="test")
    assert suggested_prompts(dataset)[0] == "a lemon, ink style"
    with dataset.catalog() as catalog:
        catalog.settings.set("concept", "object")
    assert suggested_prompts(dataset) == ["my cat asleep"]
