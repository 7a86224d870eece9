"""The verb that says how pictures are cut and turned: crop."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.options import DatasetOption, JsonOption, find_dataset
from studio.cli.output import count, say, say_json
from studio.cli.picture_verbs import PicturesArgument, picture_ids

if TYPE_CHECKING:
    from studio.pictures.edit import Edit


def crop(
    pictures: PicturesArgument = None,
    focus: Annotated[
        str, typer.Option(help="X,Y: the point that stays in view; 0,0 is top left, 1,1 bottom right.")
    ] = "",
    rotate: Annotated[int | None, typer.Option(help="Turn clockwise: 0, 90, 180 or 270 degrees.")] = None,
    box: Annotated[str, typer.Option(help="L,T,R,B: keep only this part; shares 0 to 1 of the turned picture.")] = "",
    reset: Annotated[bool, typer.Option("--reset", help="Forget what was set before.")] = False,
    dataset: DatasetOption = "",
    json: JsonOption = False,
) -> None:
    """Say how pictures are cut and turned.

    What is not named stays as it was set. Originals are never changed.

    Example: concept-studio crop food/apple.jpg --focus 0.5,0.2 --rotate 90
    """
    from studio.errors import BadInput
    from studio.pictures.edit import Edit
    from studio.stages.sizes import picture_edit, set_edits

    if not pictures:
        raise BadInput("No picture named. Say which: concept-studio crop NAME ...")
    if not (focus or box or reset or rotate is not None):
        raise BadInput("Nothing to do. Give --focus, --rotate, --box or --reset.")
    found = find_dataset(dataset)
    ids = picture_ids(found, pictures)
    with found.catalog() as catalog:
        before = {one.id: Edit() if reset else picture_edit(one) for one in catalog.pictures.many(ids)}
    applied = set_edits(found, {number: _changed(edit, focus, rotate, box) for number, edit in before.items()})
    if json:
        say_json(applied)
    else:
        say(f"{count(applied.changed, 'picture')} changed. `concept-studio undo` takes it back.")


def _changed(edit: Edit, focus: str, rotate: int | None, box: str) -> Edit:
    if rotate is not None:
        edit = replace(edit, rotate=rotate)
    if focus:
        x, y = _shares(focus, 2, "write it as X,Y, such as --focus 0.5,0.2")
        edit = replace(edit, focus=(x, y))
    if box:
        left, top, right, bottom = _shares(box, 4, "write it as L,T,R,B, such as --box 0,0,1,0.8")
        edit = replace(edit, crop=(left, top, right, bottom))
    return edit


def _shares(text: str, how_many: int, advice: str) -> list[float]:
    """Numbers between commas.

    Raises: BadInput when there are more or fewer.
    """
    from studio.errors import BadInput

    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != how_many:
        raise BadInput(f"{text}: {advice}.")
    return numbers
