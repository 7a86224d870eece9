"""The button that starts a training, exporting first where that is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from studio import jobs
from studio.views import links
from studio.views.error_panel import caught
from studio.views.widgets import job_progress
from studio.views.widgets.markup import element, put
from studio.workspace import Dataset

if TYPE_CHECKING:
    from training import RunConfig, RunView

THEN = "then"
"""In the address: what follows the export that is being written."""
_KEEP_OPEN = "Keep this page open until the training has begun; then you can close it."


class Plan(NamedTuple):
    """What the button would start. Without a config an export has to be written first."""

    config: RunConfig | None
    method: str
    model: str
    blocked: bool
    time: str


def show(dataset: Dataset, plan: Plan, active: RunView | None) -> None:
    """Draw the panel. Without a current export one is written first, and the training starts when it is done."""
    config = plan.config
    with st.container(key="panel-start"):
        head = f"{plan.time} on this machine" if plan.time else "Export first, then training"
        put(element("h2", head, class_="cs-h"))
        put(element("p", "You can close this page; it goes on." if config else _KEEP_OPEN, class_="cs-sub"))
        job = job_progress.show(dataset, "export") if st.query_params.get(THEN) == "train" else None
        asked = st.button(
            "Start training" if config else "Write export and train",
            type="primary",
            width="stretch",
            key="start-training",
            disabled=plan.blocked or active is not None or bool(job and job.active),
            help="Another training of this dataset is at work." if active else None,
        )
    with caught():
        if config and (asked or (job and job.state == "finished")):
            start(dataset, config)
        elif asked:
            st.query_params[THEN] = "train"
            jobs.start(dataset, "export", {})
            st.rerun()


def start(dataset: Dataset, config: RunConfig) -> None:
    """Make the run's folder, start its process, and show it."""
    job = jobs.start_training(dataset, config)
    links.go("Train", dataset.name, run=str(job.args["run"]))
