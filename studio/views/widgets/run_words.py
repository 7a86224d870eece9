"""A run in words: its number, method, state, losses, times and sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from training import RunView

_STATES = {
    "created": "not started",
    "starting": "starting",
    "running": "training",
    "finished": "finished",
    "stopped": "stopped, can go on",
    "failed": "failed",
}


def number(run: RunView) -> str:
    """`4` of the folder `0004-lora`; the whole name when it has no number."""
    digits = run.id.split("-")[0]
    return str(int(digits)) if digits.isdigit() else run.id


def method(run: RunView) -> str:
    return method_name(run.config.get("method", {}))


def method_name(settings: dict[str, Any]) -> str:
    """The method as people call it, from the `method` part of a config."""
    if settings.get("method") == "textual-inversion":
        return "Embedding"
    return "Concept model (DoRA)" if settings.get("dora") else "Concept model (LoRA)"


def state(run: RunView) -> str:
    return _STATES.get(run.state, run.state)


def best(run: RunView) -> tuple[int, float] | None:
    """(step, loss) of the lowest held-out loss."""
    return min(run.validation, key=lambda point: point[1]) if run.validation else None


def held_out(run: RunView) -> str:
    """The best held-out loss, and how far below the base model it is."""
    found = best(run)
    if found is None:
        return ""
    if not run.baseline:
        return f"held-out loss {found[1]:.4f}"
    return f"held-out loss {found[1]:.4f}, {change(found[1], run.baseline)} the base model"


def change(value: float, base: float) -> str:
    """`39 % below` or `3 % above`."""
    percent = 100 * (1 - value / base)
    return f"{abs(percent):.0f} % {'below' if percent >= 0 else 'above'}"


def duration(seconds: float) -> str:
    """Seconds as people say them: `41 s`, `12 min`, `2.5 h`."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"


def size(size_bytes: float) -> str:
    """Bytes as people say them."""
    for unit in ("bytes", "kB", "MB"):
        if size_bytes < 1000:
            return f"{size_bytes:.0f} {unit}" if size_bytes >= 10 or unit == "bytes" else f"{size_bytes:.1f} {unit}"
        size_bytes /= 1000
    return f"{size_bytes:.1f} GB"


def speed(seconds_per_step: float) -> str:
    if seconds_per_step <= 0:
        return ""
    return f"{1 / seconds_per_step:.1f} steps/s" if seconds_per_step < 1 else f"{seconds_per_step:.1f} s a step"


def percent(fraction: float) -> str:
    return f"{round(100 * fraction)} %"


def pictures(count: int) -> str:
    return f"{count} picture{'s' * (count != 1)}"
