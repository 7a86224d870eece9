"""Which base model is taught: built in, one on this machine, or a Hub id or path typed in."""

from __future__ import annotations

import streamlit as st

from studio.stages.local_paths import whole_model
from studio.views.error_panel import caught
from studio.views.widgets.markup import element, put
from studio.workspace import Dataset, home
from training import POCKET_MODEL, detect_family, list_base_models

_NAMES = {POCKET_MODEL: "Pocket emoji (built in)"}
_FAMILIES = {"sd1": "Stable Diffusion 1.x", "sd2": "Stable Diffusion 2.x", "sdxl": "Stable Diffusion XL"}


def show(dataset: Dataset) -> str:
    """Draw the panel and return the model's name; a change is kept in the dataset."""
    with dataset.catalog() as catalog:
        kept = str(catalog.settings.get("base_model", POCKET_MODEL))
    models = [info.base_model for info in list_base_models(home())]
    models += [kept] if kept not in models else []
    with st.container(key="panel-base-model"):
        put(element("h2", "Base model", class_="cs-h"))
        chosen = st.selectbox(
            "Base model",
            models,
            index=models.index(kept),
            format_func=lambda name: _NAMES.get(name, name),
            accept_new_options=True,
            label_visibility="collapsed",
            key=f"base-model-{dataset.name}",
            help="Choose one, or type a Hub id such as owner/name, or the path of a folder or .safetensors file.",
        )
        model = whole_model((chosen or kept).strip())
        with caught():
            family = detect_family(model)
            put(
                element(
                    "div", f"{_FAMILIES.get(family.name, family.label)} layout, {family.resolution} px", class_="cs-dim"
                )
            )
    if model != kept:
        with dataset.catalog() as catalog:
            catalog.settings.set("base_model", model)
    return model
