"""The versions that decide whether a resumed run can equal an uninterrupted one to the bit."""

import platform
from importlib.metadata import PackageNotFoundError, version

PACKAGES = ("concept-studio", "torch", "diffusers", "transformers", "peft", "numpy")


def versions() -> dict[str, str]:
    """Versions of Python and of every package that computes."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found
