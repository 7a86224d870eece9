"""Which dataset the page is about: it stands in the address, so reloads and links keep it."""

from __future__ import annotations

import os

import streamlit as st

from studio.workspace import DATASET_VARIABLE, Dataset

PARAMETER = "dataset"


def chosen(datasets: list[Dataset]) -> Dataset | None:
    """The dataset named in the address, else the usual one; None when there is no dataset."""
    by_name = {dataset.name: dataset for dataset in datasets}
    wanted = st.query_params.get(PARAMETER, "")
    if wanted in by_name:
        return by_name[wanted]
    usual = by_name.get(os.environ.get(DATASET_VARIABLE, "")) or next(iter(datasets), None)
    if usual:
        st.query_params[PARAMETER] = usual.name
    return usual


def choose(name: str) -> None:
    """Show another dataset; what else stood in the address belongs to the old one."""
    st.query_params.from_dict({PARAMETER: name})


def missing(datasets: list[Dataset]) -> str:
    """The name in the address when no dataset has it, else empty."""
    wanted = st.query_params.get(PARAMETER, "")
    return wanted if wanted and wanted not in {dataset.name for dataset in datasets} else ""
