"""Sample pictures of a run: one row a prompt, one column a step, the same seed all along a row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from studio.views import addresses
from studio.views.widgets.markup import Markup, element, put

if TYPE_CHECKING:
    from training import RunView

COLUMNS = 6
FEWEST = 5
"""Room for this many columns is kept from the start, so that pictures do not shrink as more come."""
ROWS = 4


def show(dataset: str, run: RunView) -> bool:
    """Draw the strip; returns False when there is no sample yet."""
    sets = _spread(run.samples)
    if not sets:
        return False
    prompts = sets[0][2][:ROWS]
    empty = [element("span", "")] * max(0, FEWEST - len(sets))
    cells = [element("span", ""), *(element("span", _head(step, run.best_step)) for step, _, _ in sets), *empty]
    for row, prompt in enumerate(prompts):
        cells.append(element("span", prompt, class_="cs-prompt"))
        cells += [_cell(dataset, run, files, row, f"{prompt}, step {step}") for step, files, _ in sets]
        cells += empty
    style = f"grid-template-columns:110px repeat({max(len(sets), FEWEST)}, 1fr)"
    put(element("div", *cells, class_="cs-strip", style=style))
    return True


def _spread(samples: list[tuple[int, list[Path], list[str]]]) -> list[tuple[int, list[Path], list[str]]]:
    """The first set, the last one, and evenly spread ones between."""
    if len(samples) <= COLUMNS:
        return samples
    last = len(samples) - 1
    return [samples[round(place * last / (COLUMNS - 1))] for place in range(COLUMNS)]


def _head(step: int, best: int | None) -> str:
    name = "base" if step == 0 else str(step)
    return f"{name} ★" if step and step == best else name


def _cell(dataset: str, run: RunView, files: list[Path], row: int, alt: str) -> Markup:
    if row >= len(files):
        return element("span", "")
    below = files[row].relative_to(run.path / "samples").as_posix()
    source = addresses.run_file(dataset, run.id, below)
    return element("div", element("img", src=source, alt=alt), class_="cs-shot")
