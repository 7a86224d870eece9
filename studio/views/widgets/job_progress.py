"""The progress of a job inside a page: a bar, how far, how long still, and a stop button; or why it failed."""

from __future__ import annotations

import streamlit as st

from studio import jobs
from studio.catalog import Job
from studio.views.error_panel import caught, show_sentence
from studio.views.widgets import run_words
from studio.views.widgets.markup import element, progress_bar, put
from studio.workspace import Dataset

_LOG_LINES = 40


def show(dataset: Dataset, kind: str) -> Job | None:
    """Show the newest job of this kind and return it; the page is drawn anew when it ends."""
    job = _newest(dataset, kind)
    if job is None:
        return None
    if job.active:
        _live(dataset, kind)
    elif job.state == "failed":
        show_failure(dataset, job)
    return job


def show_failure(dataset: Dataset, job: Job) -> None:
    """Why a job failed, in its own words, with the end of its log to open."""
    show_sentence(job.message or f"The {job.kind} job failed without a word. Its log says more.")
    log = jobs.log_tail(dataset, job.id, _LOG_LINES)
    if log:
        with st.expander("The end of its log"):
            st.code(log, language=None)


@st.fragment(run_every=1)
def _live(dataset: Dataset, kind: str) -> None:
    with caught():
        job = _newest(dataset, kind)
        if job is None or not job.active:
            st.rerun()
            return
        done = f"{job.done} of {job.total}" if job.total else "starting"
        left = f" · {run_words.duration(job.seconds_left)} left" if job.seconds_left else ""
        put(
            element("div", done + left, class_="cs-small cs-number"),
            progress_bar(job.done / job.total if job.total else 0),
            element("div", job.message, class_="cs-dim cs-small cs-one-line"),
        )
        if st.button("Stop", key=f"stop-{job.id}", disabled=job.stop_requested):
            jobs.stop(dataset, job.id)


def _newest(dataset: Dataset, kind: str) -> Job | None:
    return next((job for job in jobs.watch(dataset) if job.kind == kind), None)
