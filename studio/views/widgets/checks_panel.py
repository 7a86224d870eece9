"""What should be known before a training starts, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from studio.views import links
from studio.views.widgets.markup import dot_row, element, put
from studio.workspace import Dataset
from training import preflight

if TYPE_CHECKING:
    from training import Check, RunConfig

_ORDER = ("error", "warning", "ok")
_TIME = "Time"
"""The check that tells how long it takes; it stands beside the button."""
_PAGES = {
    "Captions": "Captions", "Long captions": "Captions", "No trigger": "Captions", "Trigger missing": "Captions",
    "Few pictures": "Pictures", "Small pictures": "Pictures", "Leaking split": "Pictures",
    "Cut pictures": "Export", "Resolution": "Export", "Validation": "Export",
}  # fmt: skip
"""Where something can be done about a check."""


def show(dataset: Dataset, config: RunConfig) -> tuple[bool, str]:
    """Draw the checks, the serious ones first; returns whether one forbids to start, and how long it will take."""
    checks = sorted(preflight(config), key=lambda check: _ORDER.index(check.level))
    with st.container(key="panel-checks"):
        put(element("h2", "Before it starts", class_="cs-h"))
        for number, check in enumerate(checks):
            if check.title != _TIME:
                _row(dataset, check, number)
    time = next((check.detail.removesuffix(" (estimate).") for check in checks if check.title == _TIME), "")
    return any(check.level == "error" for check in checks), time


def _row(dataset: Dataset, check: Check, number: int) -> None:
    if check.level == "ok":
        put(dot_row("ok", f"{check.title}: {check.detail}"))
        return
    with st.container(key=f"cs-check-{number}", horizontal=True, vertical_alignment="center"):
        put(dot_row(check.level, check.title, f"{check.detail} {check.fix}".strip()))
        if check.title in _PAGES:
            links.link(_PAGES[check.title], dataset.name, f"Open {_PAGES[check.title]}")
