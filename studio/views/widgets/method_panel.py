"""The method: which one suits the dataset, in words, and what its settings come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from studio.views.widgets.markup import element, put
from studio.workspace import Dataset
from training import explain_config

if TYPE_CHECKING:
    from training import RunConfig

_NAMES = {"lora": "Concept model (LoRA)", "dora": "Concept model (DoRA)", "textual-inversion": "Embedding"}
_ABOUT = {
    "lora": "Small additions to the layers of the model: it can learn how to draw something new.",
    "dora": "Like LoRA, with the length of each weight learned apart: often truer at a small rank, a third slower.",
    "textual-inversion": "A new word for what the model can draw already: a tiny file, nothing else changes.",
}
_FEW = 8
"""Below this many pictures a concept model tends to learn them by heart."""


def choose(dataset: Dataset, pictures: int) -> tuple[str, DeltaGenerator]:
    """Ask for the method; returns lora, dora or textual-inversion, and the place where `explain` goes on."""
    suggested = "lora" if pictures >= _FEW else "textual-inversion"
    with st.container(key="panel-method"):
        put(element("h2", f"Suggested: {_spoken(suggested)}", class_="cs-h"))
        put(element("div", _reason(suggested, pictures)))
        method = st.segmented_control(
            "Method",
            list(_NAMES),
            default=suggested,
            format_func=_NAMES.__getitem__,
            required=True,
            label_visibility="collapsed",
            key=f"method-{dataset.name}",
        )
        put(element("div", _ABOUT[method or suggested]))
        return method or suggested, st.container()


def explain(config: RunConfig) -> None:
    """What the settings come to, as a short list."""
    put(element("ul", *(element("li", line) for line in explain_config(config)), class_="cs-list"))


def _spoken(method: str) -> str:
    return "a concept model (LoRA)" if method == "lora" else "an embedding"


def _reason(suggested: str, pictures: int) -> str:
    if suggested == "lora":
        return f"{pictures} pictures are enough for a concept model, which can learn to draw something new."
    return f"{pictures} picture{'s are' if pictures != 1 else ' is'} few; an embedding does not learn them by heart."
