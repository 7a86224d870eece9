"""The form for a new dataset, and the button that reads the example."""

from __future__ import annotations

import streamlit as st

from studio import example
from studio.views import links
from studio.views.concepts import CONCEPTS
from studio.views.error_panel import caught
from studio.views.widgets.markup import element, put
from studio.workspace import create_dataset


def show(taken: set[str], primary: bool = False) -> None:
    """The panel for a new dataset; offers the example too while it is not there."""
    with st.container(key="panel-new-dataset"):
        put(element("h2", "New dataset", class_="cs-h"))
        with st.form("new-dataset", border=False, enter_to_submit=True):
            name = st.text_input("Name", placeholder="ink drawings", max_chars=64)
            concept = st.selectbox("What do you want to teach?", list(CONCEPTS), format_func=_concept_name)
            trigger = st.text_input(
                "Trigger",
                placeholder="ink style",
                help="The words that will call it up in a prompt. Every caption gets them once.",
            )
            made = st.form_submit_button("Make dataset", type="primary" if primary else "secondary", width="stretch")
    if taken and example.NAME not in taken:
        show_example(first=False)
    if made:
        with caught():
            _make(name.strip(), concept, trigger.strip())


def show_example(first: bool) -> None:
    """The panel that reads the bundled example; `first` makes it the page's main button."""
    folder = example.example_pictures()
    if folder is None:
        return
    with st.container(key="panel-example"):
        put(
            element("h2", "Try the example", class_="cs-h"),
            element(
                "p",
                "Fifty ink drawings with duplicates, a blurred scan and broken files, and a small built-in model: "
                "the whole road in a few minutes, without a download.",
                class_="cs-sub",
            ),
        )
        asked = st.button("Try the example", type="primary" if first else "secondary", width="stretch")
    if asked:
        with caught():
            from studio import jobs  # late: nothing else of the first page needs it

            dataset = example.example_dataset()
            jobs.start(dataset, "ingest", {"folder": str(folder)})
            links.go("Pictures", dataset.name)


def _make(name: str, concept: str, trigger: str) -> None:
    from studio.stages.trigger import checked_trigger  # late: nothing else of the first page needs it

    dataset = create_dataset(name, {"concept": concept, "trigger": checked_trigger(trigger)})
    links.go("Pictures", dataset.name)


def _concept_name(concept: str) -> str:
    return CONCEPTS[concept].title
