"""Verbs that write captions: caption (a model does it), captions (you do it)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from studio.cli.options import DatasetOption, JsonOption, find_dataset, one_of
from studio.cli.output import count, say, say_json, say_table, warn
from studio.cli.progress import ConsoleProgress

SHOWN = ("all", "empty", "long", "by_you", "by_machine", "no_trigger", "suggestions")
MODES = ("empty", "suggest", "replace-machine", "replace-all")


def caption(
    captioner: Annotated[
        str,
        typer.Option(help='"pocket" (built in), a Hub id such as Salesforce/blip-image-captioning-base, or a folder.'),
    ] = "pocket",
    mode: Annotated[
        str, typer.Option(help="empty, suggest, replace-machine, or replace-all (your own texts too).")
    ] = "empty",
    prefix: Annotated[str, typer.Option(help="Put before every new caption.")] = "",
    suffix: Annotated[str, typer.Option(help="Put after every new caption.")] = "",
    trigger: Annotated[str, typer.Option(help="Trigger phrase; remembered, and added exactly once a caption.")] = "",
    batch_size: Annotated[int, typer.Option(min=1, help="Pictures captioned at once.")] = 8,
    dataset: DatasetOption = "",
    json: JsonOption = False,
) -> None:
    """Let BLIP write the captions that are missing.

    Your own texts are never replaced unless --mode replace-all says so.

    Example: concept-studio caption --trigger "ink style"
    """
    from studio.stages.caption import caption as caption_pictures

    with ConsoleProgress(quiet=json) as progress:
        report = caption_pictures(
            find_dataset(dataset),
            captioner=captioner,
            mode=one_of(mode, MODES, "mode"),
            prefix=prefix,
            suffix=suffix,
            trigger=trigger or None,
            batch_size=batch_size,
            progress=progress,
        )
    if json:
        say_json(report)
        return
    say(
        f"{count(report.written, 'caption')} written, {count(report.suggested, 'suggestion')} left beside "
        f"your own texts ({report.seconds:.1f} s)."
    )
    for name, reason in report.refused:
        warn(f"not captioned: {name}: {reason}")


def captions(
    find: Annotated[str, typer.Option(help="Text to look for.")] = "",
    replace: Annotated[str, typer.Option(help="Text to put in its place.")] = "",
    regex: Annotated[bool, typer.Option("--regex", help="Read --find as a regular expression.")] = False,
    match_case: Annotated[bool, typer.Option("--match-case", help="Tell capital letters from small ones.")] = False,
    strip: Annotated[bool, typer.Option("--strip", help="Take away outer and double spaces.")] = False,
    dedupe_tags: Annotated[
        bool, typer.Option("--dedupe-tags", help="Read captions as lists with commas; drop repeated parts.")
    ] = False,
    sort_tags: Annotated[bool, typer.Option("--sort-tags", help="Sort such lists by the alphabet.")] = False,
    prefix: Annotated[str, typer.Option(help="Add before each caption that lacks it.")] = "",
    suffix: Annotated[str, typer.Option(help="Add after each caption that lacks it.")] = "",
    trigger: Annotated[str, typer.Option(help="Set the trigger phrase and add it exactly once a caption.")] = "",
    show: Annotated[str, typer.Option(help="Only these: all, empty, long, by_you, by_machine, no_trigger.")] = "all",
    text: Annotated[str, typer.Option(help="Only captions or names with these words.")] = "",
    set_: Annotated[str, typer.Option("--set", help="NAME=TEXT: write one caption.", show_default=False)] = "",
    import_: Annotated[
        Path | None, typer.Option("--import", help="CSV with name (or sha256) and caption.", show_default=False)
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Do it; without, only the preview is shown.")] = False,
    dataset: DatasetOption = "",
    json: JsonOption = False,
) -> None:
    """List captions, or change many at once.

    A change is shown first; --apply does it and `undo` takes it back.

    Example: concept-studio captions --find "a photo of " --replace "" --apply
    """
    from studio.stages.edit_captions import CaptionEdit

    found = find_dataset(dataset)
    if set_ or import_:
        _write(found, set_, import_, json)
        return
    edit = CaptionEdit(
        find=find, replace=replace, regex=regex, match_case=match_case, strip=strip, dedupe_tags=dedupe_tags,
        sort_tags=sort_tags, prefix=prefix, suffix=suffix, trigger=trigger,
    )  # fmt: skip
    if edit == CaptionEdit():
        _list(found, show, text, json)
    else:
        _edit(found, edit, show, text, apply, json)


def _write(dataset, set_: str, csv: Path | None, json: bool) -> None:
    from studio.cli.picture_verbs import picture_ids
    from studio.errors import BadInput
    from studio.stages.edit_captions import set_caption
    from studio.stages.import_captions import import_captions

    if csv:
        report = import_captions(dataset, csv)
        if json:
            say_json(report)
            return
        say(f"{count(report.captions, 'caption')} and {count(report.decisions, 'decision')} imported from {csv}.")
        for line, reason in report.problems:
            warn(f"{csv.name} line {line}: {reason}")
        return
    name, sign, value = set_.partition("=")
    if not sign:
        raise BadInput(f"{set_}: write it as NAME=TEXT, such as food/apple.jpg='a red apple'.")
    applied = set_caption(dataset, picture_ids(dataset, [name])[0], value)
    say_json(applied) if json else say(f"{name}: saved.")


def _list(dataset, show: str, text: str, json: bool) -> None:
    from studio.stages.tokens import ensure_tokens

    with dataset.catalog() as catalog:
        ensure_tokens(catalog)
        rows = list(catalog.pictures.each(_query(catalog, show, text)))
    if json:
        say_json([{"name": p.name, "caption": p.caption, "by": p.caption_by, "tokens": p.tokens} for p in rows])
    else:
        say_table(
            ("picture", "by", "tokens", "caption"), [(p.name, p.caption_by or "-", p.tokens, p.caption) for p in rows]
        )


def _edit(dataset, edit, show: str, text: str, apply: bool, json: bool) -> None:
    from studio.stages.edit_captions import apply_edit, preview

    with dataset.catalog() as catalog:
        query = _query(catalog, show, text)
    changes = preview(dataset, edit, query)
    if json and not apply:
        say_json([{"name": p.name, "before": p.caption, "after": after} for p, after in changes])
    for picture, after in changes if not json else ():
        say(f"{picture.name}\n  - {picture.caption}\n  + {after}")
    if apply:
        applied = apply_edit(dataset, edit, query)
        say_json(applied) if json else say(
            f"Changed {count(applied.changed, 'caption')}. `concept-studio undo` takes it back."
        )
    elif not json:
        say(
            f"{count(len(changes), 'caption')} would change. Add --apply to do it."
            if changes
            else "Nothing would change."
        )


def _query(catalog, show: str, text: str):
    from studio.catalog import Query

    shown = one_of(show, SHOWN, "choice for --show")
    return Query(show=shown, text=text, trigger=catalog.settings.get("trigger", ""))
