"""File names that mean a device on Windows, whatever their ending; a folder with one cannot be carried there."""

from __future__ import annotations

_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789")]
)


def is_reserved(name: str) -> bool:
    """Whether Windows takes this name of a file or folder for a device (`con`, `NUL.png`, `com1.tar.gz`)."""
    return name.partition(".")[0].strip().lower() in _DEVICES
