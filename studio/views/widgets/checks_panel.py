"""What should be known before a training starts, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from studio.views.widgets.markup import Markup, dot_row, element, put
from training import preflight

if TYPE_CHECKING:
    from training import Check, RunConfig

_ORDER = ("error", "warning", "ok")
_TIME = "Time"
"""The check that tells how long it takes; it stands beside the button."""


def show(config: RunConfig) -> tuple[bool, str]:
    """Draw the checks, the serious ones first; returns whether one forbids to start, and how long it will take."""
    checks = sorted(preflight(config), key=lambda check: _ORDER.index(check.level))
    with st.container(key="panel-checks"):
        put(
            element("h2", "Before it starts", class_="cs-h"), *(_row(check) for check in checks if check.title != _TIME)
        )
    time = next((check.detail.removesuffix(" (estimate).") for check in checks if check.title == _TIME), "")
    return any(check.level == "error" for check in checks), time


def _row(check: Check) -> Markup:
    if check.level == "ok":
        return dot_row("ok", f"{check.title}: {check.detail}")
    return dot_row(check.level, check.title, f"{check.detail} {check.fix}".strip())
