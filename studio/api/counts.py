"""The numbers on the chips. Counting a large catalog is slow, so an own edit only adjusts the last count."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starlette.requests import Request

from studio.api import fields, tokens
from studio.catalog import Catalog, Flag, Picture
from studio.catalog.query import TOKEN_LIMIT
from studio.catalog.trigger_rule import lacks_trigger
from studio.workspace import open_dataset

_KEPT = 8
_LAST: OrderedDict[Path, tuple[str, dict[str, Any]]] = OrderedDict()
_LOCK = threading.Lock()


def counts(request: Request) -> dict[str, Any]:
    """Every chip's number, and a stamp that changes whenever something in the dataset does."""
    dataset = open_dataset(fields.text(request.query_params, "dataset"))
    with dataset.catalog() as catalog:
        return current(catalog, dataset.catalog_path)


def current(catalog: Catalog, path: Path) -> dict[str, Any]:
    """The counts now; counted anew only when something changed since the last time."""
    stamp = catalog.pictures.stamp()
    with _LOCK:
        known_stamp, known = _LAST.get(path, ("", {}))
    if known_stamp != stamp:
        tokens.count_missing(catalog)
        known = _count(catalog)
        _remember(path, stamp, known)
    return known | {"stamp": stamp} | _quick(catalog)


class Adjusting:
    """Counts before and after an operation, from the pictures it touched alone.

    Use inside the operation's transaction: no other writer can come between.
    """

    def __init__(self, catalog: Catalog, path: Path) -> None:
        self._catalog, self._path = catalog, path
        self._stamp = catalog.pictures.stamp()
        self._trigger = str(catalog.settings.get("trigger", ""))
        self._before: dict[str, int] = {}

    def before(self, ids: Sequence[int]) -> None:
        """Note the pictures as they are now."""
        self._ids = list(ids)
        self._before = self._tally()

    def after(self) -> None:
        """Correct the last counts by what the pictures are now."""
        with _LOCK:
            known_stamp, known = _LAST.get(self._path, ("", {}))
        if known_stamp != self._stamp:
            return
        adjusted = {**known, "flags": dict(known["flags"]), "decisions": dict(known["decisions"])}
        for sign, tally in ((-1, self._before), (1, self._tally())):
            for key, count in tally.items():
                group, _, name = key.rpartition("/")
                target = adjusted[group] if group else adjusted
                target[name] = target.get(name, 0) + sign * count
        _remember(self._path, self._catalog.pictures.stamp(), adjusted)

    def _tally(self) -> dict[str, int]:
        found: dict[str, int] = {}
        flags = self._catalog.findings.flags_of(self._ids)
        for picture in self._catalog.pictures.many(self._ids):
            for key in _chips_of(picture, flags.get(picture.id, []), self._trigger):
                found[key] = found.get(key, 0) + 1
        return found


def _chips_of(picture: Picture, flags: Sequence[Flag], trigger: str) -> list[str]:
    """The chips that count this picture; the same rules as the catalog's own tallies."""
    chips = [f"decisions/{picture.decision}"]
    if picture.decision == "reject":
        return chips
    chips += ["all", *(f"flags/{flag.name}" for flag in flags)]
    rules = {
        "empty": not picture.caption,
        "suggestions": bool(picture.suggestion),
        "long": (picture.tokens or 0) > TOKEN_LIMIT,
        "by_you": picture.caption_by == "you",
        "by_machine": bool(picture.caption) and picture.caption_by not in ("you", "import"),
        "no_trigger": lacks_trigger(picture.caption, trigger),
    }
    return chips + [name for name, holds in rules.items() if holds]


def _count(catalog: Catalog) -> dict[str, Any]:
    trigger = str(catalog.settings.get("trigger", ""))
    return {
        **catalog.pictures.tallies(trigger),
        "flags": catalog.findings.flag_counts(),
        "decisions": catalog.pictures.decisions(),
    }


def _quick(catalog: Catalog) -> dict[str, Any]:
    """What is cheap enough to ask each time."""
    return {
        "trigger": catalog.settings.get("trigger", ""),
        "to_decide": catalog.findings.to_decide(),
        "open_flags": catalog.findings.flag_counts(undecided_only=True),
        "open_groups": catalog.findings.count_open_groups(),
        "refused": catalog.files.count("refused"),
        "jobs": [
            {"id": job.id, "kind": job.kind, "done": job.done, "total": job.total, "seconds_left": job.seconds_left}
            for job in catalog.jobs.active()
        ],
    }


def _remember(path: Path, stamp: str, counts: dict[str, Any]) -> None:
    with _LOCK:
        _LAST[path] = (stamp, counts)
        _LAST.move_to_end(path)
        while len(_LAST) > _KEPT:
            _LAST.popitem(last=False)
