"""One setting of a config as the input that fits its type; its description is the help."""

from __future__ import annotations

from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

import streamlit as st

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


def show(path: str, info: FieldInfo, value: Any, key: str) -> Any:
    """Draw the input and return its value as plain data; what cannot be read comes back as typed, to be refused."""
    label = path.rsplit(".", 1)[-1].replace("_", " ").capitalize()
    kinds = _kinds(info.annotation)
    help_text = info.description
    if bool in kinds:
        return st.toggle(label, bool(value), key=key, help=help_text)
    if kinds and all(get_origin(kind) is Literal for kind in kinds):
        choices = list(get_args(kinds[0]))
        return st.selectbox(label, choices, index=choices.index(value), key=key, help=help_text)
    if kinds == [int] and value is not None:
        low, high = _bounds(info)
        return st.number_input(label, low, high, value, step=1, key=key, help=help_text)
    if isinstance(value, tuple):
        lines = st.text_area(label, "\n".join(value), key=key, help=f"{help_text} One a line.", height=100)
        return [line.strip() for line in lines.splitlines() if line.strip()]
    optional = type(None) in get_args(info.annotation)
    text = st.text_input(
        label, _written(value), key=key, help=help_text, placeholder="automatic" if optional else "none"
    )
    return _read(text.strip(), value, kinds, optional)


def plain(value: Any) -> Any:
    """A value of a config as the data that `show` returns for it."""
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, Path) else value


def _kinds(annotation: Any) -> list[Any]:
    """The types that a value may have, without None and without what only checks it."""
    if get_origin(annotation) is Annotated:
        return _kinds(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [kind for part in get_args(annotation) for kind in _kinds(part)]
    return [] if annotation is type(None) else [annotation]


def _bounds(info: FieldInfo) -> tuple[int | None, int | None]:
    low = next((int(rule.ge) for rule in info.metadata if getattr(rule, "ge", None) is not None), None)
    high = next((int(rule.le) for rule in info.metadata if getattr(rule, "le", None) is not None), None)
    return low, high


def _written(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _read(text: str, value: Any, kinds: list[Any], optional: bool) -> Any:
    if text == _written(value):
        return plain(value)
    if not text:
        return None if optional else ""
    for kind in (int, float):
        if kind in kinds:
            try:
                return kind(text)
            except ValueError:
                continue
    return text
