"""The files a run made: where they are, how large, and which program reads them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from studio.views.widgets import run_words
from studio.views.widgets.markup import element, put

if TYPE_CHECKING:
    from training import RunView


def show(run: RunView) -> None:
    """Draw the panel; nothing before there are files."""
    if not run.weights:
        return
    with st.container(key=f"panel-files-{run.id}"):
        put(element("h2", "Files", class_="cs-h"))
        for path in run.weights:
            put(
                element("div", path.name, element("span", f" {run_words.size(path.stat().st_size)}", class_="cs-dim")),
                element("div", readers(run.method, path), class_="cs-dim cs-small"),
            )
            st.code(str(path), language=None)


def readers(method: str, path: Path) -> str:
    """Which programs read this file."""
    if method == "textual-inversion":
        return "For ComfyUI, AUTOMATIC1111, Forge, InvokeAI, and load_textual_inversion of diffusers."
    if path.name == "pytorch_lora_weights.safetensors":
        return "For load_lora_weights of diffusers, and PEFT."
    return "For ComfyUI, AUTOMATIC1111, Forge, InvokeAI and kohya; diffusers reads it too."
