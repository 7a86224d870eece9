"""Base models are told apart without torch, and what cannot be trained is refused in one sentence."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from training.errors import ModelError, TrainingError
from training.families import POCKET_MODEL, detect_family, list_base_models


def test_the_pocket_model_is_described_by_its_configs() -> None:
    info = detect_family(POCKET_MODEL)
    assert (info.name, info.label, info.source) == ("sd1", "Pocket emoji (built in)", "pocket")
    assert (info.resolution, info.bucket_step, info.vae_scale, info.latent_channels) == (64, 16, 4, 4)
    assert (info.prediction_type, info.cross_attention_width, info.text_widths) == ("epsilon", 128, (128,))


@pytest.mark.parametrize(
    ("name", "prediction", "widths"),
    [("sd1", "epsilon", (24,)), ("sd2", "v_prediction", (32,)), ("sdxl", "epsilon", (24, 40))],
)
def test_folders_are_told_apart(tiny_folder: Callable, name: str, prediction: str, widths: tuple[int, ...]) -> None:
    info = detect_family(str(tiny_folder(name)))
    assert (info.name, info.prediction_type, info.text_widths) == (name, prediction, widths)
    assert (info.resolution, info.vae_scale, info.source) == (64, 8, "folder")


def test_detecting_loads_no_torch() -> None:
    code = "import sys, training.families as f; f.detect_family('pocket'); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        (["lora_unet_mid_block_attentions_0_proj_in.lora_down.weight"], "it is a LoRA"),
        (["emb_params"], "it is an embedding"),
        (["double_blocks.0.img_attn.qkv.weight"], "it is a Flux model"),
        (["model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight"], "it is a Stable Diffusion 3 model"),
        (["encoder.conv_in.weight", "decoder.conv_in.weight"], "it is a VAE on its own"),
        (["first_stage_model.encoder.conv_in.weight"], "it is a VAE on its own"),
        (["conditioner.embedders.0.model.ln_final.weight"], "it is the XL refiner"),
        (["control_model.zero_convs.0.0.weight"], "it is a ControlNet"),
        (["model.diffusion_model.input_blocks.0.0.weight"], "holds a UNet but no text encoder"),
        (["down_blocks.0.resnets.0.conv1.weight"], "one part of a diffusers folder"),
        (["something.else"], "its tensors have unknown names"),
    ],
)
def test_other_files_are_named_for_what_they_are(tmp_path: Path, keys: list[str], sentence: str) -> None:
    path = tmp_path / "file.safetensors"
    save_file({key: np.zeros((2, 2), np.float32) for key in keys}, path)
    with pytest.raises(ModelError, match=sentence) as caught:
        detect_family(str(path))
    assert str(path) in str(caught.value)


def change_json(path: Path, **values: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


@pytest.fixture
def configs_only(tiny_folder: Callable, tmp_path: Path) -> Path:
    """The JSON files of a tiny model, to be damaged."""
    source, target = tiny_folder("sd1"), tmp_path / "model"
    for path in source.rglob("*config.json"):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    (target / "model_index.json").write_bytes((source / "model_index.json").read_bytes())
    return target


@pytest.mark.parametrize(
    ("file", "values", "sentence"),
    [
        ("unet/config.json", {"in_channels": 9}, "inpainting"),
        ("model_index.json", {"_class_name": "FluxPipeline"}, "FluxPipeline, which cannot be trained here"),
        ("model_index.json", {"_class_name": "StableDiffusionXLInpaintPipeline"}, "cannot be trained here"),
        ("scheduler/scheduler_config.json", {"prediction_type": "sample"}, 'predicts "sample"'),
        ("vae/config.json", {"block_out_channels": None}, "not a usable model folder"),
    ],
)
def test_unusable_folders_are_refused(configs_only: Path, file: str, values: dict, sentence: str) -> None:
    assert detect_family(str(configs_only)).name == "sd1"
    change_json(configs_only / file, **values)
    with pytest.raises(ModelError, match=sentence):
        detect_family(str(configs_only))


def test_missing_and_broken_configs_are_named(configs_only: Path) -> None:
    (configs_only / "unet" / "config.json").write_text("{")
    with pytest.raises(ModelError, match="cannot be read as JSON"):
        detect_family(str(configs_only))
    (configs_only / "unet" / "config.json").unlink()
    with pytest.raises(ModelError, match=r"unet/config\.json is missing"):
        detect_family(str(configs_only))


def test_what_is_not_there_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelError, match="There is no base model"):
        detect_family(str(tmp_path / "nothing"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="neither in the local Hugging Face cache nor reachable"):
        detect_family("nobody/no-such-model")


def test_a_hub_model_in_the_local_cache_is_found_without_network(
    tiny_folder: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = tmp_path / "models--somebody--tiny"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text("abc")
    (repository / "snapshots").mkdir()
    (repository / "snapshots" / "abc").symlink_to(tiny_folder("sdxl"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub._snapshot_download.constants.HF_HUB_CACHE", str(tmp_path))
    info = detect_family("somebody/tiny")
    assert (info.name, info.source, info.base_model) == ("sdxl", "hub", "somebody/tiny")


def test_local_models_are_listed_and_other_files_left_out(tiny_folder: Callable, tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    (models / "mine").symlink_to(tiny_folder("sd2"))
    save_file({"emb_params": np.zeros((1, 4), np.float32)}, models / "embedding.safetensors")
    (models / "notes.txt").write_text("x")
    found = list_base_models(tmp_path)
    assert [info.name for info in found] == ["sd1", "sd2"]
    assert [info.source for info in found] == ["pocket", "folder"]
    assert list_base_models(tmp_path / "nowhere") == found[:1]


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 a zip", b"\x80\x02}q\x00.", b"\xff" * 100, b"\x10\0\0\0\0\0\0\0{"]
)
def test_garbage_is_refused_with_the_file_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    with pytest.raises(TrainingError) as caught:
        detect_family(str(path))
    assert "model.safetensors" in str(caught.value) and "\n" not in str(caught.value)
