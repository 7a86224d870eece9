"""The button that writes an export, what should be known before, and how far it is."""

from __future__ import annotations

import streamlit as st

from studio import jobs
from studio.catalog import Query
from studio.views.error_panel import caught
from studio.views.widgets import job_progress
from studio.views.widgets.markup import Markup, dot_row, element, put
from studio.workspace import Dataset


def show(dataset: Dataset, kept: int, number: int) -> None:
    """Draw the panel; the button is off while there is nothing to write or a job is at it."""
    with st.container(key="panel-write"):
        put(element("h2", "Before it is written", class_="cs-h"), *_checks(dataset, kept))
        job = job_progress.show(dataset, "export")
        running = job is not None and job.active
        asked = st.button(
            f"Write export {number}", type="primary", width="stretch", disabled=running or not kept, key="write-export"
        )
        if job and job.state == "finished":
            put(element("div", job.message, class_="cs-dim cs-small"))
    if asked:
        with caught():
            jobs.start(dataset, "export", {})
            st.rerun()


def _checks(dataset: Dataset, kept: int) -> list[Markup]:
    if not kept:
        return [dot_row("error", "No picture is kept yet.", "Keep some on the Pictures page.")]
    with dataset.catalog() as catalog:
        trigger = str(catalog.settings.get("trigger", ""))
        empty = catalog.pictures.count(Query(show="empty", decisions=("keep",)))
        without = catalog.pictures.count(Query(show="no_trigger", trigger=trigger, decisions=("keep",)))
    lines = [_line(empty, "without a caption. They teach less; caption them first.", "Every picture has a caption")]
    if trigger:
        bad = f"without “{trigger}” in the caption. Apply it on the Captions page."
        lines.append(_line(without, bad, f"“{trigger}” is in every caption"))
    else:
        lines.append(dot_row("warning", "No trigger is set.", "Set the words that call it up on the Captions page."))
    return lines


def _line(count: int, bad: str, good: str) -> Markup:
    return dot_row("warning", f"{count} picture{'s' * (count > 1)} {bad}") if count else dot_row("ok", good)
