"""Options that several verbs share, declared once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from studio.workspace import Dataset

DatasetOption = Annotated[
    str,
    typer.Option("--dataset", "-d", help="Name of the dataset. Not needed when there is only one.", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the answer as JSON, for scripts.")]
ConceptOption = Annotated[str, typer.Option(help="What is taught: style, object or concept.")]
FolderArgument = Annotated[Path, typer.Argument(help="A folder of pictures, searched with its subfolders.")]
CONCEPTS = ("style", "object", "concept")


def find_dataset(name: str) -> Dataset:
    """The dataset named, or the one meant when none is."""
    from studio.workspace import default_dataset, open_dataset

    return open_dataset(name) if name else default_dataset()


def one_of(value: str, allowed: tuple[str, ...], what: str) -> Any:
    """Refuse a word that is not among the allowed ones, naming them.

    Raises: BadInput.
    """
    from studio.errors import BadInput

    if value not in allowed:
        raise BadInput(f"{value}: not a {what}. Choose one of {', '.join(allowed)}.")
    return value
