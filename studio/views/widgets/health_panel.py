"""The button that looks for damage in a dataset, and what it found."""

from __future__ import annotations

from typing import Any

import streamlit as st

from studio import jobs
from studio.catalog import Job
from studio.views.error_panel import caught
from studio.views.widgets import job_progress, runs_list
from studio.views.widgets.markup import Markup, dot_row, element, put
from studio.workspace import Dataset


def show(dataset: Dataset) -> None:
    """Draw the panel: what the newest check found, and the button for another one, which runs as a job."""
    with st.container(key="panel-health"):
        put(
            element("h2", "Still sound?", class_="cs-h"),
            element("p", "Finds pictures, exports and weights that were lost or changed.", class_="cs-sub"),
        )
        job = job_progress.show(dataset, "check")
        if job and job.active:
            return
        if job and job.state in ("finished", "stopped"):
            put(*_findings(job))
        asked = st.button(
            "Check again" if job else "Check",
            width="stretch",
            key="check-dataset",
            help="Reads all of them in full and compares them with what was written. Nothing is changed.",
        )
    if asked:
        with caught():
            jobs.start(dataset, "check", {})
            st.rerun()


def _findings(job: Job) -> list[Markup]:
    """One line for each fault, or the good news; a stopped check says that it saw only a part."""
    result: dict[str, Any] = dict(job.result)
    shown, total = result.get("findings", []), int(result.get("total", 0))
    rows = [dot_row(one["level"], one["subject"], one["sentence"]) for one in shown]
    if total > len(shown):
        rows.append(dot_row("warning", f"And {total - len(shown)} more; `concept-studio check` lists all."))
    when = runs_list.when(job.started_at)
    if job.state == "stopped":
        rows.append(dot_row("warning", f"Stopped before the end, {when}.", "What it had not reached is not known."))
    elif not rows:
        rows.append(dot_row("ok", "All well.", f"Originals, exports and weights are as they were written, {when}."))
    return rows
