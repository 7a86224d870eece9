"""Train: one button with settings chosen for the dataset, or the run that goes on or was asked for."""

from __future__ import annotations

import streamlit as st

from studio.views import links
from studio.views.error_panel import show_sentence
from studio.views.widgets import run_page, runs_list, train_form
from studio.workspace import Dataset
from training import list_runs

PARAMETER = "run"
NEW = "new"


def show(dataset: Dataset) -> None:
    wanted = st.query_params.get(PARAMETER, "")
    runs = {run.id: run for run in list_runs(dataset.runs)}
    active = next((run for run in reversed(runs.values()) if run.alive), None)
    if wanted in runs:
        run_page.show(dataset, runs[wanted])
        return
    if active and wanted != NEW:
        run_page.show(dataset, active)
        return
    if wanted and wanted != NEW:
        show_sentence(f"There is no run {wanted} in {dataset.title}. Its runs are listed below.", level="warning")
    train_form.show(dataset, active)
    runs_list.show(dataset, list(reversed(runs.values())))


def open_run(dataset: Dataset, run_id: str) -> None:
    """Show a run; its name stands in the address, so a reload shows it again."""
    links.go("Train", dataset.name, run=run_id)
