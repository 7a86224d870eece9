"""The first question of a training: what is to be learned. Kept in the dataset."""

from __future__ import annotations

import streamlit as st

from studio.views.concepts import CONCEPTS
from studio.workspace import Dataset


def show(dataset: Dataset) -> str:
    """Draw the cards and return the choice: style, object or concept."""
    with dataset.catalog() as catalog:
        kept = str(catalog.settings.get("concept", "style"))
    names = list(CONCEPTS)
    with st.container(key="cs-concept"):
        chosen = st.radio(
            "What do you want to teach?",
            names,
            index=names.index(kept) if kept in names else 0,
            format_func=lambda name: CONCEPTS[name].title,
            captions=[CONCEPTS[name].about for name in names],
            label_visibility="collapsed",
            key=f"concept-{dataset.name}",
        )
    if chosen != kept:
        with dataset.catalog() as catalog:
            catalog.settings.set("concept", chosen)
    return chosen
