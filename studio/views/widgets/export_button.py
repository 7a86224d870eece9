"""The button that writes an export, what should be known before, and how far it is."""

from __future__ import annotations

import streamlit as st

from studio import jobs
from studio.catalog import Job
from studio.stages.export_state import ExportState
from studio.views import links
from studio.views.error_panel import caught
from studio.views.widgets import job_progress, run_words
from studio.views.widgets.markup import Markup, dot_row, element, put
from studio.workspace import Dataset


def show(dataset: Dataset, state: ExportState, number: int) -> None:
    """Draw the panel; when the newest export holds all this already, the way goes on to training."""
    with st.container(key="panel-write"):
        put(element("h2", "Before it is written", class_="cs-h"), *_lines(state))
        job = job_progress.show(dataset, "export")
        if job and job.active:
            return
        if state.is_current:
            put(element("div", _outcome(job) or "Nothing changed since it was written.", class_="cs-dim cs-small"))
            if st.button(f"Train on export {number - 1}", type="primary", width="stretch", key="to-training"):
                links.go("Train", dataset.name, run="new")
            return
        without = st.checkbox(
            "Leave out missing originals",
            key=f"allow-missing-{dataset.name}",
            help="Write the export without pictures whose file is gone or changed, instead of stopping there.",
        )
        asked = st.button(f"Write export {number}", type="primary", width="stretch", key="write-export")
    if asked:
        with caught():
            jobs.start(dataset, "export", {"allow_missing": True} if without else {})
            st.rerun()


def _lines(state: ExportState) -> list[Markup]:
    if not state.warnings:
        return [dot_row("ok", "Every picture has a caption and is large enough.")]
    return [dot_row("warning", sentence) for sentence in state.warnings]


def _outcome(job: Job | None) -> str:
    """What the newest export job wrote."""
    if job is None or job.state != "finished" or not job.result.get("number"):
        return ""
    missing = job.result.get("missing") or []
    without = f" without {run_words.pictures(len(missing))}" if isinstance(missing, list) and missing else ""
    return f"Export {job.result['number']} is written{without}, in {float(str(job.result.get('seconds', 0))):.0f} s."
