"""The loss of a run as a chart that draws itself in the page, in the colours of the theme."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:
    from training import RunView

POINTS = 400
"""At most this many points of a curve are sent; more cannot be seen."""
Curve = list[tuple[int, float]]


def show(run: RunView, height: int = 260) -> None:
    """Draw the chart of a run: every step faint, smoothed on top, held-out loss and the base model's."""
    best = min(run.validation, key=lambda point: point[1])[0] if run.validation else None
    _component()(
        key=f"loss-{run.id}",
        data={
            "losses": thinned(run.losses),
            "smooth": thinned(smoothed(run.losses)),
            "held": _with_start(run),
            "base": run.baseline,
            "best": best,
            "total": max(run.total, run.losses[-1][0] if run.losses else 0),
            "height": height,
        },
    )


def smoothed(curve: Sequence[tuple[int, float]]) -> Curve:
    """Each point as the mean of those around it, a twentieth of the curve to either side."""
    sums = [0.0, *accumulate(loss for _, loss in curve)]
    reach = max(1, len(curve) // 20)
    result = []
    for place, (step, _) in enumerate(curve):
        first, last = max(0, place - reach), min(len(curve), place + reach + 1)
        result.append((step, (sums[last] - sums[first]) / (last - first)))
    return result


def thinned(curve: Sequence[tuple[int, float]], points: int = POINTS) -> Curve:
    """Every n-th point and the last one, `points` or few more in all."""
    stride = max(1, len(curve) // points)
    kept = list(curve[::stride])
    return kept if not curve or kept[-1] == curve[-1] else [*kept, curve[-1]]


def _with_start(run: RunView) -> Curve:
    """The held-out losses, beginning with the untrained model's at step 0."""
    start = [(0, run.baseline)] if run.baseline is not None and not any(step == 0 for step, _ in run.validation) else []
    return [*start, *run.validation]


@st.cache_resource
def _component() -> Any:
    web = resources.files("studio") / "web"
    return st.components.v2.component(
        "concept_studio_loss_chart",
        js=(web / "loss_chart.js").read_text("utf-8"),
        css=(web / "loss_chart.css").read_text("utf-8"),
    )
