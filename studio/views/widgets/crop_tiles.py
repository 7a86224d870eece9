"""The pictures that lose most at their edges, as the trainer will see them, each with a way to change the cut."""

from __future__ import annotations

import streamlit as st

from studio.catalog import Picture
from studio.pictures.crop import CropPlan
from studio.pictures.edit import ROTATIONS, Edit
from studio.stages.sizes import SizePlan, picture_edit, set_edit
from studio.views import addresses
from studio.views.error_panel import caught
from studio.views.widgets import run_words
from studio.views.widgets.markup import element, picture, put
from studio.workspace import Dataset

_SHOWN = 6
NOTICEABLE = 0.005
"""Less than this share of a picture is rounding to whole pixels."""
_PLACES = {
    "top left": (0.0, 0.0), "top": (0.5, 0.0), "top right": (1.0, 0.0),
    "left": (0.0, 0.5), "middle": (0.5, 0.5), "right": (1.0, 0.5),
    "bottom left": (0.0, 1.0), "bottom": (0.5, 1.0), "bottom right": (1.0, 1.0),
}  # fmt: skip


def show(dataset: Dataset, plan: SizePlan) -> None:
    """Draw the row of tiles: the most cut pictures first, then edited ones, then any."""
    cuts = dict(plan.rows)
    cut = [number for number, one in plan.rows if one.cut_fraction >= NOTICEABLE]
    with dataset.catalog() as catalog:
        edited = {one.id for one in catalog.pictures.each() if one.edit}
        first = sorted(cuts, key=lambda number: (-cuts[number].cut_fraction, number not in edited))
        found = catalog.pictures.many(first[:_SHOWN])
    if not found:
        return
    with st.container(key="panel-crops"):
        put(
            element("h2", "Cut the most" if cut else "As the trainer sees them", class_="cs-h"),
            element("p", "Choose which part must stay in view. Originals are never changed.", class_="cs-sub"),
        )
        for column, one in zip(st.columns(_SHOWN, gap="small"), found, strict=False):
            with column:
                _tile(dataset, one, cuts[one.id])


def _tile(dataset: Dataset, one: Picture, cut: CropPlan) -> None:
    size = f"{cut.bucket.width} × {cut.bucket.height}"
    lost = f"{run_words.percent(cut.cut_fraction)} cut" if cut.cut_fraction >= NOTICEABLE else "whole"
    put(
        picture(addresses.crop(dataset.name, one.sha256, stamp=one.edit), one.name),
        element("div", f"{size} · {lost}", class_="cs-dim cs-small"),
    )
    if st.button("Adjust", key=f"adjust-{one.id}", width="stretch", help=one.name.replace("*", r"\*")):
        _adjust(dataset, one)


@st.dialog("What must stay in view", width="medium")
def _adjust(dataset: Dataset, one: Picture) -> None:
    edit = picture_edit(one)
    left, right = st.columns(2, gap="medium")
    with left:
        put(
            element("div", "The whole picture", class_="cs-dim cs-small"),
            picture(addresses.full(dataset.name, one.sha256), one.name, class_="cs-pic cs-large"),
            element("div", one.name, class_="cs-dim cs-small"),
        )
    with right:
        with st.container(key="cs-nine"):
            place = st.radio("Keep in view", list(_PLACES), index=_nearest(edit.focus), key=f"place-{one.id}")
        turn = st.segmented_control(
            "Turn",
            ROTATIONS,
            default=edit.rotate,
            format_func=lambda degrees: f"{degrees}°",
            key=f"turn-{one.id}",
            required=True,
        )
        if st.button("Keep this cut", type="primary", key=f"keep-{one.id}"):
            with caught():
                set_edit(dataset, [one.id], Edit(crop=edit.crop, rotate=turn or 0, focus=_PLACES[place]))
                st.rerun()


def _nearest(focus: tuple[float, float]) -> int:
    distances = [(x - focus[0]) ** 2 + (y - focus[1]) ** 2 for x, y in _PLACES.values()]
    return distances.index(min(distances))
