"""Verbs that decide about pictures: duplicates, keep, reject, resize."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.options import DatasetOption, JsonOption, find_dataset, one_of
from studio.cli.output import count, say, say_json, say_table

if TYPE_CHECKING:
    from studio.catalog import Catalog
    from studio.catalog.record import Decision
    from studio.workspace import Dataset

PicturesArgument = Annotated[
    list[str] | None,
    typer.Argument(help="Pictures, by name (food/apple.jpg), file name, or number.", show_default=False),
]


def duplicates(
    sensitivity: Annotated[str, typer.Option(help="strict, balanced or loose.")] = "",
    accept: Annotated[
        bool, typer.Option("--accept", help="Keep each group's best picture, reject the others.")
    ] = False,
    dataset: DatasetOption = "",
    json: JsonOption = False,
) -> None:
    """Find exact and near duplicates.

    Each group comes with a suggested keeper and its reason.

    Example: concept-studio duplicates --accept
    """
    from studio.stages.decide import accept_suggestions
    from studio.stages.duplicates import find_duplicates

    found = find_dataset(dataset)
    if sensitivity:
        one_of(sensitivity, ("strict", "balanced", "loose"), "sensitivity")
    groups = find_duplicates(found, sensitivity or None)
    applied = accept_suggestions(found) if accept else None
    with found.catalog() as catalog:
        copies = catalog.files.in_state("copy")
        names = _names(catalog, [m.picture_id for group in groups for m in group.members])
    if json:
        say_json({"groups": groups, "names": names, "exact_copies": copies, "changed": applied and applied.changed})
        return
    for row in copies:
        say(f"exact copy: {row.name} ({row.reason}); counted once")
    for group in groups:
        say(f"group {group.id}: keep {names[group.members[0].picture_id]} ({group.reason})")
        for member in group.members[1:]:
            say(f"  {member.suggestion} {names[member.picture_id]}: {member.relation}, distance {member.distance}")
    if applied:
        say(f"Decided {count(applied.changed, 'picture')}. `concept-studio undo` takes it back.")
    elif groups:
        say("`concept-studio duplicates --accept` takes all suggestions; the app shows them side by side.")
    else:
        say("No near duplicates.")


def keep(
    pictures: PicturesArgument = None,
    rest: Annotated[bool, typer.Option("--rest", help="Keep every picture that is not decided yet.")] = False,
    dataset: DatasetOption = "",
    json: JsonOption = False,
) -> None:
    """Mark pictures as kept.

    Example: concept-studio keep food/apple.jpg, or: concept-studio keep --rest
    """
    from studio.stages.decide import keep_rest

    if rest:
        applied = keep_rest(find_dataset(dataset))
        _say_decided(applied.changed, "kept", json)
    else:
        _decide(dataset, pictures, "keep", "", json)


def reject(
    pictures: PicturesArgument = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the journal.")] = "",
    dataset: DatasetOption = "",
    json: JsonOption = False,
) -> None:
    """Mark pictures as rejected.

    Only a mark: nothing is deleted, and it can be undone.

    Example: concept-studio reject unsorted/banner.jpg --reason "not a drawing"
    """
    _decide(dataset, pictures, "reject", reason, json)


def resize(
    resolution: Annotated[int, typer.Option(help="Side in pixels; 0 leaves it as it is.")] = 0,
    upscale: Annotated[
        bool | None,
        typer.Option("--upscale/--no-upscale", help="Enlarge small pictures, or give them a smaller bucket."),
    ] = None,
    show: Annotated[int, typer.Option(help="How many of the most cut pictures to name.")] = 5,
    dataset: DatasetOption = "",
    json: JsonOption = False,
) -> None:
    """Show buckets and crops; set the resolution.

    What the trainer will see is rendered on export only.

    Example: concept-studio resize --resolution 512
    """
    from studio.stages.sizes import plan_sizes, set_resolution, set_upscale

    found = find_dataset(dataset)
    if resolution:
        set_resolution(found, resolution)
    if upscale is not None:
        set_upscale(found, upscale)
    plan = plan_sizes(found)
    with found.catalog() as catalog:
        names = _names(catalog, [number for number, _ in plan.rows])
    cut = sorted(plan.rows, key=lambda row: -row[1].cut_fraction)[:show]
    if json:
        most = [{"picture": names[n], "cut": p.cut_fraction, "bucket": str(p.bucket)} for n, p in cut]
        settings = {"resolution": plan.resolution, "upscale": plan.upscale}
        say_json({**settings, "buckets": plan.buckets, "most_cut": most})
        return
    say(f"Resolution {plan.resolution}, {count(len(plan.rows), 'picture')} in {count(len(plan.buckets), 'bucket')}:")
    say_table(("bucket", "pictures"), sorted(plan.buckets.items()))
    for number, crop in cut:
        if crop.cut_fraction > 0:
            say(f"{names[number]}: {crop.cut_fraction:.0%} cut away")


def _decide(dataset: str, pictures: list[str] | None, decision: Decision, reason: str, json: bool) -> None:
    from studio.errors import BadInput
    from studio.stages.decide import decide

    if not pictures:
        raise BadInput(f"No picture named. Say which: concept-studio {decision} NAME ...")
    found = find_dataset(dataset)
    applied = decide(found, picture_ids(found, pictures), decision, reason)
    _say_decided(applied.changed, "kept" if decision == "keep" else "rejected", json)


def _say_decided(changed: int, word: str, json: bool) -> None:
    if json:
        say_json({"changed": changed})
    else:
        say(f"{count(changed, 'picture')} {word}. `concept-studio undo` takes it back.")


def picture_ids(dataset: Dataset, words: list[str]) -> list[int]:
    """Picture numbers from names, file names or numbers.

    Raises: PictureNotFound for a word that names none or several.
    """
    from studio.catalog import Query
    from studio.errors import PictureNotFound

    with dataset.catalog() as catalog:
        pictures = list(catalog.pictures.each(Query(decisions=())))
    found = []
    for word in words:
        hits = [p.id for p in pictures if word in (p.name, p.name.rsplit("/", 1)[-1], str(p.id))]
        if len(hits) != 1:
            trouble = "no picture of this name" if not hits else f"{len(hits)} pictures of this name"
            raise PictureNotFound(f"{word}: {trouble} in {dataset.name}. Use its name below the ingested folder.")
        found += hits
    return found


def _names(catalog: Catalog, ids: list[int]) -> dict[int, str]:
    return {picture.id: picture.name for picture in catalog.pictures.many(ids)}
