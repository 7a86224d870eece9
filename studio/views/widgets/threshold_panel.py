"""Where flags draw their lines: one number a threshold, kept in the dataset."""

from __future__ import annotations

import streamlit as st

from studio.stages.flag_rules import DEFAULT_THRESHOLDS, THRESHOLD_WORDS
from studio.stages.flags import refresh_flags, stored_thresholds
from studio.views.error_panel import caught
from studio.workspace import Dataset


def show(dataset: Dataset) -> None:
    """Draw the closed panel; a changed number is kept, and the flags below follow."""
    with dataset.catalog() as catalog:
        stored = stored_thresholds(catalog)
    with st.expander("What gets a flag"):
        columns = st.columns(4, gap="medium")
        for place, (name, words) in enumerate(THRESHOLD_WORDS.items()):
            usual = f"Usual: {getattr(DEFAULT_THRESHOLDS, name):g}"
            key = f"threshold-{dataset.name}-{name}"
            columns[place % 4].number_input(
                words[0].upper() + words[1:],
                min_value=0.0,
                value=float(stored[name]),
                key=key,
                help=f"{usual}. `{name}` on the command line.",
                on_change=_changed,
                args=(dataset, name, key),
            )


def _changed(dataset: Dataset, name: str, key: str) -> None:
    with caught():
        refresh_flags(dataset, {name: float(st.session_state[key])})
