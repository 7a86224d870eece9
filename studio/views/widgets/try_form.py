"""What to draw and with which trained files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from studio.stages.try_out import build_request, start_try, suggested_prompts
from studio.views.error_panel import caught
from studio.views.widgets import run_words
from studio.views.widgets.markup import element, put
from studio.workspace import Dataset

if TYPE_CHECKING:
    from training import RunView


def show(dataset: Dataset, runs: list[RunView]) -> Path | None:
    """Draw the form; returns the folder of a new try-out when one was asked for."""
    names = {run.id: run for run in runs}
    wanted = st.query_params.get("run", "")
    key = f"try-{dataset.name}"
    with st.container(key="panel-try"), st.form(f"{key}-form", border=False):
        put(element("h2", "What to draw", class_="cs-h"))
        prompts = st.text_area(
            "Prompts, one a line", "\n".join(suggested_prompts(dataset)), height=130, key=f"{key}-prompts"
        )
        chosen = st.multiselect(
            "With",
            list(names),
            default=[wanted if wanted in names else runs[0].id],
            format_func=lambda name: f"Run {run_words.number(names[name])}: {run_words.method(names[name])}",
            key=f"{key}-runs",
            help="An embedding and a concept model can be drawn with together.",
        )
        strength = st.slider("Strength", 0.0, 1.5, 1.0, 0.05, key=f"{key}-strength", help="Of concept models only.")
        left, middle, right = st.columns(3)
        seed = left.number_input("Seed", 0, 2**31, 0, key=f"{key}-seed")
        steps = middle.number_input("Steps", 1, 200, 20, key=f"{key}-steps")
        guidance = right.number_input("Guidance", 0.0, 50.0, None, 0.5, key=f"{key}-guidance", placeholder="automatic")
        asked = st.form_submit_button("Draw", type="primary", width="stretch", shortcut="Ctrl+Enter")
    if not asked:
        return None
    with caught():
        request = build_request(
            [names[name] for name in chosen], prompts.splitlines(), strength, int(seed), int(steps), guidance
        )
        return start_try(dataset, request)
    return None
