"""A short round of the start-up bench: the limits hold here too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import bench_startup as bench

ROUNDS = 3
ATTEMPTS = 3
"""Something else at work on the machine can spoil one measurement; it cannot make a slow start quick three times."""


def test_importing_the_studio_and_its_command_loads_nothing_heavy():
    modules = bench.loaded_modules()
    assert "studio.workspace" in modules
    assert not set(bench.HEAVY) & set(modules)


def test_help_comes_quickly():
    ratios = []
    for _ in range(ATTEMPTS):
        ratios.append(bench.help_pair(2 * ROUNDS).ratio)
        if ratios[-1] <= bench.HELP_LIMIT:
            return
    pytest.fail(f"help takes {ratios} times as long as importing typer")


@pytest.mark.browser
def test_the_first_page_comes_quickly():
    if not Path(bench.CHROMIUM).exists():
        pytest.skip("There is no Chromium on this machine: install the package chromium to measure the first page.")
    ratios = []
    for _ in range(ATTEMPTS):
        ratios.append([pair.ratio for pair in bench.page_pairs(ROUNDS)])
        if max(ratios[-1]) <= bench.PAGE_LIMIT:
            return
    pytest.fail(f"the first page is painted {ratios} times as late as an empty app's")
