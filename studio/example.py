"""The example that comes with the project: a raw folder of drawings with the flaws of real folders."""

from __future__ import annotations

from pathlib import Path

from studio.workspace import Dataset, create_dataset, home, list_datasets

NAME = "example"
TRIGGER = "ink style"


def example_folder() -> Path | None:
    """The folder of raw pictures, or None in an installation that came without it."""
    for place in (Path(__file__).resolve().parent.parent / "datasets", home() / "datasets"):
        folder = place / NAME / "raw"
        if folder.is_dir():
            return folder
    return None


def example_dataset() -> Dataset:
    """The dataset the example is read into, made with its trigger and concept when it is not there yet."""
    for dataset in list_datasets():
        if dataset.name == NAME:
            return dataset
    dataset = create_dataset(NAME)
    with dataset.catalog() as catalog:
        catalog.settings.set("trigger", TRIGGER)
        catalog.settings.set("concept", "style")
    return dataset
