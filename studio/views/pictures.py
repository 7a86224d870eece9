"""Pictures: bring them in, then decide about duplicates and flagged ones."""

from __future__ import annotations

import streamlit as st

from studio.api.guard import launch_token
from studio.views import components, links
from studio.views.widgets import ingest_box, threshold_panel
from studio.workspace import Dataset


def show(dataset: Dataset) -> None:
    """Draw the page. The review reads and writes by itself; it only asks for the next page here."""
    with dataset.catalog() as catalog:
        empty = not sum(catalog.pictures.decisions().values()) and not catalog.files.counts()
    ingest_box.show(dataset, empty)
    if empty:
        return
    threshold_panel.show(dataset)
    data = {"dataset": dataset.name, "token": launch_token(), "open": st.query_params.get("open", "")}
    answer = components.review()(key=f"review-{dataset.name}", data=data, on_open_change=lambda: None)
    if answer.open and answer.open.get("what") == "captions":
        links.go("Captions", dataset.name)
