"""Group pictures that show the same thing, and suggest which copy to keep. Works on rows, not on pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studio.errors import BadInput
from studio.stages.duplicate_choice import quality, reason_to_keep, reason_to_reject
from studio.stages.duplicate_links import HashTable, Tie
from studio.stages.duplicate_rows import DuplicateGroup, HashRow, Member

__all__ = ["RADII", "DuplicateGroup", "HashRow", "Member", "find_groups", "radius_of"]

# Measured on drawings of one style: copies of all kinds differ by up to 8 bits, different drawings by 18 and more.
RADII = {"strict": 4, "balanced": 8, "loose": 12}
LARGEST_RADIUS = 16


def radius_of(sensitivity: str | int) -> int:
    """Return the largest Hamming distance (bits of 64) at which two pictures still count as the same.

    Raises:
        BadInput: neither one of the words nor a number from 0 to 16.
    """
    if isinstance(sensitivity, str) and sensitivity in RADII:
        return RADII[sensitivity]
    if isinstance(sensitivity, int) and 0 <= sensitivity <= LARGEST_RADIUS:
        return sensitivity
    raise BadInput(
        f"The sensitivity {sensitivity!r} is unknown. Use strict, balanced, loose, or a number from 0 to 16."
    )


def find_groups(rows: Sequence[HashRow], sensitivity: str | int = "balanced") -> list[DuplicateGroup]:
    """Return all groups of pictures that show the same thing, in the order of their first rows.

    Each picture is in at most one group. Pictures that are linked only through a third one are not forced together:
    every member is close to the keeper. Pictures of one flat colour are compared by their bytes only.

    Raises:
        BadInput: unknown sensitivity.
    """
    radius = radius_of(sensitivity)
    if len(rows) < 2:
        return []
    table = HashTable(rows, radius)
    return [group for component in table.components() for group in _split(table, component)]


def _split(table: HashTable, component: list[int]) -> Iterator[DuplicateGroup]:
    """Cut rows that hang together into groups around the best copy, then around the best of the rest."""
    remaining = component
    while len(remaining) > 1:
        # Of equals the first row wins: max() keeps the first, and the indices are sorted.
        keeper = max(remaining, key=lambda index: quality(table.rows[index]))
        others = [index for index in remaining if index != keeper]
        ties = table.ties(keeper, others)
        if ties:
            yield _group(table.rows, keeper, ties)
        taken = {tie.index for tie in ties}
        remaining = [index for index in others if index not in taken]


def _group(rows: Sequence[HashRow], keeper_index: int, ties: list[Tie]) -> DuplicateGroup:
    keeper = rows[keeper_index]
    reason = reason_to_keep(keeper, [rows[tie.index] for tie in ties])
    members = [Member(keeper.id, 0, None, "keep", reason)]
    for tie in sorted(ties, key=lambda tie: (tie.distance, tie.index)):
        other = rows[tie.index]
        why = reason_to_reject(keeper, other, tie.relation, tie.distance)
        if other.decision == "keep":
            members.append(Member(other.id, tie.distance, tie.relation, "keep", f"{why}, but you kept it"))
        else:
            members.append(Member(other.id, tie.distance, tie.relation, "reject", why))
    return DuplicateGroup(tuple(members), keeper.id, reason)
