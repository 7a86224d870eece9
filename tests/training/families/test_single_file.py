"""One .safetensors file in the original layout loads without network and is the same model."""

import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from tests.training.families.ldm_layout import write_single_file
from training.config.base_model import BaseModelConfig
from training.errors import ModelError, TrainingError
from training.families import detect_family, load_family, load_parts
from training.families.load_parts import CONFIG_FOLDERS

FAMILIES = ["sd1", "sd2", "sdxl"]


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: Any) -> None:
        raise OSError("the network was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_file_gives_the_same_outputs_as_the_folder(
    tiny_family: Callable,
    tiny_folder: Callable,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    no_network: None,
    name: str,
) -> None:
    """Only the shipped configs are swapped for tiny ones; everything else is the road of a user's file."""
    expected = tiny_family(name)
    file = write_single_file(expected, tmp_path / "model.safetensors")
    shutil.copytree(tiny_folder(name), tmp_path / "configs" / name, ignore=shutil.ignore_patterns("*.safetensors"))
    monkeypatch.setattr(load_parts, "CONFIG_FOLDERS", tmp_path / "configs")
    found = load_family(BaseModelConfig(model=str(file)))
    assert found.info.name == name and found.info.source == "file"
    assert {weight.dtype for module in found.modules for weight in module.parameters()} == {torch.float32}
    latents, steps = torch.randn(2, 4, 8, 8), torch.tensor([3, 700])
    words, ours = (family.encode_text(["a red apple", ""]) for family in (expected, found))
    for key in words:
        torch.testing.assert_close(ours[key][:1], words[key][:1])
    torch.testing.assert_close(found.predict(latents, steps, words), expected.predict(latents, steps, words))
    pixels = torch.rand(1, 3, 64, 64) * 2 - 1
    torch.testing.assert_close(found.encode_pictures(pixels), expected.encode_pictures(pixels))
    torch.testing.assert_close(found.decode_latents(latents), expected.decode_latents(latents))


# Parameters of the published models: UNet, then each text encoder. Their VAE has 83,653,863.
PUBLISHED = {
    "sd1": (859_520_964, 123_060_480),
    "sd2": (865_910_724, 340_387_840),
    "sdxl": (2_567_463_684, 123_060_480, 694_659_840),
}


@pytest.mark.parametrize("name", FAMILIES)
def test_the_shipped_configs_have_the_size_of_the_published_models(name: str) -> None:
    folder = CONFIG_FOLDERS / name

    def config(part: str) -> dict[str, Any]:
        return json.loads((folder / part / "config.json").read_text())

    with torch.device("meta"):
        modules = [UNet2DConditionModel.from_config(config("unet"))]
        modules.append(CLIPTextModel(CLIPTextConfig.from_pretrained(folder / "text_encoder")))
        if name == "sdxl":
            modules.append(CLIPTextModelWithProjection(CLIPTextConfig.from_pretrained(folder / "text_encoder_2")))
        vae = AutoencoderKL.from_config(config("vae"))
    sizes = [sum(weight.numel() for weight in module.parameters()) for module in [*modules, vae]]
    assert tuple(sizes) == (*PUBLISHED[name], 83_653_863)


def test_what_a_2x_model_predicts_is_told_by_header_yaml_or_name(tiny_family: Callable, tmp_path: Path) -> None:
    family = tiny_family("sd2")
    plain = write_single_file(family, tmp_path / "v2-1.safetensors")
    assert (detect_family(str(plain)).prediction_type, detect_family(str(plain)).resolution) == ("v_prediction", 768)
    base = plain.rename(tmp_path / "v2-1-base.safetensors")
    assert (detect_family(str(base)).prediction_type, detect_family(str(base)).resolution) == ("epsilon", 512)
    (tmp_path / "v2-1-base.yaml").write_text('model:\n  params:\n    parameterization: "v"\n')
    assert detect_family(str(base)).prediction_type == "v_prediction"
    said = write_single_file(family, tmp_path / "said.safetensors", {"modelspec.prediction_type": "epsilon"})
    assert detect_family(str(said)).prediction_type == "epsilon"


def test_a_file_that_lacks_weights_is_refused_in_one_sentence(
    tiny_family: Callable, tiny_folder: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = tiny_family("sd1")
    del family.unet.up_blocks[1].resnets[0].conv1
    file = write_single_file(family, tmp_path / "model.safetensors")
    shutil.copytree(tiny_folder("sd1"), tmp_path / "configs" / "sd1", ignore=shutil.ignore_patterns("*.safetensors"))
    monkeypatch.setattr(load_parts, "CONFIG_FOLDERS", tmp_path / "configs")
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        load_family(BaseModelConfig(model=str(file)))


def test_a_file_of_unusual_size_is_refused_in_one_sentence(tiny_family: Callable, tmp_path: Path) -> None:
    """Without fitting configs: the shipped ones describe the published models only."""
    file = write_single_file(tiny_family("sd1"), tmp_path / "model.safetensors")
    with pytest.raises(TrainingError, match=r"model\.safetensors"):
        load_family(BaseModelConfig(model=str(file)))
