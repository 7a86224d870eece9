"""The button that starts a training, exporting first where that is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from studio import jobs
from studio.stages.plan_training import plan_training
from studio.views import links
from studio.views.error_panel import caught
from studio.views.widgets import job_progress
from studio.views.widgets.markup import element, put
from studio.workspace import Dataset
from training import create_run

if TYPE_CHECKING:
    from training import RunConfig, RunView

THEN = "then"


def show(
    dataset: Dataset, config: RunConfig | None, method: str, model: str, blocked: bool, active: RunView | None
) -> None:
    """Draw the panel. Without an export one is written first, and the training starts when it is done."""
    with st.container(key="panel-start"):
        put(element("h2", _head(config), class_="cs-h"))
        put(element("p", "You can close this page; it goes on.", class_="cs-sub"))
        job = job_progress.show(dataset, "export") if st.query_params.get(THEN) == "train" else None
        exporting = job is not None and job.active
        label = "Start training" if config else "Write export and train"
        asked = st.button(
            label,
            type="primary",
            width="stretch",
            key="start-training",
            disabled=blocked or exporting or active is not None,
            help="Another training of this dataset is at work." if active else None,
        )
    with caught():
        if asked and config:
            start(dataset, config)
        elif asked:
            st.query_params[THEN] = "train"
            jobs.start(dataset, "export", {})
            st.rerun()
        elif job and job.state == "finished" and config:
            start(dataset, plan_training(dataset, method, model))


def start(dataset: Dataset, config: RunConfig) -> None:
    """Make the run's folder, start its process, and show it."""
    run = create_run(dataset.runs, config)
    jobs.start(dataset, "train", {"run": run.name})
    links.go("Train", dataset.name, run=run.name)


def _head(config: RunConfig | None) -> str:
    return "Ready" if config else "One click for both"
