"""How a training is planned, followed and told about on a terminal."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from studio.cli.output import say, say_json, warn
from studio.cli.progress import ConsoleProgress

if TYPE_CHECKING:
    from studio.workspace import Dataset
    from training import RunConfig, RunView

_POLL_SECONDS = 0.5
_EXIT_CODES = {"finished": 0, "stopped": 3}


def show_plan(config: RunConfig, json: bool) -> bool:
    """Print what will be trained and what stands in the way; returns whether it can start."""
    from training import explain_config, preflight

    checks = preflight(config)
    can_start = not any(check.level == "error" for check in checks)
    if json:
        say_json({"config": config, "checks": checks, "can_start": can_start})
        return can_start
    for sentence in explain_config(config):
        say(f"- {sentence}")
    for check in checks:
        if check.level != "ok":
            warn(f"{check.level}: {check.title}. {check.detail} {check.fix}".rstrip())
    return can_start


def follow(dataset: Dataset, run: Path, json: bool) -> int:
    """Show a run's progress until it ends; Ctrl+C asks it to stop and save. Returns its exit code."""
    from studio.jobs import watch
    from training import read_run, request_stop

    with ConsoleProgress(quiet=json) as progress:
        view, shown, asked = read_run(run), 0, False
        progress.start(view.total or None, run.name)
        while not _ended(view):
            if progress.stopped() and not asked:
                request_stop(run)
                asked = True
            shown = _show_steps(view, progress, shown)
            time.sleep(_POLL_SECONDS)
            watch(dataset)
            view = read_run(run)
        _show_steps(view, progress, shown)
    if json:
        say_json(view)
    else:
        say_run(view)
    return _EXIT_CODES.get(view.state, 1)


def say_run(view: RunView) -> None:
    """What a run has come to: state, held-out loss against the base, weights."""
    say(f"{view.id}: {view.state} at step {view.step} of {view.total}. {view.message}".rstrip())
    if view.validation and view.baseline:
        loss = view.validation[-1][1]
        say(f"held-out loss {loss:.4f}, base model {view.baseline:.4f}: {1 - loss / view.baseline:.0%} below")
    for path in view.weights:
        say(f"wrote {path}")
    if view.state in ("stopped", "failed"):
        say(f"Go on with: concept-studio train --resume {view.id}")


def _ended(view: RunView) -> bool:
    return view.state in ("finished", "stopped", "failed")


def _show_steps(view: RunView, progress: ConsoleProgress, shown: int) -> int:
    if view.total and not progress.total:
        progress.start(view.total, view.id)
    if view.step > shown:
        progress.step(view.step - shown, f"loss {view.loss:.4f}" if view.loss is not None else "")
    return max(view.step, shown)
