"""Killed with kill -9 at random moments and started again, a run ends with the same bits as one left alone."""

import multiprocessing
import random
import time
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.training.small_export import tiny_config, write_export
from training.checkpoints import list_checkpoints, verifies
from training.config.run_config import RunConfig
from training.run_view import read_events, read_run

# A server that has torch loaded but has computed nothing: its children start at once and are real processes.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["training.run"])


def _train(config: RunConfig, run_dir: Path) -> None:
    from training.run import run_training

    run_training(config, run_dir)


def _start(config: RunConfig, run_dir: Path) -> multiprocessing.process.BaseProcess:
    process = PROCESSES.Process(target=_train, args=(config, run_dir))
    process.start()
    return process


def _steps(run_dir: Path) -> int:
    return sum(event["type"] == "step" for event in read_events(run_dir / "events.jsonl"))


def _kill_after(config: RunConfig, run_dir: Path, new_steps: int, extra_seconds: float) -> bool:
    """Start the run and kill it some steps later; false when it had ended before."""
    before = _steps(run_dir)
    process = _start(config, run_dir)
    while process.is_alive() and _steps(run_dir) < before + new_steps:
        time.sleep(0.005)
    time.sleep(extra_seconds)
    process.kill()
    process.join()
    return process.exitcode != 0


def _kill_until_done(config: RunConfig, run_dir: Path, kills: int, chance: random.Random) -> int:
    """Kill the run up to `kills` times, then let it finish; the number of kills that hit."""
    done = 0
    for _ in range(kills):
        if not _kill_after(config, run_dir, chance.randint(0, 4), chance.random() * 0.1):
            break
        done += 1
        assert all(verifies(checkpoint.path) for checkpoint in list_checkpoints(run_dir / "checkpoints"))
        assert not (run_dir / "weights").exists() or load_file(run_dir / "weights" / "small.safetensors")
        if not (run_dir / "weights").exists() and (run_dir / "status.json").exists():
            assert read_run(run_dir).state == "failed"
    last = _start(config, run_dir)
    last.join()
    assert last.exitcode == 0
    return done


def _config(model: Path, export: Path, method: str, steps: int) -> RunConfig:
    dropout = {"dropout": 0.2} if method == "lora" else {}
    return tiny_config(
        model,
        export,
        method,
        data={"flip": True, "caption_dropout": 0.2},
        method=dropout,
        optimisation={"steps": steps, "accumulate": 2},
        validation={"every": 5},
        checkpoints={"every": 1},
    )


def _same_in_the_end(model: Path, folder: Path, method: str, steps: int, kills: int) -> int:
    config = _config(model, write_export(folder / "export", train=5), method, steps)
    whole = _start(config, folder / "whole")
    whole.join()
    hits = _kill_until_done(config, folder / "killed", kills, random.Random(method))
    first = load_file(folder / "whole" / "weights" / "small.safetensors")
    second = load_file(folder / "killed" / "weights" / "small.safetensors")
    assert first.keys() == second.keys()
    assert all(torch.equal(first[name], second[name]) for name in first)
    views = [read_run(folder / name) for name in ("whole", "killed")]
    assert views[0].losses == views[1].losses
    assert views[0].validation == views[1].validation
    assert [view.state for view in views] == ["finished", "finished"]
    assert not [path for path in (folder / "killed").rglob("*") if ".tmp-" in path.name]
    return hits


@pytest.mark.parametrize("method", ["lora", "textual-inversion"])
def test_two_kills_change_no_bit(tiny_folder, tmp_path: Path, method: str) -> None:
    assert _same_in_the_end(tiny_folder("sd1"), tmp_path, method, steps=12, kills=2) >= 1


@pytest.mark.slow
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("method", ["lora", "textual-inversion"])
def test_twenty_kills_change_no_bit(tiny_folder, tmp_path: Path, method: str) -> None:
    assert _same_in_the_end(tiny_folder("sd1"), tmp_path, method, steps=60, kills=20) >= 15
