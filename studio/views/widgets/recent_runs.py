"""The newest runs of all datasets."""

from __future__ import annotations

import streamlit as st

from studio.overview import Overview
from studio.views.widgets import run_words, runs_list
from studio.views.widgets.markup import element, put

SHOWN = 6


def show(seen: list[Overview]) -> None:
    """Draw the list; nothing when there is no run yet."""
    runs = [(one.dataset, run) for one in seen for run in one.runs]
    if not runs:
        return
    runs.sort(key=lambda pair: pair[1].started_at, reverse=True)
    with st.container(key="panel-runs"):
        put(element("h2", "Recent runs", class_="cs-h"))
        for dataset, run in runs[:SHOWN]:
            runs_list.line(dataset, run, f"{dataset.title} · run {run_words.number(run)}")
