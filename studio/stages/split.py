"""Which pictures are held out: seeded, stored, and look-alikes always on one side."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence

from studio.catalog import Catalog, Change, Picture
from studio.errors import BadInput
from studio.workspace import Dataset

NAMES = ("train", "validation", "test")
DEFAULT_SPLIT = {"validation": 0.1, "test": 0.0, "seed": 0}
_ENOUGH_TO_HOLD_OUT = 8


def split(
    dataset: Dataset, validation: float | None = None, test: float | None = None, seed: int | None = None
) -> dict[str, int]:
    """Hold pictures out and return how many stand in each split; rejected pictures take no part.

    `validation` and `test` are shares below 1, or numbers of pictures; None takes what was set last. With the same
    settings, pictures that have a split keep it and only new ones are drawn. From 8 pictures on, a share above 0
    holds out at least one. Pictures of one duplicate group are never on both sides.

    Raises: BadInput when that leaves nothing to train on.
    """
    with dataset.catalog() as catalog, catalog.transaction():
        stored = {**DEFAULT_SPLIT, **catalog.settings.get("split", {})}
        given = {"validation": validation, "test": test, "seed": seed}
        wanted = {**stored, **{name: value for name, value in given.items() if value is not None}}
        again = wanted != stored
        _apply(catalog, wanted, again, by="you")
        catalog.settings.set("split", wanted)
        return counts(catalog)


def ensure_split(catalog: Catalog) -> None:
    """Give every picture that an export will take its split, by the dataset's settings."""
    _apply(catalog, {**DEFAULT_SPLIT, **catalog.settings.get("split", {})}, again=False, by="studio")


def counts(catalog: Catalog) -> dict[str, int]:
    """How many pictures that are not rejected stand in each split."""
    found = catalog.pictures.splits()
    return {name: found.get(name, 0) for name in NAMES}


def _apply(catalog: Catalog, wanted: dict[str, float], again: bool, by: str) -> None:
    pictures = list(catalog.pictures.each())
    held = _held_out(len(pictures), wanted)
    units = _units(catalog, pictures, int(wanted["seed"]))
    placed = _place(units, held, again)
    changes = [Change(p.id, "split", placed[p.id]) for p in pictures if p.split != placed[p.id]]
    catalog.journal.apply(changes, by=by, label="Split into training and held-out pictures")


def _held_out(total: int, wanted: dict[str, float]) -> dict[str, int]:
    """How many pictures each held-out split gets."""
    held = {}
    for name in ("validation", "test"):
        value = wanted[name]
        if value < 0:
            raise BadInput(f"{name} is {value}, but must be a share from 0 to 1 or a number of pictures.")
        held[name] = int(value) if value >= 1 else round(value * total)
        if 0 < value < 1 and total >= _ENOUGH_TO_HOLD_OUT:
            held[name] = max(held[name], 1)
    if total and sum(held.values()) >= total:
        raise BadInput(f"Holding out {sum(held.values())} of {total} pictures leaves none to train on. Hold out fewer.")
    return held


def _units(catalog: Catalog, pictures: Sequence[Picture], seed: int) -> list[list[Picture]]:
    """Pictures that must stay together, in the order of a draw that depends on their bytes and the seed only."""
    group_of = {m.picture_id: group.id for group in catalog.findings.groups() for m in group.members}
    units: dict[object, list[Picture]] = defaultdict(list)
    for picture in pictures:
        units[group_of.get(picture.id, picture.sha256)].append(picture)

    def draw(unit: list[Picture]) -> str:
        return hashlib.sha256(f"{seed}:{min(p.sha256 for p in unit)}".encode()).hexdigest()

    return sorted(units.values(), key=draw)


def _place(units: list[list[Picture]], held: dict[str, int], again: bool) -> dict[int, str]:
    """The split of every picture. A unit keeps the side it has; one found on both sides goes to training."""
    placed: dict[int, str] = {}
    room = dict(held)
    open_units = []
    for unit in units:
        sides = set() if again else {p.split for p in unit if p.split}
        if not sides:
            open_units.append(unit)
            continue
        side = sides.pop() if len(sides) == 1 else "train"
        placed.update({p.id: side for p in unit})
        if side in room:
            room[side] -= len(unit)
    for unit in open_units:
        side = next((name for name, places in room.items() if places >= len(unit)), "train")
        placed.update({p.id: side for p in unit})
        if side in room:
            room[side] -= len(unit)
    return placed
