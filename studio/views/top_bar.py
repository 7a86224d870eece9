"""The bar on top: name, dataset, pages, and the work that runs."""

from __future__ import annotations

from typing import Any

import streamlit as st

from studio.views import chosen
from studio.views.widgets import job_chip
from studio.views.widgets.markup import element
from studio.workspace import Dataset

_PICKER = "dataset-picker"


def show(pages: dict[str, Any], current: Any, dataset: Dataset | None, datasets: list[Dataset]) -> None:
    """Draw the bar. Every link carries the dataset, so that a page can be bookmarked."""
    with st.container(key="cs-top", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(element("b", "Concept Studio", class_="cs-brand"), width="content")
        if dataset:
            _picker(dataset, datasets)
        address = {chosen.PARAMETER: dataset.name} if dataset else None
        for name, page in pages.items():
            with st.container(key="cs-here" if page == current else f"cs-there-{name}", width="content"):
                st.page_link(page, label=name, query_params=address)
        if dataset:
            job_chip.show(dataset)


def _picker(dataset: Dataset, datasets: list[Dataset]) -> None:
    titles = {one.name: one.title for one in datasets}
    st.session_state[_PICKER] = dataset.name
    st.selectbox(
        "Dataset",
        list(titles),
        format_func=titles.__getitem__,
        key=_PICKER,
        label_visibility="collapsed",
        on_change=_switch,
        width=190,
    )


def _switch() -> None:
    chosen.choose(st.session_state[_PICKER])
