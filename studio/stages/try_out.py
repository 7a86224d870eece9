"""Try-outs: what to draw with which trained files, one numbered folder each, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.atomic import write_json_atomic
from studio.catalog import Query
from studio.errors import BadInput
from studio.stages.local_paths import whole_model, whole_path
from studio.workspace import Dataset

if TYPE_CHECKING:
    from training import RunView

SUBJECTS = ("a lemon", "a guitar", "a castle", "a bear")
"""Plain things to draw when the dataset has no caption to go by."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One picture of a try-out; `saturation` is its mean, 0 to 1."""

    file: str
    prompt: str
    seed: int
    with_weights: bool
    saturation: float


@dataclass(frozen=True, slots=True)
class Try:
    """A try-out: the request, and its pictures once they are drawn."""

    folder: Path
    request: dict[str, Any]
    pictures: tuple[Drawn, ...] = ()
    seconds: float = 0.0

    @property
    def title(self) -> str:
        """`Try-out 4` of the folder `0004`; the folder's name when it is no number."""
        return f"Try-out {int(self.folder.name)}" if self.folder.name.isdigit() else f"Try-out {self.folder.name}"

    @property
    def finished(self) -> bool:
        return bool(self.pictures)

    @property
    def pairs(self) -> list[tuple[Drawn | None, Drawn | None]]:
        """(without, with) for every prompt, in order; None where one was not asked for."""
        drawn = {(one.with_weights, one.file.rsplit("-", 1)[-1]): one for one in self.pictures}
        places = sorted({place for _, place in drawn})
        return [(drawn.get((False, place)), drawn.get((True, place))) for place in places]


def weights_file(run: RunView) -> Path:
    """The file that other programs load; the diffusers layout lies in a folder beside it.

    Raises: BadInput when the run has made none yet.
    """
    for path in run.weights:
        if path.parent.name == "weights":
            return path
    raise BadInput(f"{run.id}: this run has made no weights yet. Let it finish, or go on with it.")


def suggested_prompts(dataset: Dataset, count: int = 4) -> list[str]:
    """Prompts to begin with: plain subjects in the words of the dataset, with its trigger."""
    with dataset.catalog() as catalog:
        trigger = str(catalog.settings.get("trigger", ""))
        concept = str(catalog.settings.get("concept", "style"))
        captions = [picture.caption for picture in catalog.pictures.many(catalog.pictures.ids(Query())[:200])]
    if concept == "style" or not any(captions):
        return [f"{subject}, {trigger}" if trigger else subject for subject in SUBJECTS[:count]]
    return list(dict.fromkeys(caption for caption in captions if caption))[:count]


def start_try(dataset: Dataset, request: dict[str, Any]) -> Path:
    """Make the next numbered folder with the request in it; the drawing itself is a job."""
    dataset.tries.mkdir(parents=True, exist_ok=True)
    while True:
        folder = dataset.tries / f"{_next_number(dataset.tries):04d}"
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        write_json_atomic(folder / "request.json", request)
        return folder


def build_request(
    runs: Sequence[RunView],
    prompts: Sequence[str],
    strength: float = 1.0,
    seed: int = 0,
    steps: int = 20,
    guidance: float | None = None,
    base_model: str = "",
    compare: bool = True,
    files: Sequence[Path] = (),
) -> dict[str, Any]:
    """The request for these prompts with what these runs learned, and with more weights `files`.

    Seeds count up from `seed`, one a prompt. Without `base_model` the runs' own is taken.

    Raises: BadInput when there is no prompt, or the runs were trained on different base models.
    """
    asked = [prompt.strip() for prompt in prompts if prompt.strip()]
    if not asked:
        raise BadInput("There is no prompt. Write what to draw, one thing a line.")
    bases = sorted({str(run.config.get("base", {}).get("model", "pocket")) for run in runs})
    if len(bases) > 1 and not base_model:
        raise BadInput(f"These runs were trained on different base models ({', '.join(bases)}). Choose runs of one.")
    paths = [*(weights_file(run) for run in runs), *files]
    return {
        "base_model": whole_model(base_model or (bases[0] if bases else "pocket")),
        "prompts": asked,
        "seeds": [seed + place for place in range(len(asked))],
        "steps": steps,
        "guidance": guidance,
        "weights": [{"path": whole_path(path), "strength": strength} for path in paths],
        "compare": compare,
    }


def read_try(folder: Path) -> Try:
    """A try-out as it stands.

    Raises: BadInput when there is none in this folder.
    """
    try:
        request = json.loads((folder / "request.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"{folder.name}: no try-out of this number. Choose one of the listed ones.") from error
    try:
        result = json.loads((folder / "result.json").read_text("utf-8"))
    except (OSError, ValueError):
        return Try(folder, request)
    names = Drawn.__dataclass_fields__
    drawn = tuple(Drawn(**{name: one[name] for name in names}) for one in result["pictures"])
    return Try(folder, request, drawn, float(result.get("seconds", 0.0)))


def list_tries(dataset: Dataset) -> list[Try]:
    """Every try-out, newest first."""
    return [read_try(path.parent) for path in sorted(dataset.tries.glob("[0-9]*/request.json"), reverse=True)]


def _next_number(tries: Path) -> int:
    return max((int(path.name) for path in tries.iterdir() if path.name.isdigit()), default=0) + 1
