"""What should be known before a training starts, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from studio.views.widgets.markup import dot_row, element, put
from studio.workspace import Dataset
from training import preflight

if TYPE_CHECKING:
    from training import Check, RunConfig

_ORDER = ("error", "warning", "ok")


def show(dataset: Dataset, config: RunConfig) -> bool:
    """Draw the checks, the serious ones first; returns whether one of them forbids to start."""
    checks = sorted(preflight(config), key=lambda check: _ORDER.index(check.level))
    with st.container(key="panel-checks"):
        put(element("h2", "Before it starts", class_="cs-h"), *(_row(check) for check in checks))
    return any(check.level == "error" for check in checks)


def _row(check: Check) -> str:
    more = " ".join(part for part in (check.detail, check.fix if check.level != "ok" else "") if part)
    return dot_row(check.level, check.title, more)
