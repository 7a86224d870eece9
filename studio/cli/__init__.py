"""The command line: the same verbs as the app's buttons, in the order of the road."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import typer

from studio.cli import (
    app_verbs,
    caption_verbs,
    crop_verb,
    dataset_verbs,
    export_verbs,
    flag_verb,
    history_verbs,
    picture_verbs,
    training_verbs,
)
from studio.cli.contents import Contents
from studio.cli.output import warn

SECTIONS: dict[str, tuple[Callable[..., None], ...]] = {
    "Start": (dataset_verbs.new, dataset_verbs.datasets, dataset_verbs.ingest),
    "Curate": (
        picture_verbs.duplicates,
        flag_verb.flags,
        picture_verbs.keep,
        picture_verbs.reject,
        history_verbs.history,
        history_verbs.undo,
        picture_verbs.resize,
        crop_verb.crop,
    ),
    "Caption": (caption_verbs.caption, caption_verbs.captions),
    "Write": (export_verbs.split, export_verbs.export, dataset_verbs.check),
    "Teach": (training_verbs.train, training_verbs.runs, training_verbs.generate),
    "Open": (app_verbs.app, app_verbs.demo),
}

cli = typer.Typer(
    name="concept-studio",
    cls=Contents,
    help="From a folder of pictures to a trained embedding or concept model. "
    "`concept-studio VERB --help` shows an example.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for _section, _verbs in SECTIONS.items():
    for _verb in _verbs:
        cli.command(_verb.__name__, rich_help_panel=_section)(_verb)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command line; an error that a user can act on becomes one line and exit code 1."""
    try:
        cli(list(arguments) if arguments is not None else None)
    except Exception as error:
        warn(f"concept-studio: {_sentence(error)}")
        sys.exit(1)


def _sentence(error: Exception) -> str:
    """The message of an error a user can act on; anything else is a bug and keeps its traceback."""
    from studio.disk_errors import sentence
    from studio.errors import StudioError
    from training import TrainingError

    if isinstance(error, (StudioError, TrainingError)):
        return str(error)
    if isinstance(error, OSError) and error.errno is not None:
        return sentence(error)
    raise error
