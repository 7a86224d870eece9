"""One run: its curve and sample pictures, how far it is, and the buttons that stop it or go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from studio import jobs
from studio.stages.plan_training import read_export_facts
from studio.views import links
from studio.views.error_panel import caught, show_sentence
from studio.views.widgets import loss_chart, run_facts, run_words, runs_list, sample_strip, weights_files
from studio.views.widgets.markup import element, put, title
from studio.workspace import Dataset
from training import read_run, request_stop

if TYPE_CHECKING:
    from training import RunView

ACTIVE = ("created", "starting", "running")


def show(dataset: Dataset, run: RunView) -> None:
    """Draw the page of a run. While it goes on, the page looks again every second; else it is still."""
    active = run.alive or _is_starting(dataset, run)
    st.fragment(_body, run_every=1 if active else None)(dataset, run.id, active)


def _body(dataset: Dataset, run_id: str, was_active: bool) -> None:
    with caught():
        run = read_run(dataset.runs / run_id)
        active = run.alive or _is_starting(dataset, run)
        if was_active and not active:
            jobs.watch(dataset)
            st.rerun()
        _head(dataset, run, active)
        if run.state == "failed":
            _failure(run)
        left, right = st.columns([1, 0.36], gap="medium")
        with left:
            _pictures_and_loss(dataset, run, active)
        with right:
            run_facts.show(run, active)
            weights_files.show(run)


def _is_starting(dataset: Dataset, run: RunView) -> bool:
    """Whether a job for this run is up although the run itself has not said a word yet."""
    if run.state not in ACTIVE:
        return False
    return any(job.kind == "train" and job.active and job.args.get("run") == run.id for job in jobs.watch(dataset))


def _head(dataset: Dataset, run: RunView, active: bool) -> None:
    with st.container(key="cs-head", horizontal=True, vertical_alignment="bottom"):
        title(f"{dataset.title} · run {run_words.number(run)}", _below(run))
        if active:
            if st.button("Stop and keep", key="stop-run", help="Saves its state; it can go on later from there."):
                request_stop(run.path)
                st.toast("It saves its state and stops after this step.")
            return
        if st.button("New training", key="new-training"):
            links.go("Train", dataset.name, run="new")
        if run.state in ("created", "stopped", "failed") and st.button("Go on", type="primary", key="resume-run"):
            jobs.start(dataset, "train", {"run": run.id})
            st.rerun()
        if run.state == "finished" and st.button("Try it", type="primary", key="try-run"):
            links.go("Try", dataset.name, run=run.id)


def _below(run: RunView) -> str:
    parts = [run_words.method(run)]
    if (run.path / "dataset.json").is_file():
        parts.append(f"export {read_export_facts(run.path)['number']}")
    if run.started_at:
        parts.append(f"started {runs_list.when(run.started_at)}")
    return " · ".join(parts)


def _failure(run: RunView) -> None:
    show_sentence(run.message)
    if run.log_tail:
        with st.expander("The end of its log"):
            st.code(run.log_tail, language=None)


def _pictures_and_loss(dataset: Dataset, run: RunView, active: bool) -> None:
    with st.container(key="panel-loss"):
        put(element("h2", "Loss", class_="cs-h"))
        if run.losses:
            loss_chart.show(run)
        else:
            put(element("p", run.message or "The first step has not been made yet.", class_="cs-sub cs-tall"))
    with st.container(key="panel-samples"):
        put(element("h2", "The same seeds, step by step", class_="cs-h"))
        if not sample_strip.show(dataset.name, run):
            waiting = "The first pictures come before the first step." if active else "This run drew no pictures."
            put(element("p", waiting, class_="cs-sub"))
