"""Verbs that start a dataset and look after it: new, datasets, ingest, check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.options import CONCEPTS, ConceptOption, DatasetOption, FolderArgument, JsonOption, find_dataset, one_of
from studio.cli.output import count, say, say_json, say_table, warn
from studio.cli.progress import ConsoleProgress

if TYPE_CHECKING:
    from studio.workspace import Dataset


def new(
    name: Annotated[str, typer.Argument(help="Name of the dataset; becomes a folder below datasets/.")],
    trigger: Annotated[str, typer.Option(help='Words that will call what is taught, such as "ink style".')] = "",
    concept: ConceptOption = "style",
    json: JsonOption = False,
) -> None:
    """Make an empty dataset.

    Example: concept-studio new ink --trigger "ink style"
    """
    from studio.stages.trigger import checked_trigger
    from studio.workspace import create_dataset

    one_of(concept, CONCEPTS, "kind of concept")
    dataset = create_dataset(name, {"concept": concept, "trigger": checked_trigger(trigger)})
    if json:
        say_json({"dataset": dataset.name, "folder": dataset.folder})
    else:
        say(f"Made the dataset {dataset.name} in {dataset.folder}.")
        say(f"Next: concept-studio ingest FOLDER --dataset {dataset.name}")


def datasets(json: JsonOption = False) -> None:
    """List the datasets with their counts.

    One that cannot be opened is named with the reason, and the others are listed all the same.

    Example: concept-studio datasets
    """
    from studio.errors import StudioError
    from studio.workspace import datasets_folder, list_datasets

    rows, damaged = [], []
    for dataset in list_datasets():
        try:
            rows.append(_counted(dataset))
        except StudioError as error:
            damaged.append({"name": dataset.name, "error": str(error)})
    if json:
        say_json([*rows, *damaged])
    elif not rows and not damaged:
        say(f"No dataset in {datasets_folder()} yet. Make one: concept-studio new NAME")
    else:
        say_table(("name", "pictures", "captioned", "exports", "runs"), [tuple(row.values()) for row in rows])
    for one in damaged if not json else ():
        warn(f"{one['name']}: cannot be opened: {one['error']}")


def _counted(dataset: Dataset) -> dict[str, str | int]:
    from studio.catalog import Query

    with dataset.catalog() as catalog:
        pictures, empty = catalog.pictures.count(), catalog.pictures.count(Query(show="empty"))
    return {
        "name": dataset.name,
        "pictures": pictures,
        "captioned": pictures - empty,
        "exports": len(list(dataset.exports.glob("*/dataset.json"))),
        "runs": len(list(dataset.runs.glob("*/config.yaml"))),
    }


def ingest(folder: FolderArgument, dataset: DatasetOption = "", json: JsonOption = False) -> None:
    """Read a folder of pictures into the dataset.

    Originals stay where they are and are never changed. Takes jpg, png, webp, gif, bmp, tiff, avif and heic, and
    captions from .txt or .caption files beside them.
    A second run reads only what is new.

    Example: concept-studio ingest ~/pictures/ink
    """
    from studio.stages.ingest import ingest as ingest_folder

    with ConsoleProgress(quiet=json, notes=False) as progress:
        report = ingest_folder(find_dataset(dataset), folder, progress)
    if json:
        say_json(report)
        return
    say(
        f"{count(report.added, 'picture')} added, {report.known:,} known already, "
        f"{count(report.copies, 'exact copy')}, {count(report.captions_imported, 'caption')} imported "
        f"({report.seconds:.1f} s)."
    )
    for row in report.refused:
        warn(f"cannot be used: {row.name}: {row.reason}")
    for row in report.ignored:
        warn(f"left out: {row.name}: {row.reason}")
    for note in report.notes:
        warn(f"note: {note}")


def check(dataset: DatasetOption = "", json: JsonOption = False) -> None:
    """Look for damage in catalog, originals, exports, weights.

    The exit code names the gravest fault.

    Exit codes: 0 all well, 10 original missing, 11 original changed, 12 export damaged, 13 weights damaged,
    14 catalog damaged.

    Example: concept-studio check
    """
    from studio.stages.check import check as check_dataset
    from studio.stages.check import exit_code

    findings = check_dataset(find_dataset(dataset))
    if json:
        say_json(findings)
    elif not findings:
        say("All well: catalog, originals, exports and weights are whole.")
    for finding in findings if not json else ():
        warn(f"{finding.level}: {finding.subject}: {finding.sentence}")
    raise typer.Exit(exit_code(findings))
