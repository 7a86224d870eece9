"""Trying out trained files: what is asked for is drawn, written whole, and told in result.json."""

import copy
import json
from pathlib import Path

import pytest
import torch
from PIL import Image

from training.config.base_model import BaseModelConfig
from training.config.generate import load_request, parse_request
from training.errors import GenerateError, WeightsError
from training.families import load_family
from training.families.family import Family
from training.generate import generate, plan
from training.sampling import draw_samples
from training.saturation import mean_saturation
from training.weights.apply import apply_weights
from training.weights.embedding_files import save_embedding
from training.weights.lora_files import save_lora


@pytest.fixture
def embedding(tmp_path: Path) -> Path:
    path = tmp_path / "ink.safetensors"
    vectors = torch.randn(2, 128, generator=torch.Generator().manual_seed(1)) * 0.05
    save_embedding([vectors], path, {"concept_studio.placeholder": "<ink>", "concept_studio.replaces": "ink style"})
    return path


def write_adapter(family: Family, path: Path) -> Path:
    """A LoRA for the family that changes what it draws."""
    generator = torch.Generator().manual_seed(2)
    state = {}
    for name, module in family.unet.named_modules():
        if name.endswith(("to_q", "to_v")):
            out, wide = module.weight.shape
            state[f"{name}.lora_A.weight"] = torch.randn(2, wide, generator=generator) * 0.2
            state[f"{name}.lora_B.weight"] = torch.randn(out, 2, generator=generator) * 0.2
    save_lora(family.info, {"unet": state}, 2, 2, path, path.with_suffix(""), {})
    return path


def test_pictures_are_drawn_with_and_without_and_listed(tmp_path: Path, embedding: Path) -> None:
    out, seen = tmp_path / "out", []
    request = parse_request(
        {"prompts": ["a lemon, ink style", "a bear"], "seeds": [4], "steps": 2, "weights": [{"path": str(embedding)}]}
    )
    result = generate(request, out, lambda done, total, message: seen.append((done, total)))
    told = json.loads((out / "result.json").read_text())
    assert [(picture["file"], picture["prompt"], picture["seed"]) for picture in told["pictures"]] == [
        ("with-00.png", "a lemon, <ink>", 4),
        ("with-01.png", "a bear, <ink>", 5),
        ("without-00.png", "a lemon", 4),
        ("without-01.png", "a bear", 5),
    ]
    for picture in result.pictures:
        with Image.open(out / picture.file) as drawn:
            assert drawn.size == (64, 64)
            assert mean_saturation(drawn) == pytest.approx(picture.saturation, abs=1e-4)
    assert (out / "with-00.png").read_bytes() != (out / "without-00.png").read_bytes()
    assert seen[-1] == (4, 4) and seen == sorted(seen)
    status = json.loads((out / "status.json").read_text())
    assert (status["state"], status["step"], status["total"]) == ("finished", 4, 4)
    assert not [path for path in out.iterdir() if path.name.startswith(".")]


def test_strength_goes_from_nothing_to_all(tmp_path: Path) -> None:
    pocket = load_family(BaseModelConfig())
    path = write_adapter(pocket, tmp_path / "a.safetensors")
    drawn = {}
    for strength in (None, 0.0, 0.5, 1.0):
        family = copy.deepcopy(pocket)
        if strength is not None:
            apply_weights(family, [(path, strength)])
        drawn[strength] = draw_samples(family, ["a cat"], [0], 2, 3.0, 64, 64)[0].tobytes()
    assert drawn[None] == drawn[0.0]
    assert len({drawn[0.0], drawn[0.5], drawn[1.0]}) == 3


def test_without_weights_only_the_base_model_draws() -> None:
    [drawing] = plan(parse_request({"prompts": ["a cat"]}))
    assert (drawing.prefix, drawing.with_weights) == ("without", False)


def test_a_failure_is_told_in_the_status(tmp_path: Path) -> None:
    (tmp_path / "bad.safetensors").write_bytes(b"\xff" * 99)
    request = parse_request(
        {"prompts": ["a cat"], "steps": 1, "weights": [{"path": str(tmp_path / "bad.safetensors")}]}
    )
    with pytest.raises(WeightsError, match="bad"):
        generate(request, tmp_path / "out")
    wrong = tmp_path / "wide.safetensors"
    save_embedding([torch.ones(1, 7)], wrong, {})
    request = parse_request({"prompts": ["a cat"], "steps": 1, "compare": False, "weights": [{"path": str(wrong)}]})
    with pytest.raises(WeightsError, match="7 numbers"):
        generate(request, tmp_path / "out")
    status = json.loads((tmp_path / "out" / "status.json").read_text())
    assert status["state"] == "failed" and "7 numbers" in status["message"]
    assert not (tmp_path / "out" / "result.json").exists()


def test_sizes_that_do_not_fit_are_refused_with_the_nearest_that_do(tmp_path: Path) -> None:
    with pytest.raises(GenerateError, match="Try 64 x 80"):
        generate(parse_request({"prompts": ["a cat"], "width": 70, "height": 75}), tmp_path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"prompts": []}, "prompts"),
        ({"prompts": ["a"], "stpes": 3}, "stpes"),
        ({"prompts": ["a"], "weights": [{"path": "x", "strength": 2}]}, "strength"),
        ({"prompts": ["a"], "seeds": [1, 2]}, "2 seeds for 1 prompts"),
        ({"prompts": ["a"], "steps": "many"}, "steps"),
    ],
)
def test_impossible_requests_are_refused(content: dict, sentence: str) -> None:
    with pytest.raises(GenerateError, match=sentence):
        parse_request(content)


def test_requests_are_read_from_json(tmp_path: Path) -> None:
    (tmp_path / "request.json").write_text('{"prompts": ["a cat", "a dog", "a bear"], "seeds": [7, 1]}')
    assert load_request(tmp_path / "request.json").seed_of_each_prompt() == [7, 1, 2]
    with pytest.raises(GenerateError, match="cannot be read"):
        load_request(tmp_path / "nothing.json")
