"""The frame around every page: settings, style, top bar, and what happens when a page fails."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import streamlit as st

from studio.views import chosen, error_panel, links, top_bar
from studio.views.widgets.markup import title
from studio.workspace import Dataset, list_datasets

_WEB = Path(__file__).parent.parent / "web"
PAGES = ("Home", "Pictures", "Captions", "Export", "Train", "Try")


def run() -> None:
    """Draw the whole window once."""
    st.set_page_config(page_title="Concept Studio", page_icon=str(_WEB / "icon.svg"), layout="wide")
    st.html(_WEB / "app.css")
    datasets = list_datasets()
    missing = chosen.missing(datasets)
    dataset = chosen.chosen(datasets)
    pages = {name: _page(name, dataset) for name in PAGES}
    current = st.navigation(list(pages.values()), position="hidden")
    links.remember(pages)
    with error_panel.caught():
        top_bar.show(pages, current, dataset, datasets)
    if missing:
        other = f"Shown instead: {dataset.title}." if dataset else "Make one below."
        error_panel.show_sentence(f"There is no dataset named {missing}. {other}", level="warning")
    with error_panel.caught():
        current.run()


def _page(name: str, dataset: Dataset | None) -> Any:
    """A page whose module is imported only when it is opened, so that the first one paints early."""

    def draw() -> None:
        if dataset is None and name != "Home":
            _nothing_yet(name)
        else:
            _show_function(name)(dataset)

    return st.Page(draw, title=name, url_path="" if name == "Home" else name.lower(), default=name == "Home")


def _show_function(name: str) -> Callable[[Dataset | None], None]:
    module = import_module(f"studio.views.{'try_out' if name == 'Try' else name.lower()}")
    return module.show


def _nothing_yet(name: str) -> None:
    title(name, "There is no dataset yet. Make one on the Home page, or try the example there.")
