"""Train: the form, what it makes of the choices, and the page of a run in each of its states."""

from __future__ import annotations

import json
import os
from pathlib import Path

import psutil
import pytest
from PIL import Image

from studio.stages.export import export
from studio.stages.plan_training import plan_training
from studio.workspace import Dataset
from training import create_run, load_config


def made_run(dataset: Dataset) -> Path:
    """The only run of the dataset."""
    (run,) = dataset.runs.iterdir()
    return run


def test_without_an_export_one_is_written_first(open_page, filled, started):
    at = open_page("train", dataset=filled.name)
    assert at.button(key="start-training").label == "Write export and train"
    at = at.button(key="start-training").click().run()
    assert not at.exception
    assert started == [("export", {})]
    assert at.query_params["then"] == "train"


def test_the_button_makes_a_run_and_starts_its_job(open_page, said, filled, started):
    export(filled)
    at = open_page("train", dataset=filled.name)
    assert "From export 1 · 9 pictures for training, 1 held out" in said(at)
    at = at.button(key="start-training").click().run()
    assert not at.exception
    run = made_run(filled)
    assert started == [("train", {"run": run.name})]
    assert load_config(run / "config.yaml").method.method == "lora"
    assert at.query_params["run"] == run.name


def test_method_and_a_changed_setting_reach_the_config(open_page, filled, started):
    export(filled)
    at = open_page("train", dataset=filled.name)
    at = at.segmented_control(key=f"method-{filled.name}").set_value("textual-inversion").run()
    steps = next(one for one in at.number_input if "optimisation.steps" in one.key)
    rate = next(one for one in at.text_input if "optimisation.learning_rate" in one.key)
    steps.set_value(7)
    at = rate.set_value("3e-3").run()
    assert any("2 settings differ" in caption.value for caption in at.caption)
    at = at.button(key="start-training").click().run()
    assert not at.exception
    config = load_config(made_run(filled) / "config.yaml")
    assert (config.method.method, config.optimisation.steps) == ("textual-inversion", 7)
    assert config.optimisation.learning_rate == pytest.approx(3e-3)


def test_an_impossible_setting_is_refused_in_words(open_page, said, filled):
    export(filled)
    at = open_page("train", dataset=filled.name)
    at = next(one for one in at.text_input if "optimisation.learning_rate" in one.key).set_value("fast").run()
    assert not at.exception
    assert "learning_rate" in said(at)
    assert "cs-problem" in said(at)


def test_a_warning_links_to_the_page_that_helps(open_page, said, filled):
    with filled.catalog() as catalog:
        catalog.settings.set("split", {"validation": 0.0, "test": 0.0, "seed": 0})
    export(filled)
    at = open_page("train", dataset=filled.name)
    assert not at.exception
    assert "cs-dot cs-warning" in said(at)
    assert "Open Export" in [link.proto.label for link in at.get("page_link")]


def test_the_concept_is_kept(open_page, filled):
    at = open_page("train", dataset=filled.name).radio(key=f"concept-{filled.name}").set_value("object").run()
    assert not at.exception
    with filled.catalog() as catalog:
        assert catalog.settings.get("concept") == "object"


def write_run(dataset: Dataset, state: str, step: int, total: int = 40) -> Path:
    """A run folder as a training in this state leaves it; "running" borrows this very process."""
    export(dataset)
    run = create_run(dataset.runs, plan_training(dataset))
    process = psutil.Process()
    status = {"state": state, "step": step, "total": total, "message": f"It is {state}.", "seconds_left": 41.0,
              "pid": os.getpid(), "process_started": process.create_time(), "seconds_per_step": 0.28,
              "memory_mb": 1040.0, "started_at": "2026-05-03T14:02:00+00:00"}  # fmt: skip
    (run / "status.json").write_text(json.dumps(status))
    events = [{"type": "validation", "step": 0, "loss": 0.3, "baseline": True}]
    events += [{"type": "step", "step": at, "loss": 0.3 - at / 200, "lr": 1e-3} for at in range(1, step + 1)]
    events += [{"type": "validation", "step": step, "loss": 0.15, "baseline": False}]
    (run / "samples" / "step-000000").mkdir(parents=True)
    Image.new("RGB", (8, 8)).save(run / "samples" / "step-000000" / "00.png")
    events += [{"type": "sample", "step": 0, "files": ["samples/step-000000/00.png"], "prompts": ["a <lemon>"]}]
    (run / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
    return run


def test_a_running_one_shows_numbers_samples_and_a_stop_button(open_page, said, filled):
    run = write_run(filled, "running", 10)
    at = open_page("train", dataset=filled.name)
    text = said(at)
    assert not at.exception
    assert "Step 10 of 40 · 25 %" in text
    assert "0.1500, best at 10" in text
    assert "50 % below" in text
    assert f"/run-file/{filled.name}/{run.name}/step-000000/00.png" in text
    assert "a &lt;lemon&gt;" in text
    at.button(key="stop-run").click().run()
    assert (run / "stop").exists()


def test_a_failed_one_says_why_and_goes_on(open_page, said, filled, started):
    run = write_run(filled, "failed", 10)
    (run / "log").write_text("one\nlast words\n")
    at = open_page("train", dataset=filled.name, run=run.name)
    assert "It is failed." in said(at)
    assert any("last words" in code.value for code in at.code)
    at.button(key="resume-run").click().run()
    assert started == [("train", {"run": run.name})]


def test_a_finished_one_names_its_files_and_leads_to_try(open_page, said, filled):
    run = write_run(filled, "finished", 40)
    (run / "weights").mkdir()
    (run / "weights" / "drawings.safetensors").write_bytes(bytes(2000))
    at = open_page("train", dataset=filled.name, run=run.name)
    assert "Finished, 40 steps" in said(at)
    assert str(run / "weights" / "drawings.safetensors") in [code.value for code in at.code]
    assert at.button(key="try-run").proto.type == "primary"


def test_a_run_that_is_not_there_is_named(open_page, said, filled):
    at = open_page("train", dataset=filled.name, run="0009-lora")
    assert not at.exception
    assert "There is no run 0009-lora" in said(at)
