"""One dataset as a card: four of its pictures, its counts, and the one button that says what to do next."""

from __future__ import annotations

import streamlit as st

from studio.overview import NextStep, Overview, Unreadable
from studio.views import addresses, links
from studio.views.error_panel import show_sentence
from studio.views.widgets import run_words
from studio.views.widgets.markup import Markup, element, join, put


def show(seen: Overview, chosen: bool) -> None:
    """Draw the card; only the chosen dataset's button is the accented one."""
    name = seen.dataset.name
    step = seen.next_step
    with st.container(key=f"panel-dataset-{name}"):
        pictures, words, button = st.columns([0.42, 0.38, 0.2], vertical_alignment="center", gap="medium")
        with pictures:
            put(_strip(seen))
        with words:
            put(_words(seen, step))
        with button:
            go = st.button(step.label, key=f"next-{name}", type="primary" if chosen else "secondary", width="stretch")
    if go:
        _go(seen, step)


def show_unreadable(one: Unreadable) -> None:
    """Draw the card of a dataset that cannot be opened: its name and what to do."""
    with st.container(key=f"panel-dataset-{one.dataset.name}"):
        put(element("h2", one.dataset.title, class_="cs-h cs-big"))
        show_sentence(one.sentence)


def _strip(seen: Overview) -> Markup:
    name = seen.dataset.name
    tiles = [
        element("div", element("img", src=addresses.thumbnail(name, sha), alt="", loading="lazy"), class_="cs-pic")
        for sha in seen.thumbnails
    ]
    tiles += [element("div", class_="cs-pic cs-none") for _ in range(4 - len(tiles))]
    return element("div", *tiles, class_="cs-strip4")


def _words(seen: Overview, step: NextStep) -> Markup:
    return join(
        element("h2", seen.dataset.title, class_="cs-h cs-big"),
        element("div", counts(seen), class_="cs-dim cs-small"),
        element("div", step.reason, class_="cs-small"),
        element("div", learned, class_="cs-dim cs-small") if (learned := _learned(seen)) else "",
    )


def counts(seen: Overview) -> str:
    """The dataset in one line: pictures, captions, exports."""
    if not seen.pictures and not seen.rejected:
        return "no pictures yet"
    parts = [f"{seen.pictures} pictures", f"{seen.captioned} captioned"]
    if seen.rejected:
        parts.append(f"{seen.rejected} rejected")
    if seen.exports:
        parts.append(f"{seen.exports} export{'s' * (seen.exports > 1)}")
    return " · ".join(parts)


def _learned(seen: Overview) -> str:
    """What the newest measured run came to."""
    run = next((run for run in seen.runs if run.validation), None)
    return f"Run {run_words.number(run)}: {run_words.held_out(run)}" if run else ""


def _go(seen: Overview, step: NextStep) -> None:
    links.go(step.page, seen.dataset.name, run=step.run)
