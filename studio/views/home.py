"""Home: every dataset with what to do next, the runs of late, and the way to a new dataset."""

from __future__ import annotations

import streamlit as st

from studio.overview import Overview, look_at_all
from studio.views.widgets import dataset_card, new_dataset, recent_runs
from studio.views.widgets.markup import title
from studio.workspace import Dataset, list_datasets


def show(dataset: Dataset | None) -> None:
    datasets = list_datasets()
    if dataset is None:
        _welcome()
        return
    seen, unreadable = look_at_all(datasets)
    title("Datasets", "From a folder of pictures to an embedding or a concept model, on this machine.")
    left, right = st.columns([1, 0.36], gap="medium")
    with left:
        _cards(seen, dataset)
        for one in unreadable:
            dataset_card.show_unreadable(one)
        recent_runs.show(seen)
    with right:
        new_dataset.show({one.name for one in datasets})


def _cards(seen: list[Overview], chosen: Dataset) -> None:
    ordered = sorted(seen, key=lambda one: one.dataset.name != chosen.name)
    for one in ordered:
        dataset_card.show(one, chosen=one.dataset.name == chosen.name)


def _welcome() -> None:
    title("Welcome", "Teach an image model a style, an object or a concept from a folder of your pictures.")
    left, right = st.columns(2, gap="medium")
    with left:
        new_dataset.show_example(first=True)
    with right:
        new_dataset.show(set(), primary=False)
