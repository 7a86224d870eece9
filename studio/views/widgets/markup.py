"""HTML for still parts of a page, built so that names and captions always appear literally."""

from __future__ import annotations

from html import escape

import streamlit as st


class Markup(str):
    """Text that is HTML already; everything else is escaped when it goes into an element."""

    __slots__ = ()


_VOID = frozenset({"img", "br"})


def element(tag: str, *children: str | int | float | None, **attributes: str | int | None) -> Markup:
    """One HTML element. Children that are not Markup are escaped; `class_` is the class, None leaves out."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    if tag in _VOID:
        return Markup(f"<{tag}{written}>")
    inner = "".join(literal(child) for child in children if child is not None)
    return Markup(f"<{tag}{written}>{inner}</{tag}>")


def literal(text: str | int | float) -> Markup:
    """The text as HTML that shows exactly it."""
    return text if isinstance(text, Markup) else Markup(escape(str(text)))


def join(*parts: str) -> Markup:
    """Several pieces, one after the other."""
    return Markup("".join(literal(part) for part in parts))


def put(*parts: str) -> None:
    """Put the pieces into the page."""
    st.html(str(join(*parts)))


def title(text: str, below: str = "") -> None:
    """The one heading of a page, and a quiet sentence under it."""
    put(
        element("h1", text, class_="cs-title"),
        element("p", below, class_="cs-sub") if below else Markup(""),
    )


def facts(rows: list[tuple[str, str]], good: frozenset[str] = frozenset()) -> Markup:
    """A quiet two-column list of names and values; names in `good` get the good colour."""
    cells = []
    for name, value in rows:
        cells.append(element("span", name))
        cells.append(element("b", value, class_="cs-good" if name in good else None))
    return element("div", *cells, class_="cs-facts")


def progress_bar(fraction: float) -> Markup:
    """A thin bar, `fraction` in 0..1."""
    percent = round(100 * min(max(fraction, 0.0), 1.0))
    return element("div", element("i", style=f"width:{percent}%"), class_="cs-bar", role="progressbar",
                   aria_valuenow=percent, aria_valuemin=0, aria_valuemax=100)  # fmt: skip


def dot_row(level: str, text: str, detail: str = "", link: Markup | None = None) -> Markup:
    """One line of a list of checks; `level` is ok, warning or error."""
    said = [element("div", text)]
    if detail:
        said.append(element("div", detail, class_="cs-dim"))
    return element(
        "div",
        element("i", class_=f"cs-dot cs-{level}", aria_label=level, role="img"),
        element("div", *said),
        link,
        class_="cs-check",
    )


def picture(address: str, alt: str, class_: str = "cs-pic") -> Markup:
    """A picture on its quiet tile."""
    return element("div", element("img", src=address, alt=alt, loading="lazy"), class_=class_)
