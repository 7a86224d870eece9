"""The real app on a free port and a real Chromium; each test gets a dataset of its own."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import pytest
from PIL import Image, ImageDraw

from studio.workspace import HOME_VARIABLE, Dataset, create_dataset

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
START_SECONDS = 60


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


class AppServer:
    """The app as its own process, started by its own command."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = home / "server.log"
        self.start()

    def start(self) -> None:
        """Start, and wait until this very process answers on our port."""
        argv = [sys.executable, "-m", "studio", "app", "--no-browser", "--port", str(self.port)]
        environment = {**os.environ, HOME_VARIABLE: str(self.home), "OMP_NUM_THREADS": "1"}
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(argv, env=environment, stdout=output, stderr=output, cwd=self.home)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self.process.poll() is None and time.monotonic() < deadline, self.log.read_text("utf-8")
            time.sleep(0.05)
        listening = [one.laddr.port for one in psutil.Process(self.process.pid).net_connections() if not one.raddr]
        assert self.port in listening, "another process answers on our port"

    def kill(self) -> None:
        """kill -9: no goodbye, no clean-up."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def restart(self) -> None:
        self.kill()
        self.start()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/_stcore/health", timeout=1) as answer:
                return answer.status == 200
        except (URLError, OSError):
            return False


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    server = AppServer(tmp_path_factory.mktemp("home"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    if not Path(CHROMIUM).exists():
        pytest.skip("There is no Chromium on this machine: install the package chromium to run the browser tests.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium) -> Iterator[object]:
    opened = chromium.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    opened.set_default_timeout(15_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context) -> Iterator[object]:
    """A tab that fails its test when a script of the page failed."""
    tab = context.new_page()
    problems: list[str] = []
    tab.on("pageerror", lambda error: problems.append(str(error)))
    yield tab
    assert not problems, problems


@pytest.fixture
def dataset(app: AppServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request) -> Dataset:
    """Twelve small pictures: a duplicate group, a flagged one, a trigger, no captions."""
    monkeypatch.setenv(HOME_VARIABLE, str(app.home))
    made = create_dataset(request.node.name.split("[")[0].removeprefix("test_").replace("_", "-")[:60])
    fill(made, tmp_path / "raw", count=12)
    return made


def fill(dataset: Dataset, folder: Path, count: int) -> None:
    """Draw pictures and put them into the catalog as an ingest would."""
    folder.mkdir(parents=True, exist_ok=True)
    with dataset.catalog() as catalog, catalog.transaction():
        catalog.settings.set("trigger", "ink style")
        for number in range(1, count + 1):
            path = folder / f"{number:02} drawing.png"
            facts = draw(path, number)
            catalog.pictures.add(facts, str(path), path.name)


def draw(path: Path, number: int) -> SimpleNamespace:
    """Write a picture that is told apart by its colour, and return its facts."""
    image = Image.new("RGB", (96, 64 + number), "white")
    ImageDraw.Draw(image).ellipse((20, 6, 76, 60), fill=(number * 20 % 256, number * 77 % 256, 120))
    image.save(path)
    data = path.read_bytes()
    sha = hashlib.sha256(data).hexdigest()
    hashes = {name: sha[:16] for name in ("phash", "phash_mirrored", "phash_trimmed", "dhash")}
    return SimpleNamespace(
        sha256=sha, size_bytes=len(data), format="PNG", mode="RGB", width=96, height=64 + number, frames=1,
        sharpness=100.0 + number, brightness=200.0, contrast=60.0, **hashes,
    )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
