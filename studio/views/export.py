"""Export: what will be written, at which sizes, what is held out, and the exports so far."""

from __future__ import annotations

import streamlit as st

from studio.stages.export_state import ExportState, export_state
from studio.stages.plan_training import list_exports
from studio.stages.sizes import plan_sizes
from studio.views import links
from studio.views.widgets import (
    crop_tiles,
    export_button,
    export_list,
    health_panel,
    resolution_panel,
    run_words,
    split_panel,
)
from studio.views.widgets.markup import title
from studio.workspace import Dataset


def show(dataset: Dataset) -> None:
    state = export_state(dataset)
    exports = list_exports(dataset)
    number = int(exports[-1].name) + 1 if exports else 1
    if not state.pictures:
        _nothing_yet(dataset)
        return
    title(f"Export {number}" if not state.is_current else f"Export {number - 1} is current", _below(state))
    left, right = st.columns([1, 0.36], gap="medium")
    with right:
        export_button.show(dataset, state, number)
        split_panel.show(dataset)
        health_panel.show(dataset)
    with left:
        plan = plan_sizes(dataset)
        resolution_panel.show(dataset, plan)
        crop_tiles.show(dataset, plan)
        export_list.show(dataset, exports)


def _below(state: ExportState) -> str:
    parts = [f"{state.counts['train']} for training", f"{state.counts['validation']} held out to measure with"]
    parts += [f"{state.counts['test']} for a last test"] if state.counts.get("test") else []
    return f"{run_words.pictures(state.pictures)}: {', '.join(parts)}. Originals are only read."


def _nothing_yet(dataset: Dataset) -> None:
    title("Export", "There are no pictures to export yet.")
    if st.button("Add pictures", type="primary", key="to-pictures"):
        links.go("Pictures", dataset.name)
