"""The newest runs of all datasets, one line each."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import streamlit as st

from studio.overview import Overview
from studio.views import links
from studio.views.widgets import run_words
from studio.views.widgets.markup import element, progress_bar, show as show_markup

if TYPE_CHECKING:
    from training import RunView

_SHOWN = 6


def show(seen: list[Overview]) -> None:
    """Draw the list; nothing when there is no run yet."""
    runs = [(one, run) for one in seen for run in one.runs]
    if not runs:
        return
    runs.sort(key=lambda pair: pair[1].started_at or "", reverse=True)
    with st.container(key="panel-runs"):
        show_markup(element("h2", "Recent runs", class_="cs-h"))
        for one, run in runs[:_SHOWN]:
            _line(one, run)


def _line(seen: Overview, run: RunView) -> None:
    name = seen.dataset.name
    with st.container(key=f"cs-run-{name}-{run.id}", horizontal=True, vertical_alignment="center"):
        links.link("Train", name, f"{seen.dataset.title} · run {run_words.number(run)}", run=run.id)
        show_markup(
            element(
                "div",
                element("span", run_words.method(run), class_="cs-dim"),
                element("span", run_words.state(run), class_=f"cs-state cs-{run.state}"),
                element("span", run_words.held_out(run), class_="cs-dim cs-number"),
                element("span", _when(run.started_at), class_="cs-dim"),
                progress_bar(run.step / run.total) if run.state == "running" and run.total else None,
                class_="cs-run-line",
            )
        )


def _when(started_at: str | None) -> str:
    if not started_at:
        return ""
    moment = datetime.fromisoformat(started_at).astimezone()
    today = datetime.now().astimezone().date()
    return moment.strftime("%H:%M" if moment.date() == today else "%d %b %H:%M")
