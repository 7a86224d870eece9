"""Which pictures are close to each other: by hash, mirrored, trimmed to their content, or byte by byte."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from studio.stages.duplicate_rows import HashRow, Relation
from studio.stages.hamming_search import as_numbers, close_pairs, distances

# A picture with less contrast is one flat colour: its hash is noise and matches by chance.
FLAT_CONTRAST = 3.0
# The second hash must agree too, more loosely, since it reacts more to small shifts.
_SECOND_HASH_ALLOWANCE = 8
# Up to here a difference comes from scaling and compression alone.
_SAME_CONTENT = 6
_SAME_ASPECT = 1.03
_CUT_ASPECT = 1.25


@dataclass(frozen=True)
class Tie:
    """How one picture relates to a keeper, and by how many bits it differs."""

    index: int
    relation: Relation
    distance: int


class HashTable:
    """The hashes of all rows as arrays, with the rules for who is close to whom."""

    def __init__(self, rows: Sequence[HashRow], radius: int) -> None:
        self.rows = rows
        self.radius = radius
        self.trimmed_radius = radius // 2
        self.plain = as_numbers([row.phash for row in rows])
        self.mirrored = as_numbers([row.phash_mirrored for row in rows])
        self.trimmed = as_numbers([row.phash_trimmed for row in rows])
        self.second = as_numbers([row.dhash for row in rows])
        self.flat = np.array([row.contrast < FLAT_CONTRAST for row in rows], dtype=bool)

    def components(self) -> list[list[int]]:
        """Return sets of rows that hang together, directly or through others, as sorted index lists."""
        links = _Links(len(self.rows))
        links.join_equal([row.sha256 for row in self.rows])
        self._link(links, self.plain, None, self.radius)
        self._link(links, self.plain, self.mirrored, self.radius)
        self._link(links, self.trimmed, None, self.trimmed_radius)
        return links.groups()

    def ties(self, keeper: int, others: Sequence[int]) -> list[Tie]:
        """Return those of `others` that are close to the keeper itself, with their relation."""
        index = np.asarray(others)
        plain = distances(self.plain[index], self.plain[keeper])
        second = distances(self.second[index], self.second[keeper])
        plain_fits = (plain <= self.radius) & (second <= self.radius + _SECOND_HASH_ALLOWANCE)
        mirrored = np.minimum(
            distances(self.mirrored[index], self.plain[keeper]),
            distances(self.plain[index], self.mirrored[keeper]),
        )
        trimmed = distances(self.trimmed[index], self.trimmed[keeper])
        found = []
        for place, other in enumerate(others):
            near = int(plain[place]) if plain_fits[place] else None
            tie = self._tie(keeper, other, near, int(mirrored[place]), int(trimmed[place]))
            found += [tie] if tie is not None else []
        return found

    def _tie(self, keeper: int, other: int, near: int | None, mirrored: int, trimmed: int) -> Tie | None:
        one, two = self.rows[keeper], self.rows[other]
        if one.sha256 == two.sha256:
            return Tie(other, "identical", 0)
        if self.flat[keeper] or self.flat[other]:
            return None
        if near is not None and near <= _SAME_CONTENT:
            return Tie(other, _relation_of_sizes(one, two), near)
        if trimmed <= self.trimmed_radius:
            return Tie(other, "cropped?", trimmed)
        if mirrored <= self.radius:
            return Tie(other, "mirrored", mirrored)
        return None if near is None else Tie(other, "similar", near)

    def _link(self, links: _Links, hashes: np.ndarray, others: np.ndarray | None, radius: int) -> None:
        """Join rows whose hashes are close; equal hashes are searched once, however many rows share them."""
        kept = np.flatnonzero(~self.flat)
        values, rows = _first_rows(hashes, kept, links)
        other_values, other_rows = (None, rows) if others is None else _first_rows(others, kept, links)
        for one, other in close_pairs(values, other_values, radius):
            links.join(int(rows[one]), int(other_rows[other]))


def _first_rows(hashes: np.ndarray, kept: np.ndarray, links: _Links) -> tuple[np.ndarray, np.ndarray]:
    """Return the different hashes among the kept rows with one row each; rows that share a hash get joined."""
    values, first, group = np.unique(hashes[kept], return_index=True, return_inverse=True)
    rows = kept[first]
    repeated = np.flatnonzero(rows[group] != kept)
    for place in repeated:
        links.join(int(kept[place]), int(rows[group[place]]))
    return values, rows


def _relation_of_sizes(one: HashRow, other: HashRow) -> Relation:
    if (one.width, one.height) == (other.width, other.height):
        return "re-encoded"
    ratio = (one.width * other.height) / (one.height * other.width)
    change = max(ratio, 1 / ratio)
    if change <= _SAME_ASPECT:
        return "resized"
    return "cropped?" if change <= _CUT_ASPECT else "stretched"


class _Links:
    """Union-find over row numbers."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def join(self, one: int, other: int) -> None:
        root, other_root = self._root(one), self._root(other)
        self._parent[max(root, other_root)] = min(root, other_root)

    def join_equal(self, values: Iterable[str]) -> None:
        first: dict[str, int] = {}
        for index, value in enumerate(values):
            self.join(first.setdefault(value, index), index)

    def groups(self) -> list[list[int]]:
        members: dict[int, list[int]] = {}
        for index in range(len(self._parent)):
            members.setdefault(self._root(index), []).append(index)
        return [group for group in members.values() if len(group) > 1]

    def _root(self, index: int) -> int:
        while self._parent[index] != index:
            self._parent[index] = self._parent[self._parent[index]]
            index = self._parent[index]
        return index
