"""The kinds of jobs: which arguments each takes, which command runs it, and where its output goes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from studio.catalog import Job
from studio.errors import BadInput
from studio.workspace import Dataset
from training import generate_command, run_command

STAGE_ARGS: dict[str, frozenset[str]] = {
    "ingest": frozenset(["folder", "workers"]),
    "caption": frozenset(["captioner", "mode", "prefix", "suffix", "trigger", "batch_size"]),
    "export": frozenset(["resolution", "allow_missing"]),
    "check": frozenset(),
}
"""Kinds whose work is a stage of the studio, run by `studio.jobs.worker`."""

FOLDER_ARGS = {"train": "run", "generate": "try"}
"""Kinds whose work is done by the trainer in a folder of the dataset, named by this argument."""


def check_args(dataset: Dataset, kind: str, args: Mapping[str, object]) -> None:
    """Refuse a job that cannot start, before any process exists.

    Raises: BadInput.
    """
    if kind in FOLDER_ARGS:
        _check_folder(dataset, kind, args)
        return
    if kind not in STAGE_ARGS:
        known = ", ".join([*STAGE_ARGS, *FOLDER_ARGS])
        raise BadInput(f"There is no job called {kind}. There are: {known}.")
    unknown = sorted(set(args) - STAGE_ARGS[kind])
    if unknown:
        known = ", ".join(sorted(STAGE_ARGS[kind])) or "nothing"
        raise BadInput(f"A {kind} job takes no {unknown[0]!r}. It takes: {known}.")
    if kind == "ingest" and not Path(str(args.get("folder", ""))).expanduser().is_dir():
        raise BadInput(f"{args.get('folder', '')}: there is no folder of this name. Check the path.")
    try:
        json.dumps(dict(args))
    except (TypeError, ValueError) as error:
        raise BadInput(f"The arguments of the {kind} job cannot be stored ({error}).") from error


def work_folder(dataset: Dataset, kind: str, args: Mapping[str, object]) -> Path:
    """The run or try-out folder of a train or generate job."""
    parent = dataset.runs if kind == "train" else dataset.tries
    return parent / str(args.get(FOLDER_ARGS[kind], ""))


def log_path(dataset: Dataset, job: Job) -> Path:
    """Where the output of a job goes: a run and a try-out keep theirs beside their results."""
    if job.kind in FOLDER_ARGS:
        return work_folder(dataset, job.kind, job.args) / "log"
    return dataset.logs / f"{job.id}.log"


def command(dataset: Dataset, job: Job) -> list[str]:
    """The command line of a job's process."""
    if job.kind in FOLDER_ARGS:
        folder = work_folder(dataset, job.kind, job.args)
        make: Callable[[Path, Path], list[str]] = run_command if job.kind == "train" else generate_command
        return make(folder / _INPUTS[job.kind], folder)
    return [sys.executable, "-m", "studio.jobs.worker", str(dataset.folder), job.id]


_INPUTS = {"train": "config.yaml", "generate": "request.json"}


def _check_folder(dataset: Dataset, kind: str, args: Mapping[str, object]) -> None:
    name = str(args.get(FOLDER_ARGS[kind], ""))
    folder = work_folder(dataset, kind, args)
    # The name may come from a page: it must be one plain folder name.
    if not name or Path(name).name != name or name in (".", "..") or not (folder / _INPUTS[kind]).is_file():
        raise BadInput(f"{name or kind}: there is no prepared folder of this name in {folder.parent}. Start it again.")
