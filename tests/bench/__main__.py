"""Every benchmark in turn, with the result written to docs/benchmarks.md: `make bench`."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "benchmarks.md"
PARTS = {
    "Start-up": (
        "bench_startup.py",
        "Each row stands beside the least that could stand in its place, taken in turns in one run; medians.",
    ),
    "Caption grid": (
        "bench_grid.py",
        "Opening the page until every visible thumbnail is painted; Ctrl+Enter until the server's answer is on the "
        "card; a jump of the scrollbar until all is painted.",
    ),
    "The road": (
        "bench_road.py",
        "`concept-studio demo` from an empty home, offline, on the processor. Losses are means over fixed noise on the "
        "held-out drawings; saturation is the mean of eight things that are not among the pictures.",
    ),
}


def main() -> int:
    """Run all parts, print and write what they printed; 1 when one broke its limits."""
    lines = ["# Benchmarks", "", "Written by `make bench`. Absolute times are this machine's; compare ratios.", ""]
    lines += [f"{date.today().isoformat()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
              f"Python {platform.python_version()}.", ""]  # fmt: skip
    failed = False
    for title, (script, note) in PARTS.items():
        print(f"== {title}", flush=True)
        command = [sys.executable, str(Path(__file__).parent / script)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)
        print(answer.stdout, flush=True)
        failed = failed or answer.returncode != 0
        lines += [f"## {title}", "", note, "", "```", answer.stdout.rstrip(), "```", ""]
    PAGE.write_text("\n".join(lines), encoding="utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
