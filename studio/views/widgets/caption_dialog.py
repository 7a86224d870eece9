"""The dialog that starts automatic captioning."""

from __future__ import annotations

import streamlit as st

from studio import jobs
from studio.errors import StudioError
from studio.workspace import Dataset

CAPTIONERS = {
    "pocket": "Pocket captioner (built in, offline)",
    "Salesforce/blip-image-captioning-base": "BLIP base (downloads 1 GB once)",
    "Salesforce/blip-image-captioning-large": "BLIP large (downloads 1.9 GB once)",
}
MODES = {
    "empty": "Only pictures without a caption",
    "suggest": "Suggest for every picture, change nothing",
    "replace-machine": "Write anew what a captioner wrote; yours stay",
    "replace-all": "Replace every caption, yours too; each one stays in its picture's history",
}
_OTHER = "other"
_TRIGGER_HELP = "Stands exactly once in every caption: the words that will call what you teach."


@st.dialog("Caption pictures", width="medium")
def show(dataset: Dataset) -> None:
    """Ask for captioner and mode, then start the job."""
    form(dataset)


def form(dataset: Dataset) -> None:
    """The inside of the dialog; closes it once the job runs."""
    with dataset.catalog() as catalog:
        trigger = str(catalog.settings.get("trigger", ""))
        tallies = catalog.pictures.tallies(trigger)
    mode = st.radio("Which pictures", list(MODES), format_func=MODES.__getitem__, key="caption-mode")
    captioner = _captioner()
    left, right = st.columns(2)
    prefix = left.text_input("Start of every caption", key="caption-prefix", placeholder="a drawing of ...")
    word = right.text_input("Trigger", trigger, key="caption-trigger", placeholder="ink style", help=_TRIGGER_HELP)
    count = tallies["empty"] if mode == "empty" else tallies["all"]
    label = f"Caption {count} picture{'' if count == 1 else 's'}"
    if st.button(label, type="primary", disabled=not count or not captioner, key="caption-start"):
        _start(dataset, {"captioner": captioner, "mode": mode, "prefix": prefix, "trigger": word.strip() or None})
    st.caption("You can go on editing meanwhile. What you write yourself is never replaced unless you choose so above.")


def _captioner() -> str:
    choice = st.selectbox(
        "Captioner", [*CAPTIONERS, _OTHER], key="caption-captioner",
        format_func=lambda name: CAPTIONERS.get(name, "Another BLIP model ..."),
    )  # fmt: skip
    if choice != _OTHER:
        return str(choice)
    return st.text_input("Folder or Hub id of a BLIP model", key="caption-other").strip()


def _start(dataset: Dataset, args: dict[str, object]) -> None:
    try:
        jobs.start(dataset, "caption", args)
    except StudioError as error:
        st.error(str(error))
        return
    st.rerun()
