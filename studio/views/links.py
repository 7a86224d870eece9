"""The way from one page to another; the dataset always goes along."""

from __future__ import annotations

from typing import Any, NoReturn

import streamlit as st

from studio.views import chosen

_KEY = "pages-of-the-app"


def remember(pages: dict[str, Any]) -> None:
    """Keep the pages of this draw for `go`."""
    st.session_state[_KEY] = pages


def go(page: str, dataset: str, **parameters: str) -> NoReturn:
    """Open a page (by its title) with these parameters in its address; empty ones are left out."""
    address = {chosen.PARAMETER: dataset} | {name: value for name, value in parameters.items() if value}
    st.switch_page(st.session_state[_KEY][page], query_params=address)


def link(page: str, dataset: str, label: str, **parameters: str) -> None:
    """A quiet link to a page."""
    address = {chosen.PARAMETER: dataset} | {name: value for name, value in parameters.items() if value}
    st.page_link(st.session_state[_KEY][page], label=label, query_params=address)
