"""Shared by all tests: a home folder of its own, a dataset in it, and small pictures that do not look alike."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from studio.workspace import HOME_VARIABLE, Dataset, create_dataset

# As the program's own processes do: threads that spin while they wait slow every other process down.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv(HOME_VARIABLE, str(folder))
    return folder


@pytest.fixture
def dataset(home: Path) -> Dataset:
    """An empty dataset called `inks`."""
    return create_dataset("inks")


def drawing(seed: int, size: tuple[int, int] = (96, 96)) -> Image.Image:
    """A pattern of coloured squares; another seed gives a picture that no hash takes for the same."""
    source = random.Random(seed)
    cells = [tuple(source.choice((0, 64, 128, 192, 255)) for _ in range(3)) for _ in range(64)]
    small = Image.new("RGB", (8, 8))
    small.putdata(cells)
    return small.resize(size, Image.Resampling.NEAREST)


@pytest.fixture
def draw() -> Callable[..., Path]:
    """Save a small picture: `draw(path, seed=1, size=(96, 96))`."""

    def save(path: Path, seed: int = 1, size: tuple[int, int] = (96, 96)) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        drawing(seed, size).save(path)
        return path

    return save
