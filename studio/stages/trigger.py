"""The trigger phrase of a dataset: the words that will call what is taught, exactly once in every caption."""

from __future__ import annotations

import re

from studio.catalog import Change, Query
from studio.catalog.record import Applied
from studio.catalog.trigger_rule import count_trigger, trigger_pattern
from studio.errors import BadInput
from studio.workspace import Dataset

_LONGEST = 100


def set_trigger(dataset: Dataset, phrase: str) -> Applied:
    """Remember the phrase; captions that hold the earlier one get the new one in its place.

    Captions without a trigger stay as they are: `CaptionEdit(trigger=...)` adds it to them, and an export does
    in what it writes. An empty phrase forgets the trigger and leaves captions alone.

    Raises: BadInput for a phrase that cannot stand in a caption.
    """
    phrase = checked_trigger(phrase)
    with dataset.catalog() as catalog, catalog.transaction():
        earlier = str(catalog.settings.get("trigger", ""))
        catalog.settings.set("trigger", phrase)
        changes = []
        if phrase and earlier and earlier.lower() != phrase.lower():
            changes = [
                Change(p.id, "caption", swapped(p.caption, earlier, phrase), old_rev=p.caption_rev, by=p.caption_by)
                for p in catalog.pictures.each(Query(decisions=()))
                if count_trigger(p.caption, earlier)
            ]
        return catalog.journal.apply(changes, label=f"Change the trigger to {phrase}")


def checked_trigger(phrase: str) -> str:
    """The phrase without outer spaces.

    Raises: BadInput when it is too long or holds line ends or commas at its ends.
    """
    phrase = phrase.strip()
    if len(phrase) > _LONGEST or "\n" in phrase or "\r" in phrase or phrase != phrase.strip(",; "):
        raise BadInput(f"{phrase!r} cannot be a trigger. Use a few words on one line, such as ink style.")
    return phrase


def with_trigger(caption: str, trigger: str) -> str:
    """The caption with the trigger exactly once: kept where it stands first, else put at the end after a comma."""
    if not trigger:
        return caption
    found = list(trigger_pattern(trigger).finditer(caption))
    if not found:
        return f"{caption.rstrip().rstrip(',')}, {trigger}" if caption.strip() else trigger
    for extra in reversed(found[1:]):
        caption = _cut(caption, extra.start(), extra.end())
    return caption


def swapped(caption: str, earlier: str, trigger: str) -> str:
    """The caption with the earlier trigger replaced by the new one, which stands there exactly once.

    One may be a part of the other, so both are looked for at once, and the longer one wins where both begin.
    """
    if earlier and earlier.lower() != trigger.lower():
        longer, shorter = sorted((earlier, trigger), key=lambda phrase: len(phrase.split()), reverse=True)
        both = re.compile(f"{trigger_pattern(longer).pattern}|{trigger_pattern(shorter).pattern}", re.IGNORECASE)
        is_new = trigger_pattern(trigger).fullmatch
        caption = both.sub(lambda found: found[0] if is_new(found[0]) else trigger, caption)
    return with_trigger(caption, trigger)


def _cut(text: str, start: int, end: int) -> str:
    """Take a part out together with one separator beside it, so that no `, ,` is left."""
    before, after = text[:start].rstrip(" "), text[end:].lstrip(" ")
    if before.endswith(",") and (not after or after.startswith(",")):
        before = before[:-1]
    elif not before and after.startswith(","):
        after = after[1:].lstrip(" ")
    glue = " " if before and after and not after.startswith((",", ".", ";", "\n")) else ""
    return before + glue + after
