"""At which sizes the pictures will be trained: resolution, buckets, and what gets lost."""

from __future__ import annotations

import streamlit as st

from studio.stages.sizes import SizePlan, set_resolution, set_upscale
from studio.views.error_panel import caught
from studio.views.widgets import run_words
from studio.views.widgets.markup import Markup, element, put
from studio.workspace import Dataset

_KEY = "resolution"
MUCH = 0.1
"""Share of a picture whose loss is worth a look."""


def show(dataset: Dataset, plan: SizePlan) -> None:
    """Draw the panel; a changed resolution is kept in the dataset at once."""
    with st.container(key="panel-sizes"):
        put(element("h2", "What the trainer will see", class_="cs-h"))
        words, field = st.columns([1, 0.3], gap="medium", vertical_alignment="center")
        with words:
            put(_sentences(plan))
        with field:
            st.number_input(
                "Resolution",
                min_value=16,
                max_value=4096,
                step=plan.step,
                value=plan.resolution,
                key=f"{_KEY}-{dataset.name}-{plan.resolution}",
                on_change=_changed,
                args=(dataset, f"{_KEY}-{dataset.name}-{plan.resolution}"),
                help="Side in pixels of a square picture. The base model's own is nearly always right.",
            )
        if plan.too_small:
            _upscale_box(dataset, plan)
        put(_bars(plan.buckets))


def _upscale_box(dataset: Dataset, plan: SizePlan) -> None:
    key = f"upscale-{dataset.name}"
    st.session_state[key] = plan.upscale
    st.checkbox(
        "Enlarge small pictures",
        key=key,
        on_change=lambda: set_upscale(dataset, bool(st.session_state[key])),
        help="Fill the resolution by inventing pixels. Without it they are trained at a smaller size.",
    )


def _changed(dataset: Dataset, key: str) -> None:
    with caught():
        set_resolution(dataset, int(st.session_state[key]))


def _sentences(plan: SizePlan) -> Markup:
    many = len(plan.buckets)
    lines = [f"{plan.resolution} × {plan.resolution} pixels, in {many} shape{'s' * (many != 1)}", _cut(plan)]
    if plan.too_small:
        what = "enlarged" if plan.upscale else "trained smaller"
        lines.append(f"{run_words.pictures(len(plan.too_small))} too small for that, {what}")
    return element("ul", *(element("li", line) for line in lines), class_="cs-list")


def _cut(plan: SizePlan) -> str:
    much = [cut.cut_fraction for _, cut in plan.rows if cut.cut_fraction > MUCH]
    if much:
        return f"{run_words.pictures(len(much))} cut by more than {run_words.percent(MUCH)}, the rest less"
    most = run_words.percent(plan.largest_cut)
    return f"nothing is cut by more than {most}" if plan.largest_cut >= 0.005 else "nothing is cut"


def _bars(buckets: dict[str, int]) -> Markup:
    most = max(buckets.values(), default=1)
    rows: list[Markup] = []
    for name, count in sorted(buckets.items(), key=lambda item: -item[1]):
        width, height = (int(side) for side in name.split("x"))
        shape = f"width:{round(22 * width / max(width, height))}px;height:{round(22 * height / max(width, height))}px"
        rows += [
            element("span", element("i", style=shape), class_="cs-shape"),
            element("span", f"{width} × {height}", class_="cs-number"),
            element("div", element("i", style=f"width:{round(100 * count / most)}%"), class_="cs-bar"),
            element("b", count, class_="cs-number"),
        ]
    return element("div", *rows, class_="cs-buckets")
