"""How long the demo takes, verb by verb, and what it reached. Run it with `python tests/bench/bench_road.py`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time

TOTAL_LIMIT_SECONDS = 600
SATURATION_LIMIT = 0.60
LOSS_LIMITS = {"embedding": 0.85, "concept model": 0.55}


def main() -> int:
    """Print two tables: seconds a verb, and what was measured beside its limit; 1 when a limit is broken."""
    with tempfile.TemporaryDirectory() as home:
        verbs, printed, seconds = _demo(home)
    print(f"{'verb':20}{'seconds':>9}")
    for verb, took in verbs:
        print(f"{verb:20}{took:9.1f}")
    print(f"{'all':20}{seconds:9.1f}   limit {TOTAL_LIMIT_SECONDS}")
    rows = _measured(printed)
    print(f"\n{'':40}{'with':>8}{'without':>9}{'ratio':>7}{'limit':>7}")
    for name, with_it, without, limit in rows:
        print(f"{name:40}{with_it:8.3f}{without:9.3f}{with_it / without:7.2f}{limit:7.2f}")
    return int(seconds > TOTAL_LIMIT_SECONDS or any(ours / least > limit for _, ours, least, limit in rows))


def _demo(home: str) -> tuple[list[tuple[str, float]], str, float]:
    """(seconds of each verb, everything printed, seconds of all) of a demo from an empty home."""
    environment = {**os.environ, "CONCEPT_STUDIO_HOME": home, "PYTHONUNBUFFERED": "1"}
    began = last = time.perf_counter()
    verbs: list[tuple[str, float]] = []
    lines: list[str] = []
    command = [sys.executable, "-m", "studio", "demo"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8") as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            lines.append(line)
            step = re.match(r"\$ concept-studio (\S+)(?:.*--method (\S+))?|Draw eight|Made in", line)
            if step:
                now = time.perf_counter()
                if verbs:
                    verbs[-1] = (verbs[-1][0], now - last)
                last = now
                verbs.append((" ".join(word for word in step.groups() if word) or "generate", 0.0))
    if demo.returncode:
        raise SystemExit(f"the demo ended with code {demo.returncode}")
    # "Made in" and the last line, which names the app, end the list; they are no verbs of the road.
    road = [(verb, took) for verb, took in verbs if took >= 0.01]
    return road, "".join(lines), time.perf_counter() - began


def _measured(printed: str) -> list[tuple[str, float, float, float]]:
    """(what, with, without, limit of their ratio) from the demo's last lines."""
    rows = []
    for title, limit in LOSS_LIMITS.items():
        part = printed[printed.index(f"- the {title}:") :]
        loss = re.search(r"held-out loss ([\d.]+), without it ([\d.]+)", part)
        assert loss is not None
        rows.append((f"held-out loss, {title}", float(loss[1]), float(loss[2]), limit))
    colour = re.search(r"colour saturation ([\d.]+), without it ([\d.]+)", part)
    assert colour is not None
    rows.append(("colour saturation, concept model", float(colour[1]), float(colour[2]), SATURATION_LIMIT))
    return rows


if __name__ == "__main__":
    sys.exit(main())
