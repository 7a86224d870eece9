"""Make docs/screenshots/*.png: walk the road on the example pictures, open the app on it, and look at every page.

python docs/make_screenshots.py                 everything, in a temporary folder
python docs/make_screenshots.py --home FOLDER   keep what was made there, and use it again
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run"]
SIZE = {"width": 1440, "height": 900}
OUT = Path(__file__).resolve().parent / "screenshots"
DONE, FRESH = "ink drawings", "new scans"
PROMPTS = ["a lemon, ink style", "a guitar, ink style", "a castle, ink style", "a bear, ink style"]


def prepare() -> dict[str, str]:
    """Make one dataset that went all the way and one that has only been read; returns the pages to look at."""
    from studio.demo.road import walk
    from studio.jobs import watch
    from studio.stages.ingest import ingest
    from studio.stages.try_out import build_request, list_tries, start_try
    from studio.workspace import create_dataset, example_folder, list_datasets, open_dataset
    from training import generate_command, list_runs

    names = {dataset.name for dataset in list_datasets()}
    if FRESH not in names:
        ingest(create_dataset(FRESH), example_folder() / "raw")
    walk(DONE)
    dataset = open_dataset(DONE)
    watch(dataset)
    runs = [run for run in list_runs(dataset.runs) if run.weights and run.method == "lora"]
    if not list_tries(dataset):
        folder = start_try(dataset, build_request(runs[-1:], PROMPTS))
        subprocess.run(generate_command(folder / "request.json", folder), check=True)
    done, fresh = f"dataset={quote(DONE)}", f"dataset={quote(FRESH)}"
    return {
        "home": f"/?{done}",
        "pictures": f"/pictures?{fresh}",
        "captions": f"/captions?{done}",
        "export": f"/export?{done}",
        "train": f"/train?{done}&run=new",
        "run": f"/train?{done}&run={runs[-1].id}",
        "try": f"/try?{done}",
    }


@contextmanager
def serving() -> Iterator[str]:
    """The app on a free port; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "studio", "app", "--no-browser", "--port", str(port)])
    try:
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, "the app did not start"
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def shoot(address: str, pages: dict[str, str]) -> None:
    """One picture a page, in the light theme; the captions in the dark one too."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for scheme, wanted in (("light", list(pages)), ("dark", ["captions"])):
            context = browser.new_context(viewport=SIZE, color_scheme=scheme)
            for name in wanted:
                _shoot_page(context.new_page(), address + pages[name], name if scheme == "light" else f"{name}-dark")
        browser.close()


def _shoot_page(page, address: str, name: str) -> None:
    page.goto(address)
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(timeout=60_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_function("!document.querySelector('[data-testid=\"stSkeleton\"]')")
    page.wait_for_timeout(1500)  # the last placeholder fades
    OUT.mkdir(exist_ok=True)
    page.screenshot(path=OUT / f"{name}.png")
    page.close()
    print(OUT / f"{name}.png")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help="where the datasets are made, and found again")
    home = parser.parse_args().home
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["CONCEPT_STUDIO_HOME"] = str((home or Path(temporary)).resolve())
        Path(os.environ["CONCEPT_STUDIO_HOME"]).mkdir(parents=True, exist_ok=True)
        pages = prepare()
        print(json.dumps(pages, indent=2))
        with serving() as address:
            shoot(address, pages)
    return 0


if __name__ == "__main__":
    sys.exit(main())
