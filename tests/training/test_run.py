"""Whole runs on tiny models: finished, stopped, resumed, broken."""

import json
import math
import os
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.training.small_export import tiny_config, write_export
from training import loop
from training.checkpoints import list_checkpoints, verifies
from training.errors import CheckpointError, ConfigError, LossNotFinite, OutOfMemory, RunError
from training.run import run_training
from training.run_folder import request_stop
from training.run_view import read_run
from training.set_up import set_up
from training.weights.metadata import CAPTION_KEYS
from training.weights.read_header import read_weights_header

METHODS = ["lora", "textual-inversion"]


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_export(tmp_path_factory.mktemp("export") / "0001")


@pytest.fixture
def model(tiny_folder) -> Path:
    return tiny_folder("sd1")


def _weights(run: Path) -> dict[str, torch.Tensor]:
    return load_file(run / "weights" / "small.safetensors")


def _same(first: Path, second: Path) -> bool:
    a, b = _weights(first), _weights(second)
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


@pytest.mark.parametrize("method", METHODS)
def test_a_run_leaves_all_that_the_contract_names(model: Path, export: Path, tmp_path: Path, method: str) -> None:
    prompts = ["a cat, <ink>"] if method == "textual-inversion" else ["a cat"]
    config = tiny_config(model, export, method, samples={"prompts": prompts, "steps": 2, "every": 2})
    assert run_training(config, tmp_path) == "finished"
    view = read_run(tmp_path)
    assert (view.state, view.step, view.total, view.alive) == ("finished", 4, 4, False)
    assert [step for step, _ in view.losses] == [1, 2, 3, 4]
    assert [step for step, _ in view.validation] == [2, 4]
    assert view.baseline is not None and view.best_step in (2, 4)
    assert [step for step, _, _ in view.samples] == [0, 2, 4]
    assert all(path.is_file() for _, files, _ in view.samples for path in files)
    assert view.samples[0][2] == ["a cat"]
    assert view.weights[0] == tmp_path / "weights" / "small.safetensors"
    assert json.loads((tmp_path / "dataset.json").read_text())["digest"] == "ab" * 32
    assert not [path for path in tmp_path.rglob("*") if ".tmp-" in path.name]
    assert run_training(config, tmp_path) == "finished already"


@pytest.mark.parametrize("method", METHODS)
def test_caption_data_stays_out_of_the_weights_when_asked(
    model: Path, export: Path, tmp_path: Path, method: str
) -> None:
    run_training(tiny_config(model, export, method), tmp_path / "told")
    private = tiny_config(model, export, method, output={"strip_caption_data": True})
    run_training(private, tmp_path / "private")
    for path in (tmp_path / "private" / "weights").rglob("*.safetensors"):
        told = read_weights_header(tmp_path / "told" / path.relative_to(tmp_path / "private"))
        assert json.loads(told["ss_tag_frequency"])["train"]["a cat"] > 0
        header = read_weights_header(path)
        assert not header.keys() & set(CAPTION_KEYS)
        assert "a cat" not in json.dumps(header) and header["ss_seed"] == told["ss_seed"]


def test_the_same_run_twice_gives_the_same_bits(model: Path, export: Path, tmp_path: Path) -> None:
    config = tiny_config(model, export, "lora", method={"dropout": 0.2})
    run_training(config, tmp_path / "a")
    run_training(config, tmp_path / "b")
    assert _same(tmp_path / "a", tmp_path / "b")


@pytest.mark.parametrize("stops", [(2, 3, 5)])
def test_stops_in_mid_accumulation_and_mid_epoch_change_no_bit(
    model: Path, export: Path, tmp_path: Path, monkeypatch, stops: tuple[int, ...]
) -> None:
    config = tiny_config(
        model,
        export,
        "lora",
        data={"flip": True, "caption_dropout": 0.3},
        method={"dropout": 0.2, "train_text_encoder": True},
        optimisation={"accumulate": 2},
    )
    run_training(config, tmp_path / "whole")
    real, count = loop.batch_loss, 0

    def counting(lesson, batch):
        nonlocal count
        count += 1
        if count in stops:
            (tmp_path / "parts" / "stop").touch()
        return real(lesson, batch)

    monkeypatch.setattr(loop, "batch_loss", counting)
    outcomes = [run_training(config, tmp_path / "parts") for _ in range(len(stops) + 1)]
    assert outcomes == ["stopped"] * len(stops) + ["finished"]
    assert _same(tmp_path / "whole", tmp_path / "parts")
    assert read_run(tmp_path / "parts").losses == read_run(tmp_path / "whole").losses


def test_a_stop_pressed_before_the_first_step_is_obeyed_and_costs_nothing(
    model: Path, export: Path, tmp_path: Path
) -> None:
    config = tiny_config(model, export, "lora")
    run_training(config, tmp_path / "whole")
    (tmp_path / "parts").mkdir()
    request_stop(tmp_path / "parts")
    assert run_training(config, tmp_path / "parts") == "stopped"
    assert read_run(tmp_path / "parts").baseline is None
    assert run_training(config, tmp_path / "parts") == "finished"
    assert _same(tmp_path / "whole", tmp_path / "parts")


def test_a_stop_meant_for_a_dead_process_is_forgotten(model: Path, export: Path, tmp_path: Path) -> None:
    request_stop(tmp_path)
    os.utime(tmp_path / "stop", (1e9, 1e9))
    assert run_training(tiny_config(model, export, "lora"), tmp_path) == "finished"


def test_nan_stops_at_once_and_keeps_the_last_good_state(
    model: Path, export: Path, tmp_path: Path, monkeypatch
) -> None:
    real, steps = loop.batch_loss, 0

    def breaks(lesson, batch):
        nonlocal steps
        steps += 1
        return real(lesson, batch) * (math.nan if steps >= 4 else 1.0)

    monkeypatch.setattr(loop, "batch_loss", breaks)
    config = tiny_config(model, export, "lora", optimisation={"steps": 6})
    with pytest.raises(LossNotFinite, match=r"Step 4 .*learning_rate"):
        run_training(config, tmp_path)
    view = read_run(tmp_path)
    assert view.state == "failed" and "Step 4" in view.message
    assert [step for step, _ in view.losses] == [1, 2, 3]
    assert view.weights == []
    (last,) = list_checkpoints(tmp_path / "checkpoints")[-1:]
    assert last.step == 2 and verifies(last.path)
    assert all(torch.isfinite(value).all() for value in load_file(last.path / "state.safetensors").values())


def test_infinite_gradients_stop_before_the_weights_change(model: Path, export: Path) -> None:
    lesson = set_up(tiny_config(model, export, "lora"))
    before = {name: value.detach().clone() for name, value in lesson.method.trainable.items()}
    loop.batch_loss(lesson, lesson.state.loader.next_batch()).backward()
    next(iter(lesson.method.trainable.values())).grad.fill_(math.inf)
    with pytest.raises(LossNotFinite):
        loop.take_step(lesson)
    assert all(torch.equal(before[name], value) for name, value in lesson.method.trainable.items())


def test_lack_of_memory_names_the_settings(model: Path, export: Path, tmp_path: Path, monkeypatch) -> None:
    def full(lesson, batch):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(loop, "batch_loss", full)
    with pytest.raises(OutOfMemory, match=r"data\.batch_size \(now 2\)"):
        run_training(tiny_config(model, export, "lora"), tmp_path)
    assert "batch_size" in read_run(tmp_path).message


def test_a_damaged_newest_checkpoint_is_passed_over(model: Path, export: Path, tmp_path: Path) -> None:
    config = tiny_config(model, export, "lora", checkpoints={"every": 1, "keep": 9})
    run_training(config, tmp_path / "whole")
    shutil.copytree(tmp_path / "whole", tmp_path / "copy")
    shutil.rmtree(tmp_path / "copy" / "weights")
    newest = list_checkpoints(tmp_path / "copy" / "checkpoints")[-1].path / "state.safetensors"
    data = bytearray(newest.read_bytes())
    data[-1] ^= 1
    newest.write_bytes(data)
    assert run_training(config, tmp_path / "copy") == "finished"
    assert _same(tmp_path / "whole", tmp_path / "copy")
    for checkpoint in list_checkpoints(tmp_path / "copy" / "checkpoints"):
        (checkpoint.path / "manifest.json").unlink()
    shutil.rmtree(tmp_path / "copy" / "weights")
    with pytest.raises(CheckpointError, match="damaged"):
        run_training(config, tmp_path / "copy")


def test_old_checkpoints_go_and_the_best_stays(model: Path, export: Path, tmp_path: Path) -> None:
    config = tiny_config(
        model, export, "lora", optimisation={"steps": 6}, checkpoints={"every": 1, "keep": 2}, validation={"every": 1}
    )
    run_training(config, tmp_path)
    steps = {checkpoint.step for checkpoint in list_checkpoints(tmp_path / "checkpoints")}
    assert steps == {5, 6, read_run(tmp_path).best_step}


def test_a_changed_dataset_or_config_is_refused(model: Path, export: Path, tmp_path: Path) -> None:
    copy = tmp_path / "export"
    shutil.copytree(export, copy)
    config = tiny_config(model, copy, "lora")
    run = tmp_path / "run"
    run.mkdir()
    run_training(config, run)
    shutil.rmtree(run / "weights")
    facts = json.loads((copy / "dataset.json").read_text())
    (copy / "dataset.json").write_text(json.dumps(facts | {"digest": "cd" * 32}))
    with pytest.raises(CheckpointError, match="has changed"):
        run_training(config, run)
    with pytest.raises(RunError, match="other settings"):
        run_training(tiny_config(model, copy, "lora", optimisation={"steps": 5}), run)


def test_a_hopeless_run_is_refused_before_anything_is_loaded(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("training.run.set_up", lambda config: pytest.fail("must not be reached"))
    with pytest.raises(ConfigError, match="no dataset folder"):
        run_training(tiny_config(Path("pocket"), tmp_path / "none", "lora"), tmp_path / "run")
    assert read_run(tmp_path / "run").state == "failed"


@pytest.mark.parametrize("method", METHODS)
def test_a_tiny_model_learns_one_batch_by_heart(tiny_folder, export: Path, method: str) -> None:
    lesson = set_up(tiny_config(tiny_folder("sd1"), export, method, optimisation={"steps": 60, "schedule": "constant"}))
    batch = lesson.state.loader.next_batch()

    def same_noise() -> torch.Tensor:
        lesson.state.noise.manual_seed(0)
        return loop.batch_loss(lesson, batch)

    first = same_noise().item()
    for _ in range(20):
        same_noise().backward()
        loop.set_rate(lesson)
        loop.take_step(lesson)
    assert same_noise().item() < first * (0.9 if method == "lora" else 0.999)


@pytest.mark.parametrize(
    ("family", "method"),
    [
        ("sd2", "lora"),
        ("sdxl", "textual-inversion"),
        pytest.param("sd2", "textual-inversion", marks=pytest.mark.slow),
        pytest.param("sdxl", "lora", marks=pytest.mark.slow),
    ],
)
def test_other_families_train_too(tiny_folder, export: Path, tmp_path: Path, family: str, method: str) -> None:
    config = tiny_config(
        tiny_folder(family),
        export,
        method,
        optimisation={
            "steps": 2,
            "gradient_checkpointing": True,
            "mixed_precision": "bf16",
            "min_snr_gamma": 5.0,
            "noise_offset": 0.05,
            "channels_last": True,
            "warmup_steps": 1,
        },
    )
    assert run_training(config, tmp_path) == "finished"
    assert all(value.float().isfinite().all() for value in _weights(tmp_path).values())


def test_dora_trains_and_keeps_its_magnitudes(tiny_folder, export: Path, tmp_path: Path) -> None:
    config = tiny_config(tiny_folder("sd1"), export, "lora", method={"dora": True})
    assert run_training(config, tmp_path) == "finished"
    assert any(name.endswith("dora_scale") for name in _weights(tmp_path))
