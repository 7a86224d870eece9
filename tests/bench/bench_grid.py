"""How fast the caption grid is at growing sizes: usable after opening, an edit until it is acknowledged, a jump.

Run: python tests/bench/bench_grid.py [--rows 100 10000 100000]
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from studio.workspace import HOME_VARIABLE, Dataset, create_dataset
from tests.browser.conftest import CHROMIUM, FLAGS, AppServer, draw

OPENS = 3
EDITS = 12
JUMPS = 6
DRAWN = 60
ALL_PAINTED = """() => {
  const grid = [...document.querySelectorAll('*')].map((n) => n.shadowRoot?.querySelector('.cs.grid')).find(Boolean);
  if (!grid || grid.dataset.ready !== 'yes' || grid.querySelector('.card.ghost')) return false;
  const box = grid.querySelector('.scroller').getBoundingClientRect();
  const seen = [...grid.querySelectorAll('.card')].filter((card) => {
    const one = card.getBoundingClientRect();
    return one.bottom > box.top && one.top < box.bottom;
  });
  return seen.length > 0 && seen.every((card) => card.querySelector('img.there'));
}"""
# From the key that commits until the answer is on the card, measured inside the page.
EDIT = """async (text) => {
  const grid = [...document.querySelectorAll('*')].map((n) => n.shadowRoot?.querySelector('.cs.grid')).find(Boolean);
  const box = grid.querySelector('textarea');
  const before = grid.dataset.acked || '0';
  box.value = text;
  box.dispatchEvent(new Event('input'));
  const began = performance.now();
  box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true, composed: true }));
  while ((grid.dataset.acked || '0') === before) await new Promise((resolve) => setTimeout(resolve, 1));
  return performance.now() - began;
}"""
JUMP = """(share) => {
  const grid = [...document.querySelectorAll('*')].map((n) => n.shadowRoot?.querySelector('.cs.grid')).find(Boolean);
  const scroller = grid.querySelector('.scroller');
  scroller.scrollTop = share * scroller.scrollHeight;
}"""


def fill(dataset: Dataset, folder: Path, rows: int) -> None:
    """A catalog of `rows` pictures that share the files of the first sixty."""
    folder.mkdir(parents=True, exist_ok=True)
    with dataset.catalog() as catalog, catalog.transaction():
        catalog.settings.set("trigger", "ink style")
        drawn = []
        for number in range(min(rows, DRAWN)):
            path = folder / f"{number:06}.png"
            drawn.append((draw(path, number + 1), path))
        for number in range(rows):
            facts, path = drawn[number % DRAWN]
            if number >= DRAWN:
                facts.sha256 = f"{number:064x}"
            catalog.pictures.add(facts, str(path), f"{number:06}.png")


def lend_thumbnails(dataset: Dataset, folder: Path, rows: int) -> None:
    """Give every row a thumbnail, as an ingest would: links to the few that were drawn."""
    import io

    from PIL import Image

    webps = []
    for path in sorted(folder.glob("*.png")):
        buffer = io.BytesIO()
        Image.open(path).resize((320, 240)).save(buffer, "WEBP", quality=85)
        webps.append(buffer.getvalue())
    store = folder / "thumbnails"
    store.mkdir()
    for number, data in enumerate(webps):
        (store / str(number)).write_bytes(data)
    with dataset.catalog() as catalog:
        for place, picture in enumerate(catalog.pictures.each()):
            target = dataset.thumbnail(picture.sha256)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(store / str(place % len(webps)), target)


def measure(page: Page, url: str, name: str) -> dict[str, Any]:
    usable, edits, jumps = [], [], []
    for _ in range(OPENS):
        page.goto("about:blank")
        began = time.perf_counter()
        page.goto(f"{url}/captions?dataset={name}")
        page.wait_for_function(ALL_PAINTED)
        usable.append(time.perf_counter() - began)
    page.locator(".card .cap").first.click()
    for number in range(EDITS):
        edits.append(page.evaluate(EDIT, f"a drawing of thing {number}, ink style"))
    page.keyboard.press("Escape")
    for number in range(1, JUMPS + 1):
        began = time.perf_counter()
        page.evaluate(JUMP, number / (JUMPS + 1))
        page.wait_for_timeout(20)
        page.wait_for_function(ALL_PAINTED)
        jumps.append(time.perf_counter() - began)
    return {
        "usable s": f"{statistics.median(usable):.2f}",
        "edit ms": f"{statistics.median(edits):.0f}",
        "edit max": f"{max(edits):.0f}",
        "jump ms": f"{1000 * statistics.median(jumps):.0f}",
        "cards": page.locator(".cs.grid .card").count(),
        "heap MB": f"{page.evaluate('performance.memory.usedJSHeapSize') / 1e6:.0f}",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100, 10_000])
    sizes = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        os.environ[HOME_VARIABLE] = folder
        for rows in sizes:
            dataset = create_dataset(f"rows-{rows}")
            fill(dataset, home / f"raw-{rows}", rows)
            lend_thumbnails(dataset, home / f"raw-{rows}", rows)
        server = AppServer(home)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            for place, rows in enumerate(sizes):
                page = browser.new_page(viewport={"width": 1440, "height": 1000})
                found = measure(page, server.url, f"rows-{rows}")
                if place == 0:
                    print(" | ".join(["     rows", *(f"{name:>8}" for name in found)]))
                print(" | ".join([f"{rows:9,}", *(f"{value:>8}" for value in found.values())]), flush=True)
                page.close()
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    main()
