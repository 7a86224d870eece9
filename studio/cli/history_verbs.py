"""Verbs that look back and go back: history, undo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.options import DatasetOption, JsonOption, find_dataset
from studio.cli.output import count, say, say_json, say_table
from studio.cli.picture_verbs import picture_ids

if TYPE_CHECKING:
    from studio.catalog.record import HistoryEntry, Operation


def history(
    picture: Annotated[
        str, typer.Argument(help="Name or number of a picture: every version of its caption.", show_default=False)
    ] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many operations to list.")] = 50,
    dataset: DatasetOption = "",
    json: JsonOption = False,
) -> None:
    """List what was changed, with numbers for undo.

    Newest first: number, when, who, what, and how many pictures.

    Example: concept-studio history food/apple.jpg
    """
    found = find_dataset(dataset)
    listed: Sequence[HistoryEntry | Operation]
    with found.catalog() as catalog:
        if picture:
            (number,) = picture_ids(found, [picture])
            listed = [entry for entry in catalog.journal.history(number) if entry.field == "caption"]
        else:
            listed = catalog.journal.operations(limit)
    if json:
        say_json(listed)
    elif not listed:
        say("Nothing was changed yet.")
    else:
        head = ("number", "when", "who", "what", "caption" if picture else "pictures")
        say_table(head, [_row(one) for one in listed])


def _row(one: HistoryEntry | Operation) -> tuple[object, ...]:
    from studio.catalog.record import HistoryEntry

    if isinstance(one, HistoryEntry):
        return one.op_id, _when(one.at), one.by, one.label, one.new or "(empty)"
    return one.op_id, _when(one.at), one.by, one.label + " (taken back)" * one.undone, one.pictures


def undo(
    operation: Annotated[
        int, typer.Argument(min=0, help="Number of the operation, as `history` lists it; 0 is the newest.")
    ] = 0,
    dataset: DatasetOption = "",
    json: JsonOption = False,
) -> None:
    """Take back the last change of captions or decisions.

    Also a captioner's run, as a whole.

    Example: concept-studio undo
    """
    from studio.errors import NothingToDo
    from studio.stages.decide import undo as undo_one

    applied = undo_one(find_dataset(dataset), op_id=operation or None)
    if applied and not applied.changed:
        raise NothingToDo(f"{applied.label}: everything it changed was changed again since. It stays as it is.")
    if json:
        say_json(applied)
    elif applied is None:
        say("Nothing to undo.")
    else:
        later = f"; {count(applied.conflicts, 'picture')} changed since and left alone" if applied.conflicts else ""
        say(f"Took back the change of {count(applied.changed, 'picture')} ({applied.label}){later}.")


def _when(at: str) -> str:
    """The time of the user's clock, to the minute."""
    return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")
