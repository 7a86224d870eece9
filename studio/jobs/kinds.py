"""What each kind of job runs, and where it tells how far it is."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from studio.errors import BadInput
from studio.workspace import Dataset

STAGES = ("ingest", "caption", "export")
"""Run by `studio.jobs.worker`, which writes their progress into the catalog."""
KINDS = (*STAGES, "train", "generate")


def work_folder(dataset: Dataset, kind: str, args: Mapping[str, object]) -> Path | None:
    """The folder a training or drawing process works in and tells its status; None for a stage.

    Raises: BadInput when the arguments do not name one that exists.
    """
    if kind == "train":
        folder = dataset.runs / str(args.get("run", ""))
        needed = folder / "config.yaml"
    elif kind == "generate":
        folder = dataset.tries / str(args.get("try", ""))
        needed = folder / "request.json"
    else:
        return None
    if not needed.is_file():
        raise BadInput(f"{folder}: there is no {needed.name} to start from. Start again from the {kind} page.")
    return folder


def command(dataset: Dataset, job_id: str, kind: str, args: Mapping[str, object]) -> list[str]:
    """The command line of a job's process.

    Raises: BadInput for an unknown kind or a folder that is not there.
    """
    from training import generate_command, run_command

    folder = work_folder(dataset, kind, args)
    if kind == "train" and folder:
        return run_command(folder / "config.yaml", folder)
    if kind == "generate" and folder:
        return generate_command(folder / "request.json", folder)
    if kind in STAGES:
        return [sys.executable, "-m", "studio.jobs.worker", str(dataset.folder), job_id]
    raise BadInput(f"{kind}: not a kind of job. There are {', '.join(KINDS)}.")


def log_path(dataset: Dataset, job_id: str, kind: str, args: Mapping[str, object]) -> Path:
    """Where a job's output goes; a training's lies in its run folder, where the run's reader looks."""
    if kind == "train":
        return dataset.runs / str(args.get("run", "")) / "log"
    return dataset.logs / f"{job_id}.log"
