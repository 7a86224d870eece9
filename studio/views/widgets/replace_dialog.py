"""The dialog that changes many captions at once, with every change shown before it is made."""

from __future__ import annotations

from typing import Any

import streamlit as st

from studio.api.items import query_of
from studio.catalog import Picture, Query
from studio.errors import StudioError
from studio.stages.edit_captions import CaptionEdit, apply_edit, preview
from studio.views import addresses
from studio.views.widgets.markup import element, picture, put
from studio.workspace import Dataset

SHOWN = 30
# A dialog lies outside the app's own element, where the style sheet's colours are not known.
_OLD_STYLE = "opacity:.6;text-decoration:line-through"
_TEXT_STYLE = "font-size:14px;overflow-wrap:anywhere"
_LIST_STYLE = (
    "display:grid;grid-template-columns:56px 1fr;gap:8px 14px;align-items:center;max-height:320px;overflow:auto"
)


@st.dialog("Find and replace", width="large")
def show(dataset: Dataset, asked: dict[str, Any]) -> None:
    """Work on the pictures of the grid's filter, or on all."""
    form(dataset, asked)


def form(dataset: Dataset, asked: dict[str, Any]) -> None:
    """The inside of the dialog; closes it once the captions are changed."""
    edit, query = _edit(), _query(dataset, asked)
    try:
        changes = preview(dataset, edit, query) if edit != CaptionEdit() else []
    except StudioError as error:
        st.error(str(error))
        return
    _show_changes(dataset, edit, changes)
    label = f"Change {len(changes)} caption{'' if len(changes) == 1 else 's'}"
    if st.button(label, type="primary", disabled=not changes, key="replace-apply"):
        apply_edit(dataset, edit, query)
        st.rerun()


def _edit() -> CaptionEdit:
    left, right = st.columns(2)
    find = left.text_input("Find", key="replace-find")
    new = right.text_input("Replace with", key="replace-new")
    prefix = left.text_input("Add in front", key="replace-prefix")
    suffix = right.text_input("Add at the end", key="replace-suffix")
    with st.container(horizontal=True):
        regex = st.checkbox("Regular expression", key="replace-regex")
        case = st.checkbox("Match case", key="replace-case")
        strip = st.checkbox("Tidy spaces", key="replace-strip")
        dedupe = st.checkbox("Drop repeated tags", key="replace-dedupe")
        sort = st.checkbox("Sort tags", key="replace-sort")
    return CaptionEdit(
        find=find, replace=new if find else "", regex=regex and bool(find), match_case=case and bool(find),
        strip=strip, dedupe_tags=dedupe, sort_tags=sort, prefix=prefix, suffix=suffix,
    )  # fmt: skip


def _query(dataset: Dataset, asked: dict[str, Any]) -> Query:
    """The grid's filter when it is narrower than everything and the user wants it, else every caption."""
    filtered = any(asked.get(name) for name in ("text", "flag", "split", "decision")) or asked.get("show") not in (
        None, "", "all",
    )  # fmt: skip
    if not filtered or not st.toggle("Only the pictures of the filter in use", value=True, key="replace-filtered"):
        return Query()
    with dataset.catalog() as catalog:
        return query_of(asked, str(catalog.settings.get("trigger", "")))


def _show_changes(dataset: Dataset, edit: CaptionEdit, changes: list[tuple[Picture, str]]) -> None:
    if not changes:
        st.caption("Nothing would change." if edit != CaptionEdit() else "Say what to change; a preview comes here.")
        return
    rows = []
    for shown, text in changes[:SHOWN]:
        rows.append(picture(addresses.thumbnail(dataset.name, shown.sha256), shown.name))
        rows.append(
            element("div", element("div", shown.caption, style=_OLD_STYLE), element("div", text), style=_TEXT_STYLE)
        )
    put(element("div", *rows, style=_LIST_STYLE))
    if len(changes) > SHOWN:
        st.caption(f"and {len(changes) - SHOWN} more")
