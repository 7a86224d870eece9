"""Export: what will be written, at which sizes, what is held out, and the exports so far."""

from __future__ import annotations

import streamlit as st

from studio.catalog import Query
from studio.stages.plan_training import list_exports
from studio.stages.sizes import plan_sizes
from studio.views.widgets import crop_tiles, export_button, export_list, resolution_panel, split_panel
from studio.views.widgets.markup import title
from studio.workspace import Dataset


def show(dataset: Dataset) -> None:
    with dataset.catalog() as catalog:
        decisions = catalog.pictures.decisions()
        kept = catalog.pictures.count(Query(decisions=("keep",)))
    exports = list_exports(dataset)
    number = int(exports[-1].name) + 1 if exports else 1
    title(f"Export {number}", _below(kept, decisions["undecided"]))
    left, right = st.columns([1, 0.36], gap="medium")
    with right:
        split_panel.show(dataset)
        export_button.show(dataset, kept, number)
    with left:
        if kept + decisions["undecided"]:
            plan = plan_sizes(dataset)
            resolution_panel.show(dataset, plan)
            crop_tiles.show(dataset, plan)
        export_list.show(dataset, exports)


def _below(kept: int, undecided: int) -> str:
    if not kept and not undecided:
        return "There are no pictures yet. Add some on the Pictures page."
    waiting = f" {undecided} undecided ones stay out until you keep them." if undecided else ""
    return f"A numbered snapshot of {kept} kept pictures that a training reads. Originals are only read.{waiting}"
