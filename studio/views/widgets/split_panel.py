"""How many pictures are held out to measure with."""

from __future__ import annotations

import streamlit as st

from studio.views.error_panel import caught
from studio.views.widgets.markup import element, facts, put
from studio.workspace import Dataset

_NAMES = {
    "train": "for training",
    "validation": "held out to measure with",
    "test": "held out for a last test",
    "": "not placed yet",
}


def show(dataset: Dataset) -> None:
    """Draw the panel; the split is drawn again at once when a setting changes."""
    with dataset.catalog() as catalog:
        settings = {"validation": 0.1, "test": 0.0, "seed": 0} | (catalog.settings.get("split") or {})
        counts = catalog.pictures.splits()
    key = f"split-{dataset.name}"
    with st.container(key="panel-split"):
        put(element("h2", "Held out", class_="cs-h"))
        put(facts([(_NAMES[name], str(counts[name])) for name in _NAMES if counts.get(name)]))
        st.slider(
            "Held out to measure with",
            0,
            50,
            value=round(100 * settings["validation"]),
            format="%d %%",
            key=f"{key}-share",
            on_change=_changed,
            args=(dataset, key, settings["test"]),
            help="The loss on pictures that are not trained on tells whether it learns or only remembers. "
            "Look-alikes always land on the same side.",
        )
        st.number_input(
            "Seed", 0, 2**31, value=int(settings["seed"]), key=f"{key}-seed", on_change=_changed,
            args=(dataset, key, settings["test"]), help="Another seed holds other pictures out.",
        )  # fmt: skip


def _changed(dataset: Dataset, key: str, test: float) -> None:
    from studio.stages.split import split

    share, seed = st.session_state[f"{key}-share"] / 100, int(st.session_state[f"{key}-seed"])
    with caught():
        split(dataset, validation=share, test=test, seed=seed)
