"""Whether the process of a job is still there."""

from __future__ import annotations

import psutil

_SAME_START_SECONDS = 1.0


def is_alive(pid: int, created: float) -> bool:
    """Whether this very process runs: a number that the system gave to another one does not count."""
    if not pid:
        return False
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return not created or abs(process.create_time() - created) < _SAME_START_SECONDS
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True


def end(pid: int, created: float) -> None:
    """Ask a process to end, if it is still the same one."""
    if is_alive(pid, created):
        try:
            psutil.Process(pid).terminate()
        except psutil.NoSuchProcess:
            return
