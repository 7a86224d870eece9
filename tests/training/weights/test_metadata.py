"""The header says where weights came from, in the keys that other tools look for."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from training.config.config_file import parse_config
from training.config.run_config import RunConfig
from training.weights.embedding_files import save_embedding
from training.weights.inspect import facts_as_json, facts_table, inspect_weights
from training.weights.metadata import build_metadata, strip_caption_data
from training.weights.model_hashes import legacy_hash, with_hashes

DATASET = {"dataset": "example", "number": 1, "digest": "d" * 64, "trigger": "ink style", "concept": "style"}
FACTS = {
    "steps": 160,
    "epoch": 32,
    "num_pictures": 40,
    "validation_loss": 0.142,
    "finished_at": "2030-01-02T03:04:05+00:00",
    "base_model_hash": "b" * 64,
    "tag_frequency": {"train": {"ink": 40}},
}


def config_for(model: str = "pocket", **method: object) -> RunConfig:
    settings = {"method": "lora", "rank": 8, "alpha": 4.0, **method}
    content = {"name": "ink", "base": {"model": model}, "data": {"path": "/data/export"}, "method": settings}
    return parse_config(content)


def embedding_config(model: str = "pocket") -> RunConfig:
    method = {"method": "textual-inversion", "placeholder": "<ink>", "replaces": "ink style", "vectors": 4}
    content = {"name": "ink", "base": {"model": model}, "data": {"path": "/data/export"}, "method": method}
    return parse_config(content)


def test_every_value_is_text_and_the_musts_are_there() -> None:
    header = build_metadata(config_for(), DATASET, FACTS)
    assert all(isinstance(value, str) for value in header.values())
    assert header["ss_v2"] == "False" and header["ss_base_model_version"] == "sd_v1"
    assert header["ss_network_module"] == "networks.lora"
    assert (header["ss_network_dim"], header["ss_network_alpha"], header["ss_network_args"]) == ("8", "4.0", "{}")
    assert header["modelspec.sai_model_spec"] == "1.0.1"
    assert header["modelspec.architecture"] == "stable-diffusion-v1/lora"
    assert header["modelspec.implementation"] == "diffusers"
    assert (header["modelspec.title"], header["modelspec.resolution"]) == ("ink", "64x64")
    assert header["modelspec.trigger_phrase"] == "ink style"
    assert header["concept_studio.export_digest"] == "d" * 64
    assert header["ss_steps"] == "160" and header["ss_num_train_images"] == "40"
    assert "concept_studio.final_loss" not in header


@pytest.mark.parametrize(
    ("name", "v2", "version", "architecture", "kind"),
    [
        ("sd1", "False", "sd_v1", "stable-diffusion-v1", "epsilon"),
        ("sd2", "True", "sd_v2_v", "stable-diffusion-v2-768-v", "v"),
        ("sdxl", "False", "sdxl_base_v1-0", "stable-diffusion-xl-v1-base", "epsilon"),
    ],
)
def test_each_family_is_named_as_other_tools_name_it(
    tiny_folder: Callable, name: str, v2: str, version: str, architecture: str, kind: str
) -> None:
    folder = str(tiny_folder(name))
    header = build_metadata(config_for(folder), {}, {})
    assert (header["ss_v2"], header["ss_base_model_version"]) == (v2, version)
    assert header["modelspec.architecture"] == f"{architecture}/lora"
    assert header["modelspec.prediction_type"] == kind
    assert header["ss_sd_model_name"] == name, "no folders of this machine"
    assert folder not in json.dumps(header)
    embedding = build_metadata(embedding_config(folder), {}, {})
    assert embedding["modelspec.architecture"] == f"{architecture}/textual-inversion"


def test_an_embedding_names_its_placeholder_as_the_trigger() -> None:
    header = build_metadata(embedding_config(), DATASET, FACTS)
    assert header["modelspec.trigger_phrase"] == header["concept_studio.placeholder"] == "<ink>"
    assert header["concept_studio.replaces"] == "ink style"
    assert "ss_network_module" not in header


def test_what_comes_from_captions_can_be_left_out() -> None:
    header = build_metadata(config_for(), DATASET, FACTS)
    assert "ink" in header["ss_tag_frequency"]
    stripped = strip_caption_data(header)
    assert "ss_tag_frequency" not in stripped and stripped["ss_network_dim"] == "8"


def test_dora_and_convolutions_are_stated() -> None:
    header = build_metadata(config_for(dora=True, targets=["attention", "convolutions"]), {}, {})
    assert json.loads(header["ss_network_args"]) == {
        "conv_alpha": 4.0, "conv_dim": 8, "dora_wd": True, "wd_on_out": True,
    }  # fmt: skip
    assert header["concept_studio.method"] == "dora"


def test_the_hashes_are_those_of_the_file_with_only_the_ss_keys() -> None:
    tensors = {"a": torch.arange(400_000, dtype=torch.float32)}
    header = with_hashes(tensors, {"ss_v2": "False", "other": "x"})
    raw = save(tensors, {"ss_v2": "False"})
    assert header["sshs_model_hash"] == hashlib.sha256(tensors["a"].numpy().tobytes()).hexdigest()
    assert header["sshs_legacy_hash"] == hashlib.sha256(raw[0x100000:0x110000]).hexdigest()[:8] == legacy_hash(raw)
    assert header["modelspec.hash_sha256"] == "0x" + header["sshs_model_hash"]


def test_inspecting_tells_what_a_file_is(tmp_path: Path) -> None:
    path = tmp_path / "ink.safetensors"
    save_embedding([torch.ones(4, 128)], path, build_metadata(embedding_config(), DATASET, FACTS))
    facts = inspect_weights(path)
    assert (facts.kind, facts.family, facts.vectors, facts.trigger) == ("embedding", "sd1", [4], "<ink>")
    assert (facts.steps, facts.export_digest, facts.base_model) == (160, "d" * 64, "pocket")
    assert json.loads(facts_as_json(facts))["dataset"] == "example"
    shown = {str(cell) for column in facts_table(facts).columns for cell in column.cells}
    assert {"trigger", "<ink>", "160"} <= shown


def test_inspecting_an_adapter_counts_its_modules(tiny_family: Callable, tmp_path: Path) -> None:
    from tests.training.weights.adapters import ALPHA, RANK, add_random_adapters
    from training.weights.lora_files import save_lora

    family = tiny_family("sdxl")
    state = add_random_adapters(family, dora=True)
    save_lora(family.info, state, RANK, ALPHA, tmp_path / "a.safetensors", tmp_path / "a-diffusers", {"ss_steps": "7"})
    one, two = inspect_weights(tmp_path / "a.safetensors"), inspect_weights(tmp_path / "a-diffusers")
    assert (one.layout, two.layout, one.kind, two.kind) == ("kohya", "diffusers", "dora", "dora")
    assert one.modules == two.modules and set(one.modules) == {"unet", "text_encoder", "text_encoder_2"}
    assert one.modules["text_encoder"] == 12
    assert (one.rank, one.alpha, one.steps) == (two.rank, two.alpha, two.steps) == (RANK, ALPHA, 7)
