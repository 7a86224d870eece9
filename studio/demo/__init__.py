"""The whole road on the example pictures, as a person would type it."""

from __future__ import annotations

import time

from studio.demo.results import say_results, show_results
from studio.demo.road import walk
from studio.example import NAME
from studio.workspace import open_dataset


def run_demo() -> int:
    """Run every verb of the road, draw what was learned, say what was made; 0 when all of it was.

    A second run does only what is missing. Nothing needs a network or a GPU.
    """
    began = time.monotonic()
    walk(NAME)
    results = show_results(open_dataset(NAME))
    say_results(results, time.monotonic() - began)
    return 0
