"""How a training is planned, followed and told about on a terminal."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from studio.cli.output import say, say_json, warn
from studio.cli.progress import ConsoleProgress

if TYPE_CHECKING:
    from studio.catalog import Job
    from studio.workspace import Dataset
    from training import RunConfig, RunView

_POLL_SECONDS = 1.0
_EXIT_CODES = {"finished": 0, "stopped": 3}


def plan_and_show(
    dataset: Dataset, method: str, base_model: str, name: str, settings: Sequence[str], json: bool
) -> RunConfig | None:
    """Plan a training and print it with what stands in its way; None when it cannot start."""
    from studio.stages.plan_training import parse_settings, plan_training
    from training import explain_config, preflight

    config = plan_training(dataset, method, base_model, name, parse_settings(settings))
    checks = preflight(config)
    can_start = not any(check.level == "error" for check in checks)
    if json:
        say_json({"config": config, "checks": checks, "can_start": can_start})
        return config if can_start else None
    for sentence in explain_config(config):
        say(f"- {sentence}")
    for check in checks:
        if check.level != "ok":
            warn(" ".join(f"{check.level}: {check.title}. {check.detail} {check.fix}".split()))
    return config if can_start else None


def go_on(dataset: Dataset, name: str) -> Job:
    """Go on with a run as a job, so that the app shows it too.

    Raises: BadInput when there is no such run.
    """
    from studio.errors import BadInput
    from studio.jobs import start

    if not (dataset.runs / name / "config.yaml").is_file():
        raise BadInput(f"{name}: no run of this name in {dataset.name}. `concept-studio runs` lists them.")
    return start(dataset, "train", {"run": name})


def follow(dataset: Dataset, run: Path, json: bool) -> int:
    """Show a run's progress until it ends; Ctrl+C asks it to stop and save. Returns its exit code."""
    from studio.jobs import watch
    from training import read_run, request_stop

    shown, asked = 0, False
    with ConsoleProgress(quiet=json) as progress:
        while job := _at_work(watch(dataset), run):
            if progress.stopped() and not asked:
                request_stop(run)
                asked = True
            shown = _show_steps(job, progress, shown)
            time.sleep(_POLL_SECONDS)
    view = read_run(run)
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


def _at_work(jobs: Sequence[Job], run: Path) -> Job | None:
    wanted = (job for job in jobs if job.active and job.kind == "train" and job.args.get("run") == run.name)
    return next(wanted, None)


def _show_steps(job: Job, progress: ConsoleProgress, shown: int) -> int:
    """Move the bar to the job's step; while it starts, its numbers may still be an earlier attempt's."""
    if job.state != "running" or not job.total:
        return shown
    if not progress.total:
        progress.start(job.total, f"{job.args['run']}: steps")
    if job.done > shown:
        progress.step(job.done - shown, job.message)
    return max(job.done, shown)
