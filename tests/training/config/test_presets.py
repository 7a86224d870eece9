from datetime import date
from pathlib import Path

import pytest

from tests.training.small_export import write_export
from training.config.explain import explain_config, rate_text
from training.config.presets import LORA, placeholder_for, suggest_config
from training.errors import ConfigError, DataError


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_export(tmp_path_factory.mktemp("e") / "0001", train=9, validation=2)


def test_pocket_lora_is_one_unit(export: Path) -> None:
    config = suggest_config(export, "pocket", "lora", "ink")
    method = config.method
    assert method.method == "lora" and method.rank == method.alpha == 8
    assert "convolutions" in method.targets
    assert config.optimisation.learning_rate == 2e-3
    assert config.data.batch_size == 8 and config.data.resolution == 64
    assert config.samples.prompts == (
        "a apple, ink style",
        "a cat, ink style",
        "a apple, ink style",
        "a cat, ink style",
    )


def test_pocket_embedding_knows_trigger_and_placeholder(export: Path) -> None:
    config = suggest_config(export, "pocket", "textual-inversion", "ink-2")
    method = config.method
    assert method.method == "textual-inversion"
    assert (method.placeholder, method.replaces, method.vectors) == ("<ink-2>", "ink style", 4)
    assert config.samples.prompts[0] == "a apple, <ink-2>"
    assert config.optimisation.weight_decay == 0


@pytest.mark.parametrize("family", ["sd1", "sd2", "sdxl"])
@pytest.mark.parametrize("method", ["lora", "textual-inversion"])
def test_every_family_has_settings_that_fit(tiny_folder, export: Path, family: str, method: str) -> None:
    config = suggest_config(export, str(tiny_folder(family)), method, "ink", concept="object")
    assert config.optimisation.min_snr_gamma == 5
    assert config.optimisation.warmup_steps < config.optimisation.steps
    assert config.optimisation.gradient_checkpointing == (family == "sdxl")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"optimisation": {"steps": "abc"}}, "optimisation.steps"),
        ({"optimisation": {"steps": {"x": 3}}}, "optimisation.steps"),
        ({"optimisation": {"steps": True}}, "optimisation.steps"),
        ({"optimisation": {"steps": -5}}, "optimisation.steps"),
        ({"optimisation": {"steps": 10**400}}, "optimisation.steps"),
        ({"optimisation": 3}, "optimisation:"),
        ({"method": {"rank": "big"}}, "method.*rank"),
        ({"method": [1]}, "method"),
        ({"data": "here"}, "data:"),
        ({"data": {"image_column": 3}}, "data.image_column"),
        ({"optimisation": {date(2020, 1, 1): 2}}, "cannot be read as settings"),
    ],
)
def test_senseless_overrides_are_refused_by_name(export: Path, changes: dict, place: str) -> None:
    with pytest.raises(ConfigError, match=place):
        suggest_config(export, "pocket", "lora", "ink", overrides=changes)


def test_a_senseless_placeholder_is_refused_by_name(export: Path) -> None:
    with pytest.raises(ConfigError, match="placeholder"):
        suggest_config(export, "pocket", "textual-inversion", "ink", overrides={"method": {"placeholder": 3}})


def test_steps_grow_with_the_pictures_within_bounds() -> None:
    steps = [LORA["pocket"].steps(count) for count in (1, 38, 1000)]
    assert steps == [100, 160, 200]


def test_what_belongs_together_follows_an_override(export: Path) -> None:
    changes = {"method": {"rank": 4}, "optimisation": {"steps": 8}, "data": {"batch_size": 2}}
    config = suggest_config(export, "pocket", "lora", "ink", overrides=changes)
    assert config.method.method == "lora" and config.method.alpha == 4
    assert (config.optimisation.steps, config.checkpoints.every, config.data.batch_size) == (8, 2, 2)
    config = suggest_config(export, "pocket", "textual-inversion", "a", overrides={"method": {"placeholder": "<b>"}})
    assert config.samples.prompts[0] == "a apple, <b>"


def test_bad_overrides_and_exports_are_refused(export: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"optimisation\.stepz"):
        suggest_config(export, "pocket", "lora", "ink", overrides={"optimisation": {"stepz": 1}})
    with pytest.raises(DataError):
        suggest_config(tmp_path / "none", "pocket", "lora", "ink")


def test_settings_are_explained_in_plain_sentences(export: Path) -> None:
    sentences = explain_config(suggest_config(export, "pocket", "lora", "ink"))
    assert 3 <= len(sentences) <= 5
    assert "rank 8, alpha 8" in sentences[0]
    assert "100 steps of 8 pictures, learning rate 2e-3" in sentences[1]
    embedding = explain_config(suggest_config(export, "pocket", "textual-inversion", "ink"))
    assert "4 vectors behind <ink>" in embedding[0]


def test_small_words() -> None:
    assert [rate_text(rate) for rate in (2e-3, 1e-4, 1.5e-5, 1.0)] == ["2e-3", "1e-4", "1.5e-5", "1"]
    assert [placeholder_for(name) for name in ("ink", "My Ink!", "墨")] == ["<ink>", "<my-ink>", "<concept>"]
