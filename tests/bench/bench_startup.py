"""How long it takes until something is there: the command's help, and the app's first page.

Each is measured side by side with the least that could stand in its place: an import of typer, and an empty
Streamlit app. Run it with `python tests/bench/bench_startup.py`; more rounds with `--rounds 9`.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HELP_LIMIT = 2.0
PAGE_LIMIT = 1.5
HEAVY = ("torch", "transformers", "diffusers", "peft", "accelerate", "pandas", "PIL", "streamlit")
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
_EMPTY_APP = 'import streamlit as st\n\nst.title("Empty")\n'
_EMPTY_START = (
    "import sys, streamlit as st; app = st.App({script!r}); sys.argv = sys.argv[:1]; "
    "app.run(config={{'server.port': {port}, 'server.address': '127.0.0.1', 'server.headless': True, "
    "'browser.gatherUsageStats': False, 'server.fileWatcherType': 'none'}})"
)
_OUR_START = "from studio.app_server import serve; serve(port={port}, open_browser=False)"
_STUDIO_MODULES = "import sys, studio, studio.cli, studio.workspace; print(*sorted(sys.modules), sep='\\n')"


@dataclass(frozen=True)
class Pair:
    """One thing beside the least that could stand in its place, in seconds; `limit` is the largest ratio."""

    name: str
    ours: float
    least: float
    limit: float

    @property
    def ratio(self) -> float:
        return self.ours / self.least


def help_pair(rounds: int) -> Pair:
    """`concept-studio --help` beside `python -c "import typer"`."""
    ours, least = _alternate(rounds, lambda: _run("-m", "studio", "--help"), lambda: _run("-c", "import typer"))
    return Pair("concept-studio --help / import typer", ours, least, HELP_LIMIT)


def page_pairs(rounds: int) -> list[Pair]:
    """The first page painted beside an empty app's: from the start of the process, and from the request."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        script = Path(folder) / "empty.py"
        script.write_text(_EMPTY_APP)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        times: dict[str, list[tuple[float, float]]] = {"ours": [], "empty": []}
        for _ in range(rounds):
            port = _free_port()
            times["empty"].append(
                _first_page(browser, _EMPTY_START.format(script=str(script), port=port), port, folder)
            )
            port = _free_port()
            times["ours"].append(_first_page(browser, _OUR_START.format(port=port), port, folder))
        browser.close()
    ours, empty = ([[pair[part] for pair in times[key]] for part in (0, 1)] for key in ("ours", "empty"))
    names = ("first page painted, from the start", "first page painted, from the request")
    middle = statistics.median
    return [Pair(name, middle(ours[part]), middle(empty[part]), PAGE_LIMIT) for part, name in enumerate(names)]


def loaded_modules() -> list[str]:
    """Every module that importing the studio and its command loads."""
    answer = subprocess.run([sys.executable, "-c", _STUDIO_MODULES], capture_output=True, text=True, check=True)
    return answer.stdout.split()


def _alternate(rounds: int, *works: Callable[[], None]) -> list[float]:
    """Medians in seconds; the works take turns, so that a busy machine troubles all alike."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, seconds in zip(works, times, strict=True):
            began = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - began)
    return [statistics.median(seconds) for seconds in times]


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)


def _first_page(browser, start: str, port: int, home: str) -> tuple[float, float]:
    """Seconds until a heading is painted, from the start of the process and from the request."""
    began = time.perf_counter()
    with _server(start, port, home):
        context = browser.new_context()
        page = context.new_page()
        asked = time.perf_counter()
        page.goto(f"http://127.0.0.1:{port}/")
        page.locator("h1").first.wait_for(state="visible", timeout=60_000)
        painted = time.perf_counter()
        context.close()
    return painted - began, painted - asked


@contextmanager
def _server(start: str, port: int, home: str) -> Iterator[None]:
    environment = {**os.environ, "CONCEPT_STUDIO_HOME": home}
    process = subprocess.Popen([sys.executable, "-c", start], env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: subprocess.Popen) -> None:
    for _ in range(3000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with code {process.returncode}")
        time.sleep(0.01)
    raise RuntimeError("the server did not start within 30 seconds")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    """Print the table; 1 when a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    pairs = [help_pair(rounds), *page_pairs(rounds)]
    print(f"{'':42}{'ours s':>9}{'least s':>9}{'ratio':>7}{'limit':>7}")
    for pair in pairs:
        print(f"{pair.name:42}{pair.ours:9.2f}{pair.least:9.2f}{pair.ratio:7.2f}{pair.limit:7.1f}")
    modules = loaded_modules()
    heavy = [name for name in HEAVY if name in modules]
    print(f"modules loaded by importing the studio and its command: {len(modules)}; heavy ones: {heavy or 'none'}")
    return int(bool(heavy) or any(pair.ratio > pair.limit for pair in pairs))


if __name__ == "__main__":
    sys.exit(main())
