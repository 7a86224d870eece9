from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from tests.training.small_export import tiny_config
from training.config.config_file import load_config, parse_config, write_config
from training.config.run_config import RunConfig
from training.errors import ConfigError
from training.methods.lora.config import LoraConfig
from training.methods.textual_inversion.config import TextualInversionConfig


def _problems(content) -> str:
    with pytest.raises(ConfigError) as caught:
        parse_config(content)
    return str(caught.value)


def test_what_is_written_reads_back_the_same(tmp_path: Path) -> None:
    for method in ("lora", "textual-inversion"):
        config = tiny_config(Path("pocket"), tmp_path, method)
        write_config(config, tmp_path / "config.yaml")
        assert load_config(tmp_path / "config.yaml") == config


def test_numbers_as_people_write_them(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(
        "name: a\ndata: {path: x}\nmethod: {method: lora}\noptimisation: {learning_rate: 1e-4}\n"
    )
    assert load_config(tmp_path / "c.yaml").optimisation.learning_rate == 1e-4


def test_all_problems_are_told_together_and_in_words() -> None:
    text = _problems(
        {
            "name": "a b",
            "data": {"path": "x", "batchsize": 2, "flip": "yes"},
            "method": {"method": "lora", "rank": 0, "targets": ["atention"]},
            "optimisation": {"steps": "many", "schedule": "linear"},
        }
    )
    for part in (
        "name: must be 1 to 64 letters",
        "data.batchsize: unknown setting",
        "data.flip:",
        "method.rank:",
        "method.targets.0:",
        "optimisation.steps:",
        "optimisation.schedule:",
    ):
        assert part in text
    assert len(text.splitlines()) == 8, text


def test_other_mistakes_are_named() -> None:
    base = {"name": "a", "data": {"path": "x"}}
    assert "method: is missing" in _problems(base)
    assert "lora or textual-inversion" in _problems(base | {"method": {"method": "magic"}})
    assert "angle brackets" in _problems(base | {"method": {"method": "textual-inversion", "placeholder": "ink"}})
    assert "warmup_steps" in _problems(
        base | {"method": {"method": "lora"}, "optimisation": {"steps": 5, "warmup_steps": 5}}
    )
    assert "no settings" in _problems(["name"])
    ti = {"method": "textual-inversion", "placeholder": "<a>", "templates": ["no gap"]}
    assert "exactly one {}" in _problems(base | {"method": ti})


def test_unreadable_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no config file"):
        load_config(tmp_path / "none.yaml")
    (tmp_path / "bad.yaml").write_text("a: [")
    with pytest.raises(ConfigError, match="not valid YAML"):
        load_config(tmp_path / "bad.yaml")
    (tmp_path / "code.yaml").write_text("!!python/object/apply:os.system [echo]")
    with pytest.raises(ConfigError, match="not valid YAML"):
        load_config(tmp_path / "code.yaml")


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        LoraConfig().rank = 3  # type: ignore[misc]


def _groups(model: type[BaseModel]) -> list[type[BaseModel]]:
    inner = [field.annotation for field in model.model_fields.values()]
    found = [kind for kind in inner if isinstance(kind, type) and issubclass(kind, BaseModel)]
    return [model, *(group for kind in found for group in _groups(kind))]


def test_every_setting_is_explained() -> None:
    groups = [*_groups(RunConfig), LoraConfig, TextualInversionConfig]
    assert len(groups) == 10
    for group in groups:
        for name, field in group.model_fields.items():
            assert field.description and field.description[0].isupper() | field.description[0].islower(), name
            assert field.description.rstrip().endswith("."), f"{group.__name__}.{name}"
