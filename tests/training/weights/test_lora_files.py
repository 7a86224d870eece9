"""Adapters written by us do the same in diffusers' own loaders as they did when they were trained."""

import copy
import json
import logging
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from tests.training.weights.adapters import ALPHA, RANK, add_random_adapters, outputs
from training.errors import WeightsError
from training.weights.apply import apply_weights
from training.weights.lora_files import load_lora_state, read_lora, save_lora
from training.weights.lora_names import peft_module, sgm_path

FAMILIES = ["sd1", "sd2", "sdxl"]


@pytest.fixture(scope="session")
def trained(_loaded: Callable, tmp_path_factory: pytest.TempPathFactory) -> Callable:
    """`trained(family, dora=False)`: a folder with the files of random adapters, the outputs with them, their state."""

    @cache
    def make(family: str, dora: bool = False) -> tuple[Path, list[torch.Tensor], dict]:
        folder = tmp_path_factory.mktemp(family)
        teacher = copy.deepcopy(_loaded(family))
        state = add_random_adapters(teacher, dora)
        header = {"ss_v2": "x"}
        save_lora(teacher.info, state, RANK, ALPHA, folder / "ink.safetensors", folder / "ink-diffusers", header)
        return folder, outputs(teacher), state

    return make


def assert_same(found: list[torch.Tensor], expected: list[torch.Tensor]) -> None:
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, atol=2e-5, rtol=1e-4)


@pytest.mark.parametrize("family", FAMILIES)
def test_diffusers_loads_both_layouts_to_the_same_outputs(
    tiny_family: Callable, trained: Callable, family: str, caplog: pytest.LogCaptureFixture
) -> None:
    folder, expected, _ = trained(family)
    base = outputs(tiny_family(family))
    assert all((one - other).abs().max() > 1e-2 for one, other in zip(base, expected, strict=True))
    for place in (folder / "ink.safetensors", folder / "ink-diffusers"):
        fresh = tiny_family(family)
        with caplog.at_level(logging.WARNING):
            fresh.pipeline().load_lora_weights(str(place), use_safetensors=True)
        assert_same(outputs(fresh), expected)
    assert not [record for record in caplog.records if "unexpected keys" in record.getMessage()]


@pytest.mark.parametrize("family", ["sd1", pytest.param("sd2", marks=pytest.mark.slow), "sdxl"])
def test_a_dora_in_the_diffusers_layout_does_the_same_in_diffusers(
    tiny_family: Callable, trained: Callable, family: str
) -> None:
    folder, expected, _ = trained(family, dora=True)
    fresh = tiny_family(family)
    fresh.pipeline().load_lora_weights(str(folder / "ink-diffusers"), use_safetensors=True)
    assert_same(outputs(fresh), expected)


def test_diffusers_turns_a_kohya_dora_into_another_adapter(tiny_family: Callable, trained: Callable) -> None:
    """The reason for two files; when this fails, diffusers has learned to read `dora_scale`."""
    folder, expected, _ = trained("sd1", dora=True)
    fresh = tiny_family("sd1")
    fresh.pipeline().load_lora_weights(str(folder / "ink.safetensors"), use_safetensors=True)
    assert not torch.allclose(outputs(fresh)[-1], expected[-1], atol=1e-3)


def test_we_apply_a_kohya_dora_as_it_was_trained(tiny_family: Callable, trained: Callable) -> None:
    folder, expected, _ = trained("sdxl", dora=True)
    fresh = tiny_family("sdxl")
    apply_weights(fresh, [(folder / "ink.safetensors", 1.0)])
    assert_same(outputs(fresh), expected)


@pytest.mark.parametrize("family", FAMILIES)
def test_both_layouts_are_read_back_to_the_bit(trained: Callable, family: str) -> None:
    folder, _, state = trained(family, dora=True)
    for place in (folder / "ink.safetensors", folder / "ink-diffusers"):
        found = load_lora_state(place)
        assert found.keys() == state.keys()
        for part, tensors in state.items():
            ours = {
                key if part == "unet" or "text_model" in key else f"text_model.{key}": tensors[key] for key in tensors
            }
            assert found[part].keys() == ours.keys()
            assert all(torch.equal(found[part][key], ours[key]) for key in ours)


def test_the_merged_change_of_a_module_is_alpha_over_rank_times_b_a(tiny_family: Callable, trained: Callable) -> None:
    folder, _, state = trained("sd1")
    module = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q"
    down, up = (state["unet"][f"{module}.{kind}.weight"] for kind in ("lora_A", "lora_B"))
    fresh = tiny_family("sd1")
    before = fresh.unet.get_submodule(module).weight.clone()
    fresh.pipeline().load_lora_weights(str(folder / "ink.safetensors"), use_safetensors=True)
    fresh.unet.fuse_lora()
    after = fresh.unet.get_submodule(module).base_layer.weight
    torch.testing.assert_close(after - before, up @ down * ALPHA / RANK, atol=1e-6, rtol=1e-5)


def test_the_kohya_file_has_the_keys_other_tools_look_for(trained: Callable) -> None:
    folder, _, _ = trained("sdxl", dora=True)
    with safe_open(folder / "ink.safetensors", "pt") as file:
        keys, header = set(file.keys()), file.metadata()
        up = file.get_tensor("lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q.lora_up.weight")
        scale = file.get_tensor("lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q.dora_scale")
        alpha = file.get_tensor("lora_unet_input_blocks_1_0_in_layers_2.alpha")
    assert scale.shape == (up.shape[0], 1) and alpha.item() == ALPHA and alpha.ndim == 0
    assert {key.split("_")[1] for key in keys} == {"unet", "te1", "te2"}
    assert "lora_te2_text_model_encoder_layers_0_self_attn_q_proj.lora_down.weight" in keys
    modules = {key.partition(".")[0] for key in keys}
    assert all(f"{module}.{kind}" in keys for module in modules for kind in ("alpha", "lora_down.weight", "dora_scale"))
    assert header["ss_v2"] == "x" and len(header["sshs_model_hash"]) == 64 and len(header["sshs_legacy_hash"]) == 8


def test_the_first_families_have_one_unnumbered_text_encoder(trained: Callable) -> None:
    folder, _, _ = trained("sd2")
    with safe_open(folder / "ink.safetensors", "pt") as file:
        keys = set(file.keys())
    assert "lora_te_text_model_encoder_layers_1_mlp_fc2.lora_up.weight" in keys
    assert "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_out_0.lora_down.weight" in keys


def test_the_diffusers_header_states_the_adapter_settings(trained: Callable) -> None:
    folder, _, _ = trained("sd1")
    with safe_open(folder / "ink-diffusers" / "pytorch_lora_weights.safetensors", "pt") as file:
        settings = json.loads(file.metadata()["lora_adapter_metadata"])
    assert settings["unet.r"] == RANK and settings["unet.lora_alpha"] == ALPHA
    assert "to_out.0" in settings["unet.target_modules"] and settings["text_encoder.use_dora"] is False


def test_every_module_name_finds_its_way_to_sgm_and_back(tiny_family: Callable) -> None:
    unet = tiny_family("sdxl").unet
    kinds = (torch.nn.Linear, torch.nn.Conv2d)
    paths = [path for path, module in unet.named_modules() if isinstance(module, kinds)]
    assert len(paths) > 100
    assert len({sgm_path(path) for path in paths}) == len(paths)
    for path in paths:
        assert peft_module(sgm_path(path).replace(".", "_"), "unet") == path
        assert peft_module(path.replace(".", "_"), "unet") == path


def test_a_file_that_is_no_lora_is_refused_in_one_sentence(tiny_folder: Callable, tmp_path: Path) -> None:
    vae = tiny_folder("sd1") / "vae" / "diffusion_pytorch_model.safetensors"
    with pytest.raises(WeightsError, match="no LoRA that is understood here"):
        read_lora(vae)
    with pytest.raises(WeightsError, match="no-such"):
        read_lora(tmp_path / "no-such.safetensors")


def test_weights_with_nan_are_never_written(tiny_family: Callable, tmp_path: Path) -> None:
    family = tiny_family("sd1")
    state = add_random_adapters(family)
    next(iter(state["unet"].values()))[0] = float("nan")
    with pytest.raises(WeightsError, match="NaN"):
        save_lora(family.info, state, RANK, ALPHA, tmp_path / "a.safetensors", tmp_path / "a-diffusers", {})
    assert not list(tmp_path.rglob("*.safetensors"))
