"""From a dataset to settings: what was typed in holds from every folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from studio.stages.plan_training import plan_training
from studio.workspace import Dataset, create_dataset
from tests.training.small_export import write_export
from training import parse_config
from training.families.detect import POCKET_FOLDER


@pytest.fixture
def exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    monkeypatch.setenv("CONCEPT_STUDIO_HOME", str(tmp_path / "home"))
    dataset = create_dataset("ink")
    write_export(dataset.exports / "0001")
    return dataset


def test_local_files_are_kept_as_whole_paths(exported: Dataset, tmp_path: Path, monkeypatch) -> None:
    shutil.copytree(POCKET_FOLDER, tmp_path / "models" / "small")
    monkeypatch.chdir(tmp_path / "models")
    overrides = {"base": {"vae": "vae.safetensors"}}
    config = plan_training(exported, base_model="small", overrides=overrides)
    assert config.base.model == str(tmp_path / "models" / "small")
    assert config.base.vae == tmp_path / "models" / "vae.safetensors"
    assert parse_config(config.model_dump(mode="json")) == config


def test_the_built_in_model_keeps_its_name_beside_a_folder_of_that_name(exported, tmp_path, monkeypatch) -> None:
    (tmp_path / "pocket").mkdir()
    monkeypatch.chdir(tmp_path)
    assert plan_training(exported).base.model == "pocket"
