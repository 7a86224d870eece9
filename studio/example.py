"""The dataset that the bundled example is read into."""

from __future__ import annotations

from pathlib import Path

from studio.errors import DatasetNotFound
from studio.workspace import Dataset, create_dataset, example_folder, list_datasets

NAME = "example"
TRIGGER = "ink style"


def example_pictures() -> Path | None:
    """The folder of raw pictures, or None in an installation that came without it."""
    try:
        return example_folder() / "raw"
    except DatasetNotFound:
        return None


def example_dataset() -> Dataset:
    """The dataset for it, made with its trigger and concept when it is not there yet."""
    for dataset in list_datasets():
        if dataset.name == NAME:
            return dataset
    return create_dataset(NAME, {"trigger": TRIGGER, "concept": "style"})
