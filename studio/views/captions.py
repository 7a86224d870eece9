"""Captions: the grid, and the two dialogs that work on many captions at once."""

from __future__ import annotations

from typing import Any

import streamlit as st

from studio.api import tokens
from studio.api.guard import launch_token
from studio.views import components, links
from studio.views.widgets import caption_dialog, job_progress, replace_dialog
from studio.workspace import Dataset

_FILTERS = ("show", "flag", "text", "split", "decision", "sort")


def show(dataset: Dataset) -> None:
    """Draw the page. The grid reads and writes by itself; it only asks for dialogs here."""
    tokens.warm()
    _last_failure(dataset)
    with dataset.catalog() as catalog:
        trigger = catalog.settings.get("trigger", "")
    data = {"dataset": dataset.name, "token": launch_token(), "trigger": trigger, "open": _asked_filter()}
    answer = components.caption_grid()(key=f"grid-{dataset.name}", data=data, on_open_change=lambda: None)
    if answer.open:
        _open(dataset, answer.open)


def _asked_filter() -> dict[str, str]:
    """The filter that a link to this page carries."""
    return {name: st.query_params[name] for name in _FILTERS if st.query_params.get(name)}


def _open(dataset: Dataset, asked: dict[str, Any]) -> None:
    """What a button of the grid asks for."""
    if asked.get("what") == "caption":
        caption_dialog.show(dataset)
    elif asked.get("what") == "replace":
        replace_dialog.show(dataset, asked.get("query") or {})
    elif asked.get("what") == "pictures":
        links.go("Pictures", dataset.name)


def _last_failure(dataset: Dataset) -> None:
    """Why the last captioning failed, until someone closes it."""
    with dataset.catalog() as catalog:
        job = catalog.jobs.latest("caption")
    if job is None or job.state != "failed" or st.session_state.get("seen-failure") == job.id:
        return
    job_progress.show_failure(dataset, job)
    st.button("Close", key="close-failure", on_click=st.session_state.update, args=({"seen-failure": job.id},))
