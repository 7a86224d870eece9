"""Addresses of pictures in the app's own routes; every part is quoted."""

from __future__ import annotations

from urllib.parse import quote


def thumbnail(dataset: str, sha256: str) -> str:
    return f"/thumb/{quote(dataset, safe='')}/{sha256}"


def full(dataset: str, sha256: str) -> str:
    return f"/full/{quote(dataset, safe='')}/{sha256}"


def crop(dataset: str, sha256: str, stamp: str = "") -> str:
    """The picture as the trainer will see it; `stamp` changes the address when the edit changes."""
    return f"/crop/{quote(dataset, safe='')}/{sha256}" + (f"?v={quote(stamp, safe='')}" if stamp else "")


def run_file(dataset: str, run: str, path: str) -> str:
    """A file below a run's folder, such as `samples/step-000050/00.png`."""
    return f"/run-file/{quote(dataset, safe='')}/{quote(run, safe='')}/{quote(path)}"


def try_file(dataset: str, attempt: str, path: str) -> str:
    return f"/try-file/{quote(dataset, safe='')}/{quote(attempt, safe='')}/{quote(path)}"
