"""The exports so far, newest first: counts, digest, folder, and what changed since the one before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from studio.stages.plan_training import read_export_facts
from studio.views.widgets.markup import Markup, element, put
from studio.workspace import Dataset


def show(dataset: Dataset, exports: list[Path]) -> None:
    """Draw one line an export; the newest shows its folder, to copy."""
    if not exports:
        return
    known = [read_export_facts(path) for path in exports]
    with st.container(key="panel-exports"):
        put(element("h2", "Exports", class_="cs-h"))
        for place in range(len(exports) - 1, -1, -1):
            before = known[place - 1] if place else None
            with st.container(key=f"cs-export-{exports[place].name}"):
                put(_line(known[place], before))
                if place == len(exports) - 1:
                    st.code(str(exports[place]), language=None)


def _line(facts: dict[str, Any], before: dict[str, Any] | None) -> Markup:
    counts = ", ".join(f"{count} {name}" for name, count in facts["counts"].items() if count)
    return element(
        "div",
        element("b", f"Export {facts['number']}"),
        element("span", f"{counts} · {facts['resolution']} px", class_="cs-number"),
        element("span", _difference(facts, before), class_="cs-dim"),
        element("code", facts["digest"][:10], title=f"digest {facts['digest']}"),
        class_="cs-export-line",
    )


def _difference(facts: dict[str, Any], before: dict[str, Any] | None) -> str:
    """What changed in numbers since the export before."""
    if before is None:
        return "the first one"
    more = sum(facts["counts"].values()) - sum(before["counts"].values())
    parts = [f"{more:+d} picture{'s' * (abs(more) != 1)}"] if more else []
    if facts["resolution"] != before["resolution"]:
        parts.append(f"{before['resolution']} → {facts['resolution']} px")
    if facts.get("trigger") != before.get("trigger"):
        parts.append("other trigger")
    return ", ".join(parts) or "same pictures, other captions or settings"
