"""Training as typed: a refused start leaves nothing behind."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from studio.cli import main
from studio.workspace import Dataset, create_dataset
from tests.training.small_export import write_export


@pytest.fixture
def exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    monkeypatch.setenv("CONCEPT_STUDIO_HOME", str(tmp_path))
    monkeypatch.delenv("CONCEPT_STUDIO_DATASET", raising=False)
    dataset = create_dataset("ink")
    write_export(dataset.exports / "0001")
    return dataset


def refused(capsys, *arguments: str) -> str:
    with pytest.raises(SystemExit) as leaving:
        main(list(arguments))
    assert leaving.value.code not in (0, None)
    return capsys.readouterr().err


def test_a_second_training_is_refused_before_a_folder_is_made(exported: Dataset, capsys) -> None:
    with exported.catalog() as catalog:
        catalog.jobs.add("20260101-000000-train-aaaaaa", "train", {"run": "0001-lora"}, "2026-01-01", time.time())
    assert "already running" in refused(capsys, "train")
    assert not list(exported.runs.glob("*"))


@pytest.mark.parametrize("setting", ["optimisation.steps=abc", "optimisation.steps.x=3", "optimisation=3"])
def test_a_senseless_setting_gets_a_sentence(exported: Dataset, capsys, setting: str) -> None:
    said = refused(capsys, "train", "--set", setting)
    assert "optimisation" in said and "Traceback" not in said
    assert not list(exported.runs.glob("*"))


def test_an_unknown_run_cannot_be_gone_on_with(exported: Dataset, capsys) -> None:
    assert "no run of this name" in refused(capsys, "train", "--resume", "0007-lora")
