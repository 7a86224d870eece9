"""The request that `generate` sends to the drawing process, and how its pictures come back."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.errors import BadInput, JobFailed

if TYPE_CHECKING:
    from studio.workspace import Dataset
    from training import RunView


def choose_runs(dataset: Dataset, names: list[str]) -> list[RunView]:
    """The runs named, or the newest finished one.

    Raises: BadInput when there is none, or one has made no weights yet.
    """
    from training import list_runs

    runs = {view.id: view for view in list_runs(dataset.runs)}
    if not names:
        finished = [view for view in runs.values() if view.weights]
        if not finished:
            raise BadInput(f"{dataset.name} has no trained weights yet. Train first, or name a file with --weights.")
        return [finished[-1]]
    for name in names:
        if name not in runs:
            raise BadInput(f"{name}: no run of this name. There are: {', '.join(runs) or 'none'}.")
        if not runs[name].weights:
            raise BadInput(
                f"{name}: this run has made no weights yet. Go on with: concept-studio train --resume {name}"
            )
    return [runs[name] for name in names]


def weights_file(view: RunView) -> Path:
    """The file that other programs load: beside it may lie the diffusers layout in a folder of its own."""
    return next(path for path in view.weights if path.parent.name == "weights")


def draw(request: dict[str, Any], out: Path, log: Path) -> dict[str, Any]:
    """Draw in a process of its own and return its result.json.

    Raises: JobFailed with the process's own sentence.
    """
    from studio.atomic import write_json_atomic
    from training import generate_command

    out.mkdir(parents=True, exist_ok=True)
    write_json_atomic(out / "request.json", request)
    with log.open("ab") as output:
        process = subprocess.run(generate_command(out / "request.json", out), stdout=output, stderr=subprocess.PIPE)
    if process.returncode != 0:
        lines = process.stderr.decode("utf-8", "replace").strip().splitlines()
        raise JobFailed(lines[-1] if lines else f"Drawing ended with code {process.returncode}. See {log}.")
    return json.loads((out / "result.json").read_text(encoding="utf-8"))
