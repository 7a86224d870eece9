"""What a page shows when something goes wrong: one calm panel, and a log for what should not happen."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import streamlit as st

from studio.errors import StudioError
from studio.views.widgets.markup import element, put
from studio.workspace import home
from training import TrainingError

LOG_NAME = "app.log"


@contextmanager
def caught() -> Iterator[None]:
    """Show any error of the block as a panel; the rest of the page stays."""
    try:
        yield
    except Exception as error:
        show_error(error)


def show_error(error: Exception) -> bool:
    """Show an error as a panel and return True, so that Streamlit shows nothing of its own."""
    if isinstance(error, StudioError | TrainingError):
        show_sentence(str(error))
    else:
        _show_bug(error)
    return True


def show_sentence(sentence: str, level: str = "error") -> None:
    """A panel with one sentence (what, why, what to do); `level` is error or warning."""
    put(element("div", element("i", class_=f"cs-dot cs-{level}"), element("div", sentence), class_="cs-problem",
                 role="alert"))  # fmt: skip


def _show_bug(error: Exception) -> None:
    trace = "".join(traceback.format_exception(error))
    log = home() / "logs" / LOG_NAME
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')}\n{trace}\n")
        kept = f"It is written down in {log}."
    except OSError as trouble:
        kept = f"It could not be written to {log} ({trouble.strerror})."
    show_sentence(
        f"This page hit a fault of the program ({type(error).__name__}). Your pictures and captions are safe. "
        f"{kept} Reload the page to try again; to report it, copy the text below."
    )
    with st.expander("What happened, for a report"):
        st.code(trace, language=None)
