"""How far a run is, in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from studio.views.widgets import run_words
from studio.views.widgets.markup import element, facts, progress_bar, put

if TYPE_CHECKING:
    from training import RunView


def show(run: RunView, active: bool) -> None:
    """Draw the panel: step, bar, time left, speed, held-out loss, memory, last saved."""
    share = run.step / run.total if run.total else 0.0
    with st.container(key="panel-progress"):
        put(
            element("h2", _head(run, share), class_="cs-h cs-number"),
            progress_bar(share),
            facts(_rows(run, active), good=frozenset({"held-out loss", "against the base model"})),
        )
        if run.message and run.state not in ("failed", "finished") and not (active and run.losses):
            put(element("div", run.message, class_="cs-dim cs-small"))


def _head(run: RunView, share: float) -> str:
    if not run.total:
        return "Getting ready"
    if run.state == "finished":
        return f"Finished, {run.total} steps"
    return f"Step {run.step} of {run.total} · {run_words.percent(share)}"


def _rows(run: RunView, active: bool) -> list[tuple[str, str]]:
    rows = []
    if active and run.seconds_left:
        rows.append(("time left", run_words.duration(run.seconds_left)))
    if run.seconds_per_step:
        rows.append(("speed", run_words.speed(run.seconds_per_step)))
    best = run_words.best(run)
    if best:
        rows.append(("held-out loss", f"{best[1]:.4f}, best at {best[0]}"))
        if run.baseline:
            rows.append(("against the base model", run_words.change(best[1], run.baseline)))
    if run.memory_mb:
        rows.append(("memory", run_words.size(run.memory_mb * 1e6)))
    saved = last_saved(run)
    if saved is not None:
        rows.append(("last saved", f"step {saved}"))
    return rows


def last_saved(run: RunView) -> int | None:
    """The step of the newest checkpoint on disk."""
    names = [path.name for path in (run.path / "checkpoints").glob("step-*") if path.is_dir()]
    return max((int(name.removeprefix("step-")) for name in names if name[5:].isdigit()), default=None)
