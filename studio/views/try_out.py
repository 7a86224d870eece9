"""Try: draw prompts with what was trained and without it, side by side, same seeds."""

from __future__ import annotations

import streamlit as st

from studio import jobs
from studio.stages.try_out import list_tries
from studio.views import links
from studio.views.error_panel import caught
from studio.views.widgets import job_progress, try_form, try_result
from studio.views.widgets.markup import element, put, title
from studio.workspace import Dataset
from training import list_runs

PARAMETER = "try"


def show(dataset: Dataset) -> None:
    runs = [run for run in reversed(list_runs(dataset.runs)) if run.weights]
    title("Try it", "The same prompts and seeds, with what was learned and without.")
    if not runs:
        _nothing_yet(dataset)
        return
    left, right = st.columns([0.36, 1], gap="medium")
    with left:
        folder = try_form.show(dataset, runs)
        job = job_progress.show(dataset, "generate")
    if folder:
        with caught():
            jobs.start(dataset, "generate", {"try": folder.name})
            links.go("Try", dataset.name, **{PARAMETER: folder.name})
    with right:
        tries = list_tries(dataset)
        shown = next((one for one in tries if one.folder.name == st.query_params.get(PARAMETER)), None)
        try_result.show(dataset, shown or next((one for one in tries if one.finished), None), bool(job and job.active))
        try_result.show_earlier(dataset, tries)


def _nothing_yet(dataset: Dataset) -> None:
    with st.container(key="panel-none"):
        put(element("p", "No run of this dataset has made its files yet. Train one first.", class_="cs-sub"))
        if st.button("Train", type="primary", key="to-training"):
            links.go("Train", dataset.name)
