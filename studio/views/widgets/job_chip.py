"""The work that runs, in the top bar: name, a thin bar, time left. It asks the server itself, without reruns."""

from __future__ import annotations

from importlib import resources
from typing import Any

import streamlit as st

from studio.workspace import Dataset


def show(dataset: Dataset) -> None:
    """Show the chip while a job of the dataset is active; when it ends, the page is drawn anew."""
    with dataset.catalog() as catalog:
        active = catalog.jobs.active()
    if active:
        _component()(
            key=f"job-chip-{dataset.name}",
            data={"dataset": dataset.name, "title": dataset.title, "jobs": [job.id for job in active]},
            on_ended_change=lambda: None,
        )


@st.cache_resource
def _component() -> Any:
    web = resources.files("studio") / "web"
    return st.components.v2.component(
        "concept_studio_job_chip",
        js=(web / "job_chip.js").read_text("utf-8"),
        css=(web / "job_chip.css").read_text("utf-8"),
    )
