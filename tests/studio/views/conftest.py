"""A home folder of its own for every test, a small dataset in it, and pages opened without a browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image, ImageDraw
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import studio
from studio import jobs
from studio.catalog import Change
from studio.stages.ingest import ingest
from studio.workspace import HOME_VARIABLE, Dataset, create_dataset, open_dataset
from training import RunConfig, create_run

SCRIPT = Path(studio.__file__).parent / "views" / "main.py"
TRIGGER = "ink style"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    monkeypatch.delenv("CONCEPT_STUDIO_DATASET", raising=False)
    return tmp_path


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict]]:
    """(kind, args) of every job a page starts; none of them really runs."""
    calls: list[tuple[str, dict]] = []

    def start(dataset: Dataset, kind: str, args: Mapping[str, object]) -> SimpleNamespace:
        calls.append((kind, dict(args)))
        return SimpleNamespace(args=args)

    def start_training(dataset: Dataset, config: RunConfig) -> SimpleNamespace:
        return start(dataset, "train", {"run": create_run(dataset.runs, config).name})

    monkeypatch.setattr(jobs, "start", start)
    monkeypatch.setattr(jobs, "start_training", start_training)
    return calls


@pytest.fixture
def open_page(home: Path) -> Callable[..., AppTest]:
    """Open a page by its path ("" is Home) with these parameters in the address."""

    def opened(page: str = "", **parameters: str) -> AppTest:
        at = AppTest.from_file(str(SCRIPT), default_timeout=30)
        at._page_hash = calc_hash(page)
        for name, value in parameters.items():
            at.query_params[name] = value
        return at.run()

    return opened


@pytest.fixture
def empty(home: Path) -> Dataset:
    return create_dataset("nothing")


@pytest.fixture
def filled(home: Path, _drawings: Path) -> Dataset:
    """Ten kept and captioned pictures of 96 pixels, one of them twice as wide as high."""
    shutil.copytree(_drawings, home / "datasets" / "drawings")
    return open_dataset("drawings")


@pytest.fixture(scope="session")
def _drawings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the filled dataset; made once, since decoding starts processes."""
    home = tmp_path_factory.mktemp("home")
    (home / "pictures").mkdir()
    for number in range(10):
        _draw(number).save(home / "pictures" / f"drawing {number}.png")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(home))
        dataset = create_dataset("drawings")
        ingest(dataset, home / "pictures")
    with dataset.catalog() as catalog:
        catalog.settings.set("trigger", TRIGGER)
        ids = catalog.pictures.ids()
        catalog.journal.apply([Change(one, "decision", "keep") for one in ids], label="keep")
        catalog.journal.apply([Change(one, "caption", f"a shape, {TRIGGER}") for one in ids], label="caption")
    return dataset.folder


def _draw(number: int) -> Image.Image:
    picture = Image.new("RGB", (192 if number == 9 else 96, 96), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((8 + 5 * number, 10, 40 + 5 * number, 30 + 6 * number), fill=(25 * number, 80, 160))
    draw.line((0, 9 * number, 95, 95 - 9 * number), fill="black", width=1 + number % 4)
    return picture


@pytest.fixture
def said() -> Callable[[AppTest], str]:
    """All markup of our own on a page, without the style sheet."""

    def text(at: AppTest) -> str:
        return " ".join(part.proto.body for part in at.get("html") if not part.proto.body.startswith("<style>"))

    return text
