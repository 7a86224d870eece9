"""The browser components: their scripts and styles, read from the package and mounted without a build step."""

from __future__ import annotations

from importlib import resources
from typing import Any

import streamlit as st

_GRID = (
    "element.js", "server.js", "drafts.js", "saver.js", "rows.js", "layout.js", "memory.js", "selection.js", "card.js",
    "editor.js", "key_sheet.js", "toolbar.js", "loupe.js", "grid.js", "grid_actions.js", "grid_sync.js",
    "grid_keys.js", "grid_entry.js",
)  # fmt: skip
_REVIEW = (
    "element.js", "server.js", "drafts.js", "saver.js", "duplicates.js", "duplicate_card.js", "flagged.js",
    "refused.js", "review.js", "review_entry.js",
)  # fmt: skip
_UPLOAD = ("element.js", "server.js", "upload.js")


@st.cache_resource
def caption_grid() -> Any:
    """The caption grid; mount it with `key`, `data` and `on_open_change`."""
    return _component("concept_studio_grid", _GRID, ("tokens.css", "grid.css"))


@st.cache_resource
def review() -> Any:
    """The review of duplicates and flags; mount it with `key`, `data` and `on_open_change`."""
    return _component("concept_studio_review", _REVIEW, ("tokens.css", "duplicates.css"))


@st.cache_resource
def upload_box() -> Any:
    """The box that uploads dropped files; mount it with `key`, `data` and `on_uploaded_change`."""
    return _component("concept_studio_upload", _UPLOAD, ("tokens.css", "upload.css"))


def read_all(names: tuple[str, ...]) -> str:
    """The files one after the other, as one text."""
    web = resources.files("studio") / "web"
    return "\n".join((web / name).read_text("utf-8") for name in names)


def _component(name: str, scripts: tuple[str, ...], styles: tuple[str, ...]) -> Any:
    return st.components.v2.component(name, js=read_all(scripts), css=read_all(styles))
