"""The verb that shows what to look at: flags."""

from __future__ import annotations

import math
from typing import Annotated

import typer

from studio.cli.options import DatasetOption, JsonOption, find_dataset
from studio.cli.output import count, say, say_json
from studio.stages.flag_rules import DEFAULT_THRESHOLDS, THRESHOLD_WORDS

_DEFAULTS = "; ".join(
    f"{name}={getattr(DEFAULT_THRESHOLDS, name):g}: {words}" for name, words in THRESHOLD_WORDS.items()
)


def flags(
    reject: Annotated[
        list[str] | None, typer.Option("--reject", help="Reject the pictures with this flag; may be repeated.")
    ] = None,
    threshold: Annotated[
        list[str] | None,
        typer.Option("--threshold", help=f"NAME=NUMBER, remembered; may be repeated. Defaults: {_DEFAULTS}."),
    ] = None,
    dataset: DatasetOption = "",
    json: JsonOption = False,
) -> None:
    """Show blurred, dark, small or odd pictures.

    Too small, blurred, dark, bright, empty or oddly shaped, with the number and the threshold; and the files that
    cannot be read or were left out, with the reason.

    Example: concept-studio flags --reject blurred --threshold min_sharpness=50
    """
    from studio.catalog import Query
    from studio.stages.decide import reject_flagged
    from studio.stages.flags import refresh_flags

    found = find_dataset(dataset)
    counts = refresh_flags(found, _numbers(threshold) if threshold else None)
    changed = sum(reject_flagged(found, name).changed for name in reject or ())
    with found.catalog() as catalog:
        shown = [p for name in counts for p in catalog.pictures.each(Query(flag=name, decisions=()))]
        by_picture = catalog.findings.flags_of([p.id for p in shown])
        refused, ignored = catalog.files.in_state("refused"), catalog.files.in_state("ignored")
    rows = {p.id: p for p in shown}
    if json:
        found_flags = [{"picture": p.name, "decision": p.decision, "flags": by_picture[p.id]} for p in rows.values()]
        left = {"refused": refused, "ignored": ignored, "rejected": changed}
        say_json({"counts": counts, "flagged": found_flags, **left})
        return
    for picture in rows.values():
        mark = f" [{picture.decision}]" if picture.decision != "undecided" else ""
        say(f"{picture.name}{mark}: " + "; ".join(flag.sentence for flag in by_picture[picture.id]))
    for row in refused:
        say(f"{row.name}: cannot be read: {row.reason}")
    for row in ignored:
        say(f"{row.name}: left out: {row.reason}")
    if reject:
        say(f"Rejected {count(changed, 'picture')}. `concept-studio undo` takes it back.")
    elif not rows and not refused and not ignored:
        say("Nothing to look at.")


def _numbers(words: list[str]) -> dict[str, float]:
    """Thresholds by name.

    Raises: BadInput for a word that is no NAME=NUMBER.
    """
    from studio.errors import BadInput

    found = {}
    for word in words:
        name, _, text = word.partition("=")
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise BadInput(f"{word}: write it as NAME=NUMBER, such as min_sharpness=50.")
        found[name.strip()] = value
    return found
