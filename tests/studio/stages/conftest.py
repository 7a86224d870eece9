"""Stages are tested without worker processes: files are measured in this one. The pool has tests of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from studio.pictures.facts import PictureFacts, Refusal
from studio.pictures.measure import measure_or_refuse
from studio.stages.ingest import ingest
from studio.workspace import Dataset


class Measured(list[Path]):
    """Every path that was decoded, in order."""


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> Measured:
    """Measure in this process and remember what was decoded."""
    seen = Measured()

    def measure_here(
        paths: Iterable[Path], workers: int | None = None
    ) -> Iterator[tuple[Path, PictureFacts | Refusal]]:
        for path in paths:
            seen.append(path)
            yield path, measure_or_refuse(path)

    monkeypatch.setattr("studio.stages.ingest.measure_files", measure_here)
    return seen


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of originals."""
    made = tmp_path / "originals"
    made.mkdir()
    return made


@pytest.fixture
def filled(dataset: Dataset, folder: Path, draw, measured: Measured) -> Dataset:
    """A dataset with ten different pictures p00.png to p09.png."""
    for number in range(10):
        draw(folder / f"p{number:02}.png", seed=number + 1)
    ingest(dataset, folder)
    return dataset
