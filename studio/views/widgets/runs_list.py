"""The runs of one dataset, newest first, one line each."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import streamlit as st

from studio.views import links
from studio.views.widgets import run_words
from studio.views.widgets.markup import Markup, element, progress_bar, put
from studio.workspace import Dataset

if TYPE_CHECKING:
    from training import RunView

SHOWN = 12


def show(dataset: Dataset, runs: list[RunView]) -> None:
    """Draw the list; nothing when there is no run yet."""
    if not runs:
        return
    with st.container(key=f"panel-runs-{dataset.name}"):
        put(element("h2", "Runs", class_="cs-h"))
        for run in runs[:SHOWN]:
            line(dataset, run, f"Run {run_words.number(run)}")


def line(dataset: Dataset, run: RunView, name: str) -> None:
    """One run: a link, its method, state, held-out loss and when it began."""
    with st.container(key=f"cs-run-{dataset.name}-{run.id}", horizontal=True, vertical_alignment="center"):
        links.link("Train", dataset.name, name, run=run.id)
        put(_words(run))


def _words(run: RunView) -> Markup:
    bar = progress_bar(run.step / run.total) if run.alive and run.total else None
    return element(
        "div",
        element("span", run_words.method(run), class_="cs-dim"),
        element("span", run_words.state(run), class_=f"cs-state cs-{run.state}"),
        bar or element("span", run_words.held_out(run), class_="cs-dim cs-number"),
        element("span", when(run.started_at), class_="cs-dim"),
        class_="cs-run-line",
    )


def when(started_at: str) -> str:
    """A moment as people say it: `14:02` today, else `3 May 14:02`."""
    if not started_at:
        return ""
    moment = datetime.fromisoformat(started_at).astimezone()
    today = datetime.now().astimezone().date()
    return moment.strftime("%H:%M") if moment.date() == today else f"{moment.day} {moment.strftime('%b %H:%M')}"
