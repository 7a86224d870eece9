"""Many captions changed at once: find and replace, prefix, suffix, trigger, tags; a preview first, one undo after."""

from __future__ import annotations

import re
from dataclasses import dataclass

from studio.catalog import Change, Picture, Query
from studio.catalog.record import Applied
from studio.errors import BadInput, ChangedElsewhere, PictureNotFound
from studio.stages.tokens import ensure_tokens
from studio.stages.trigger import checked_trigger, swapped
from studio.workspace import Dataset


@dataclass(frozen=True, slots=True)
class CaptionEdit:
    """What to do with each caption, in this order; empty captions are left alone.

    `find` and `replace` are plain text (any case unless `match_case`) or a regular expression. `strip` removes
    outer and double spaces. `dedupe_tags` and `sort_tags` read the caption as a list with commas. `prefix` and
    `suffix` are added where they are missing. `trigger` is made to stand in the caption exactly once, in the
    place of the dataset's earlier one.
    """

    find: str = ""
    replace: str = ""
    regex: bool = False
    match_case: bool = False
    strip: bool = False
    dedupe_tags: bool = False
    sort_tags: bool = False
    prefix: str = ""
    suffix: str = ""
    trigger: str = ""


def preview(dataset: Dataset, edit: CaptionEdit, query: Query | None = None) -> list[tuple[Picture, str]]:
    """The pictures whose caption would change, each with its new text; nothing is written.

    Raises: BadInput for a regular expression that cannot be read.
    """
    checked_trigger(edit.trigger)
    with dataset.catalog() as catalog:
        earlier = str(catalog.settings.get("trigger", ""))
        return [
            (picture, text)
            for picture in catalog.pictures.each(query)
            if (text := edited(picture.caption, edit, earlier)) != picture.caption
        ]


def apply_edit(dataset: Dataset, edit: CaptionEdit, query: Query | None = None) -> Applied:
    """Change the captions as `preview` shows them, as one operation; who wrote a caption stays as it was.

    Raises: BadInput as `preview`.
    """
    changes = [
        Change(picture.id, "caption", text, old_rev=picture.caption_rev, by=picture.caption_by)
        for picture, text in preview(dataset, edit, query)
    ]
    with dataset.catalog() as catalog:
        with catalog.transaction():
            if edit.trigger:
                catalog.settings.set("trigger", checked_trigger(edit.trigger))
            applied = catalog.journal.apply(changes, label=_label(edit, len(changes)))
        ensure_tokens(catalog)
    return applied


def set_caption(dataset: Dataset, picture_id: int, text: str, old_rev: int | None = None) -> Applied:
    """Write one caption as a person; `old_rev` is the revision the writer saw.

    Raises: PictureNotFound; ChangedElsewhere when the caption has another revision by now.
    """
    with dataset.catalog() as catalog:
        applied = catalog.journal.apply([Change(picture_id, "caption", text, old_rev=old_rev)], label="Edit caption")
        result = applied.results[0]
        if result.state == "gone":
            raise PictureNotFound(f"There is no picture number {picture_id} in {dataset.name}. Look at the list again.")
        if result.state == "conflict":
            raise ChangedElsewhere(
                f"The caption was changed elsewhere to {result.value!r}. Your text is kept in the picture's history; "
                "look at both and save again."
            )
        ensure_tokens(catalog)
    return applied


def edited(caption: str, edit: CaptionEdit, earlier_trigger: str = "") -> str:
    """One caption after the edit.

    Raises: BadInput for a regular expression or replacement that cannot be read.
    """
    if not caption:
        return caption
    text = _replaced(caption, edit) if edit.find else caption
    if edit.strip:
        text = re.sub(r"[ \t]{2,}", " ", text).strip()
    if edit.dedupe_tags or edit.sort_tags:
        text = _retagged(text, edit)
    if edit.prefix and not text.startswith(edit.prefix):
        text = edit.prefix + text
    if edit.suffix and not text.endswith(edit.suffix):
        text += edit.suffix
    trigger = edit.trigger.strip()
    if trigger:
        text = swapped(text, earlier_trigger, trigger)
    return text


def _replaced(caption: str, edit: CaptionEdit) -> str:
    flags = 0 if edit.match_case else re.IGNORECASE
    if not edit.regex:
        return re.sub(re.escape(edit.find), lambda _: edit.replace, caption, flags=flags)
    try:
        return re.sub(edit.find, edit.replace, caption, flags=flags)
    except (re.error, IndexError) as error:
        raise BadInput(f"{edit.find!r} cannot be used as a regular expression ({error}). Correct it.") from error


def _retagged(caption: str, edit: CaptionEdit) -> str:
    tags = [tag.strip() for tag in caption.split(",") if tag.strip()]
    if edit.dedupe_tags:
        first: dict[str, str] = {}
        for tag in tags:
            first.setdefault(tag.lower(), tag)
        tags = list(first.values())
    if edit.sort_tags:
        tags.sort(key=str.lower)
    return ", ".join(tags)


def _label(edit: CaptionEdit, count: int) -> str:
    pictures = "1 caption" if count == 1 else f"{count} captions"
    if edit.find:
        return f"Replace {edit.find!r} in {pictures}"
    if edit.trigger:
        return f"Add the trigger to {pictures}"
    return f"Edit {pictures}"
