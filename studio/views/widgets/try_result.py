"""Pictures of a try-out, without and with, and the list of earlier ones."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from studio.stages.try_out import Drawn, Try
from studio.views import addresses, links
from studio.views.widgets.markup import Markup, element, put
from studio.workspace import Dataset

EARLIER = 8


def show(dataset: Dataset, shown: Try | None, drawing: bool) -> None:
    """Draw the pictures of one try-out."""
    with st.container(key="panel-result"):
        if shown is None or not shown.finished:
            words = "It is being drawn; the pictures appear here." if drawing else "Nothing drawn yet."
            put(element("p", words, class_="cs-sub cs-tall"))
            return
        put(
            element("h2", shown.title, class_="cs-h"),
            element("p", _about(shown), class_="cs-sub"),
            element("div", *(_pair(dataset, shown, *pair) for pair in shown.pairs), class_="cs-pairs"),
        )


def show_earlier(dataset: Dataset, tries: list[Try]) -> None:
    """Links to the try-outs so far, newest first."""
    done = [one for one in tries if one.finished][:EARLIER]
    if len(done) < 2:
        return
    with st.container(key="panel-earlier"):
        put(element("h2", "Earlier try-outs", class_="cs-h"))
        for one in done:
            with st.container(key=f"cs-run-try-{one.folder.name}", horizontal=True, vertical_alignment="center"):
                links.link("Try", dataset.name, one.title, **{"try": one.folder.name})
                put(
                    element("span", f"{_about(one)} · {', '.join(one.request['prompts'])}", class_="cs-dim cs-one-line")
                )


def _about(one: Try) -> str:
    request = one.request
    names = ", ".join(_run_of(weights["path"]) for weights in request["weights"]) or "no weights"
    strength = f" at strength {request['weights'][0]['strength']:g}" if request["weights"] else ""
    return f"{names}{strength} · {request['steps']} steps · {one.seconds:.0f} s"


def _run_of(path: str) -> str:
    """`run 4` of a file in the folder of run 0004."""
    digits = Path(path).parent.parent.name.split("-")[0]
    return f"run {int(digits)}" if digits.isdigit() else Path(path).name


def _pair(dataset: Dataset, shown: Try, without: Drawn | None, learned: Drawn | None) -> Markup:
    halves = [(name, one) for name, one in (("without", without), ("with", learned)) if one]
    return element(
        "figure",
        element("div", *(_half(dataset, shown, name, one) for name, one in halves), class_="cs-two"),
        element("figcaption", halves[-1][1].prompt),
        class_="cs-pair",
    )


def _half(dataset: Dataset, shown: Try, name: str, one: Drawn) -> Markup:
    source = addresses.try_file(dataset.name, shown.folder.name, one.file)
    return element(
        "div",
        element("div", element("img", src=source, alt=f"{one.prompt}, {name}"), class_="cs-shot"),
        element("div", f"{name} · seed {one.seed} · saturation {one.saturation:.2f}", class_="cs-dim cs-small"),
    )
