"""What the demo shows at its end: the same prompts without, with the embedding and with the concept model."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from PIL import Image

from studio.atomic import write_bytes_atomic
from studio.cli.draw_out import draw_here
from studio.cli.output import say
from studio.errors import JobFailed
from studio.stages.try_out import Drawn, Try, build_request, list_tries, weights_file
from studio.workspace import Dataset, example_folder
from training import RunView, contact_sheet, list_runs
from training import SheetRow as Row

PROMPTS, FIRST_SEED = 8, 0
PICTURE = "demo.png"
EXPLANATION = (
    "Same prompts, same seeds. The embedding is four learned words: it can only point at what the model knows already, "
    "and this model never saw line art, so pictures get darker and harder but stay painted. The concept model changes "
    "the model's layers a little, and that is enough to add what was missing: lines, no colour, white inside."
)


@dataclass(frozen=True, slots=True)
class Learned:
    """One trained file and what was measured about it. Losses are means over fixed noise, saturation is 0 to 1."""

    title: str
    run: RunView
    weights: Path
    loss: float
    baseline: float
    saturation: float


@dataclass(frozen=True, slots=True)
class DemoResults:
    """Everything the demo made."""

    dataset: Dataset
    learned: tuple[Learned, ...]
    saturation_without: float
    picture: Path


def show_results(dataset: Dataset) -> DemoResults:
    """Draw the first eight prompts without, with the embedding, with the concept model; lay them side by side.

    Raises: JobFailed when a training or a drawing did not finish.
    """
    with dataset.catalog() as catalog:
        trigger = str(catalog.settings.get("trigger", ""))
    things = (example_folder() / "prompts.txt").read_text("utf-8").split("\n")[:PROMPTS]
    prompts = [f"{thing}, {trigger}" for thing in things]
    embedding, concept = (_newest(dataset, method) for method in ("textual-inversion", "lora"))
    say("\nDraw eight things that are not among the pictures, without and with what was learned")
    with_embedding = _drawn(dataset, build_request([embedding], prompts, seed=FIRST_SEED, compare=False))
    with_concept = _drawn(dataset, build_request([concept], prompts, seed=FIRST_SEED))
    rows = {
        "without": _of(with_concept, False),
        "with the\nembedding": _of(with_embedding, True),
        "with the\nconcept model": _of(with_concept, True),
    }
    picture = _sheet(dataset, things, rows)
    return DemoResults(
        dataset,
        (
            _learned("embedding", embedding, rows["with the\nembedding"]),
            _learned("concept model", concept, rows["with the\nconcept model"]),
        ),
        _saturation(rows["without"]),
        picture,
    )


def say_results(results: DemoResults, seconds: float) -> None:
    """Print what was made, where, what was measured, and how to open the app on it."""
    say(f"\nMade in {seconds / 60:.1f} minutes:")
    for learned in results.learned:
        below = 1 - learned.loss / learned.baseline
        say(f"- the {learned.title}: {learned.weights}")
        say(f"  held-out loss {learned.loss:.3f}, without it {learned.baseline:.3f}: {below:.0%} below")
        say(f"  colour saturation {learned.saturation:.2f}, without it {results.saturation_without:.2f}")
    say(f"- side by side: {results.picture}")
    say("\nLook at it in the app:\n$ concept-studio app")


def _newest(dataset: Dataset, method: str) -> RunView:
    for view in reversed(list_runs(dataset.runs)):
        if view.method == method and view.state == "finished":
            return view
    raise JobFailed(f"No finished {method} run in {dataset.name}. `concept-studio runs` says why.")


def _drawn(dataset: Dataset, request: dict[str, Any]) -> Try:
    """An earlier try-out of exactly this request, or a new one: a second demo draws nothing again."""
    for earlier in list_tries(dataset):
        if earlier.finished and earlier.request == request:
            return earlier
    return draw_here(dataset, request, None, quiet=False)


def _of(drawn: Try, with_weights: bool) -> list[tuple[Path, Drawn]]:
    return [(drawn.folder / one.file, one) for one in drawn.pictures if one.with_weights == with_weights]


def _saturation(pictures: list[tuple[Path, Drawn]]) -> float:
    return fmean(one.saturation for _, one in pictures)


def _learned(title: str, run: RunView, pictures: list[tuple[Path, Drawn]]) -> Learned:
    if run.baseline is None or not run.validation:
        raise JobFailed(f"{run.id} measured no held-out loss; hold pictures out with `concept-studio split` first.")
    return Learned(title, run, weights_file(run), run.validation[-1][1], run.baseline, _saturation(pictures))


def _sheet(dataset: Dataset, things: list[str], rows: dict[str, list[tuple[Path, Drawn]]]) -> Path:
    sheet = contact_sheet(
        [Row(label, [Image.open(path) for path, _ in pictures]) for label, pictures in rows.items()],
        things,
        title="What the example teaches: ink style",
        explanation=EXPLANATION,
    )
    target = dataset.folder / PICTURE
    data = io.BytesIO()
    sheet.save(data, "PNG", optimize=True)
    write_bytes_atomic(target, data.getvalue())
    return target
