"""Verbs that write what a trainer reads: split, export."""

from __future__ import annotations

from typing import Annotated

import typer

from studio.cli.options import DatasetOption, JsonOption, find_dataset
from studio.cli.output import count, say, say_json, say_table, warn
from studio.cli.progress import ConsoleProgress


def split(
    validation: Annotated[float, typer.Option(min=0, max=0.9, help="Share held out to measure with.")] = 0.1,
    test: Annotated[float, typer.Option(min=0, max=0.9, help="Share held out and never looked at in training.")] = 0.0,
    seed: Annotated[int, typer.Option(help="Seed of the draw; the same seed draws the same pictures.")] = 0,
    dataset: DatasetOption = "",
    json: JsonOption = False,
) -> None:
    """Hold pictures out to measure with.

    Look-alikes never land on both sides.

    Example: concept-studio split --validation 0.1
    """
    from studio.stages.split import split as split_dataset

    counts = split_dataset(find_dataset(dataset), validation=validation, test=test, seed=seed)
    if json:
        say_json(counts)
    else:
        say_table(("split", "pictures"), sorted(counts.items()))


def export(
    resolution: Annotated[int, typer.Option(help="Side in pixels; 0 takes the dataset's.")] = 0,
    allow_missing: Annotated[
        bool, typer.Option("--allow-missing", help="Leave out originals that are gone or changed, naming them.")
    ] = False,
    dataset: DatasetOption = "",
    json: JsonOption = False,
) -> None:
    """Write a numbered snapshot for training.

    Pictures as the trainer will see them, and metadata.jsonl. It loads with Hugging Face `datasets` (imagefolder),
    invoke-training and the diffusers example scripts.

    Example: concept-studio export
    """
    from studio.stages.export import export as export_dataset

    with ConsoleProgress(quiet=json, notes=False) as progress:
        report = export_dataset(
            find_dataset(dataset), progress, resolution=resolution or None, allow_missing=allow_missing
        )
    if json:
        say_json(report)
        return
    for sentence in report.warnings:
        warn(f"note: {sentence}")
    for name, reason in report.missing:
        warn(f"left out: {name}: {reason}")
    if report.stopped:
        say("Stopped; no export was written.")
        raise typer.Exit(3)
    counts = ", ".join(f"{number} {name}" for name, number in report.counts.items() if number)
    if report.same_as is not None:
        say(f"Nothing changed since export {report.same_as}; it is still current: {report.folder}")
    else:
        say(f"Export {report.number}: {counts} ({count(sum(report.counts.values()), 'picture')}) in {report.folder}")
