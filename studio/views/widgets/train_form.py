"""Before a training: what to teach, the suggested settings in words, the checks, and the one button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from studio.stages.export_state import ExportState, export_state
from studio.stages.plan_training import plan_training, read_export_facts
from studio.views.error_panel import show_error
from studio.views.widgets import advanced, base_model, checks_panel, concept_choice, method_panel, start_panel
from studio.views.widgets.markup import title
from studio.views.widgets.start_panel import Plan
from studio.workspace import Dataset
from training import TrainingError

if TYPE_CHECKING:
    from training import RunConfig, RunView


def show(dataset: Dataset, active: RunView | None) -> None:
    """Draw the form; the config is made anew from what stands in it, so the page never shows an old one."""
    concept_place = st.container()
    with concept_place:
        heading = st.container()
        concept_choice.show(dataset)
    state = export_state(dataset)
    export = state.newest if state.is_current else None
    with heading:
        title("What do you want to teach?", _below(read_export_facts(export) if export else None, state))
    left, right = st.columns([1, 0.36], gap="medium")
    with right:
        model = base_model.show(dataset)
        start_place = st.container()
    with left:
        method, explain_place = method_panel.choose(dataset, state.pictures)
        checks_place = st.container()
        config = _config(dataset, method, model) if export else None
    if config:
        with explain_place:
            method_panel.explain(config)
        with checks_place:
            blocked, time = checks_panel.show(dataset, config)
    else:
        blocked, time = not state.pictures, ""
    with start_place:
        start_panel.show(dataset, Plan(config, method, model, blocked, time), active)


def _config(dataset: Dataset, method: str, model: str) -> RunConfig | None:
    """The suggestion with the changes made under Advanced; the panel of settings is drawn on the way."""
    try:
        suggested = plan_training(dataset, method, model)
        changes = advanced.show(suggested, key=f"{dataset.name}-{method}-{model}")
        return plan_training(dataset, method, model, overrides=changes) if changes else suggested
    except TrainingError as error:
        show_error(error)
        return None


def _below(facts: dict[str, Any] | None, state: ExportState) -> str:
    if facts is None:
        counts, begin = state.counts, "No export holds this yet; one click writes it and trains"
    else:
        counts, begin = facts["counts"], f"From export {facts['number']}"
    held_out = counts.get("validation", 0)
    measured = f"{held_out} held out to measure with" if held_out else "none held out to measure with"
    return f"{begin} · {counts.get('train', 0)} pictures for training, {measured}."
