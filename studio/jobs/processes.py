"""Processes that outlive the one that started them, told apart from strangers that got their number later."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil

_SAME_START_SECONDS = 2.0
_PROJECT = Path(__file__).resolve().parents[2]

_children: dict[int, subprocess.Popen[bytes]] = {}
"""Processes started from here; asking them for their exit code also frees their place in the process table."""


def start_detached(argv: Sequence[str], log: Path) -> tuple[int, float]:
    """Start a process that a closed terminal does not end; returns its number and start time in Unix seconds.

    Its output is appended to `log`.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    paths = [str(_PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}
    with log.open("ab") as output:
        if sys.platform == "win32":
            flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
            process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment, creationflags=flags
            )
        else:
            process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment, start_new_session=True
            )
    _children[process.pid] = process
    return process.pid, _started(process.pid)


def is_alive(pid: int, started: float) -> bool:
    """Whether the very process that was started then still runs; a dead one that waits to be freed does not."""
    if exit_code(pid) is not None:
        return False
    try:
        process = psutil.Process(pid)
        return abs(process.create_time() - started) < _SAME_START_SECONDS and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True


def exit_code(pid: int) -> int | None:
    """How a process that was started from here ended; None while it runs, or when another process started it."""
    child = _children.get(pid)
    return child.poll() if child else None


def terminate(pid: int, started: float) -> None:
    """Ask a process to end, if it is still the one that was started then."""
    if not is_alive(pid, started):
        return
    try:
        psutil.Process(pid).terminate()
    except psutil.NoSuchProcess:
        return


def _started(pid: int) -> float:
    """Start time of a process; 0 when it is gone already, which matches none."""
    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return 0.0
