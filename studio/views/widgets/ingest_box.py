"""How pictures come in: the path of a folder, or dropped files; then how far the reading is."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from studio import jobs
from studio.api.guard import launch_token
from studio.catalog import Job
from studio.errors import BadInput
from studio.views import components
from studio.views.error_panel import caught
from studio.views.widgets import job_progress
from studio.views.widgets.markup import element, put
from studio.workspace import Dataset


def show(dataset: Dataset, empty: bool) -> None:
    """Draw the box: open while the dataset is empty, folded away after that."""
    job = job_progress.show(dataset, "ingest")
    if job and job.active:
        return
    if empty:
        with st.container(key="panel-ingest"):
            put(element("h2", "Add pictures", class_="cs-h"))
            form(dataset, primary=True)
        return
    with st.expander(f"Add pictures{_outcome(job)}"):
        form(dataset)


def form(dataset: Dataset, primary: bool = False) -> None:
    """The folder path, and the box for files."""
    with st.form("ingest", border=False, enter_to_submit=True):
        left, right = st.columns([5, 1], vertical_alignment="bottom")
        path = left.text_input("Folder on this computer", placeholder="/home/me/drawings", key="ingest-folder")
        asked = right.form_submit_button("Read the folder", type="primary" if primary else "secondary", width="stretch")
    st.caption(
        "Sub-folders too. Originals are only read: nothing is moved, changed or written beside them. "
        "Reading a folder again takes in what is new."
    )
    if asked:
        with caught():
            start(dataset, Path(path.strip()) if path.strip() else None)
    data = {"dataset": dataset.name, "token": launch_token()}
    answer = components.upload_box()(key=f"upload-{dataset.name}", data=data, on_uploaded_change=lambda: None)
    if answer.uploaded:
        with caught():
            start(dataset, dataset.imported)


def start(dataset: Dataset, folder: Path | None) -> None:
    """Start reading a folder.

    Raises: BadInput when it is no folder; JobAlreadyRunning.
    """
    if folder is None:
        raise BadInput("Write the path of the folder with your pictures first.")
    if not folder.expanduser().is_dir():
        raise BadInput(f"{folder}: there is no such folder on this computer. Check the path.")
    jobs.start(dataset, "ingest", {"folder": str(folder.expanduser().resolve())})
    st.rerun()


def _outcome(job: Job | None) -> str:
    """What the newest reading brought, for the line of the folded box."""
    if job is None or job.state not in ("finished", "stopped"):
        return ""
    report = job.result
    parts = [f"{report.get('added', 0)} added", f"{report.get('known', 0)} known already"]
    copies, refused = report.get("copies", 0), report.get("refused", [])
    if copies:
        parts.append(f"{copies} exact {'copy' if copies == 1 else 'copies'}")
    if isinstance(refused, list) and refused:
        parts.append(f"{len(refused)} cannot be read")
    return " · last time " + ", ".join(parts)
