"""Start a Python program, kill it at a random moment, and look at what it left."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def start(code: str, home: Path) -> subprocess.Popen[str]:
    """Run `code` in a process group of its own; it prints a line `ready` when its work begins."""
    environment = {
        **os.environ,
        "CONCEPT_STUDIO_HOME": str(home),
        "PYTHONPATH": str(PROJECT),
        "OMP_NUM_THREADS": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-u", "-c", code],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def kill_after(process: subprocess.Popen[str], seconds: float) -> str:
    """Wait for `ready`, then kill -9 the whole group after `seconds`; returns what was printed since."""
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "ready"
    time.sleep(seconds)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    output = process.stdout.read()
    process.wait()
    return output


def moments(count: int, longest: float, seed: int = 0) -> list[float]:
    """Random delays in seconds, spread over the time that the work takes."""
    source = random.Random(seed)
    return [longest * (number + source.random()) / count for number in range(count)]


def fingerprint(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Bytes, time and mode of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
            path.stat().st_mode,
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
