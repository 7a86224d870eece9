"""What the stages found: flags and duplicate groups. Computed from rows, replaced as a whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from studio.catalog.connection import transaction
from studio.catalog.record import Flag, Group, GroupMember

_CHUNK = 500


class FindingsTable:
    """Flags and duplicate groups; a decision is never stored here."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def replace_flags(self, flags: Mapping[int, Sequence[Flag]]) -> None:
        """Set the flags of the given pictures; their earlier flags go."""
        with transaction(self._db):
            self._db.executemany("DELETE FROM flags WHERE picture_id = ?", [(number,) for number in flags])
            self._db.executemany(
                "INSERT INTO flags (picture_id, name, value, threshold, sentence) VALUES (?, ?, ?, ?, ?)",
                [
                    (number, flag.name, flag.value, flag.threshold, flag.sentence)
                    for number, found in flags.items()
                    for flag in found
                ],
            )

    def flags_of(self, ids: Sequence[int]) -> dict[int, list[Flag]]:
        """Flags by picture id; pictures without one are left out."""
        found: dict[int, list[Flag]] = {}
        for start in range(0, len(ids), _CHUNK):
            part = list(ids[start : start + _CHUNK])
            marks = ", ".join("?" * len(part))
            rows = self._db.execute(f"SELECT * FROM flags WHERE picture_id IN ({marks}) ORDER BY name", part)
            for row in rows:
                flag = Flag(row["name"], row["value"], row["threshold"], row["sentence"])
                found.setdefault(row["picture_id"], []).append(flag)
        return found

    def flag_counts(self, undecided_only: bool = False) -> dict[str, int]:
        """How many pictures that are not rejected (or only undecided ones) carry each flag."""
        # CROSS JOIN: begin with the few flags, not with the many pictures.
        states = "('undecided')" if undecided_only else "('undecided', 'keep')"
        rows = self._db.execute(
            "SELECT flags.name, count(*) FROM flags CROSS JOIN pictures ON pictures.id = flags.picture_id "
            f"WHERE decision IN {states} GROUP BY flags.name ORDER BY flags.name"
        )
        return dict(rows.fetchall())

    def to_decide(self) -> int:
        """How many undecided pictures carry a flag or stand in a duplicate group."""
        row = self._db.execute(
            "SELECT count(*) FROM pictures WHERE decision = 'undecided' AND id IN "
            "(SELECT picture_id FROM flags UNION SELECT picture_id FROM duplicate_members)"
        )
        return int(row.fetchone()[0])

    def count_open_groups(self) -> int:
        """How many duplicate groups have an undecided picture."""
        row = self._db.execute(
            "SELECT count(DISTINCT group_id) FROM duplicate_members m CROSS JOIN pictures p "
            "ON p.id = m.picture_id WHERE p.decision = 'undecided'"
        )
        return int(row.fetchone()[0])

    def replace_groups(self, groups: Iterable[Group]) -> None:
        """Set the duplicate groups of the dataset; their ids are numbered anew from 1."""
        with transaction(self._db):
            self._db.execute("DELETE FROM duplicate_members")
            self._db.execute("DELETE FROM duplicate_groups")
            for number, group in enumerate(groups, start=1):
                self._db.execute("INSERT INTO duplicate_groups (id, reason) VALUES (?, ?)", [number, group.reason])
                self._db.executemany(
                    "INSERT INTO duplicate_members (group_id, picture_id, place, distance, relation, suggestion, "
                    "reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    [
                        (number, m.picture_id, place, m.distance, m.relation, m.suggestion, m.reason)
                        for place, m in enumerate(group.members)
                    ],
                )

    def groups(self, open_only: bool = False) -> list[Group]:
        """Duplicate groups, keeper first. A group is open while one of its pictures is undecided."""
        is_open = (
            "WHERE EXISTS (SELECT 1 FROM duplicate_members o JOIN pictures p ON p.id = o.picture_id "
            "WHERE o.group_id = g.id AND p.decision = 'undecided')"
        )
        rows = self._db.execute(
            "SELECT g.id AS group_id, g.reason AS group_reason, m.* FROM duplicate_groups g "
            f"JOIN duplicate_members m ON m.group_id = g.id {is_open if open_only else ''} ORDER BY g.id, m.place"
        )
        members: dict[int, list[GroupMember]] = {}
        reasons: dict[int, str] = {}
        for row in rows:
            reasons[row["group_id"]] = row["group_reason"]
            members.setdefault(row["group_id"], []).append(
                GroupMember(row["picture_id"], row["distance"], row["relation"], row["suggestion"], row["reason"])
            )
        return [Group(number, reasons[number], tuple(found)) for number, found in members.items()]

    def group_of(self, picture_id: int) -> int | None:
        """The number of the duplicate group a picture stands in."""
        row = self._db.execute("SELECT group_id FROM duplicate_members WHERE picture_id = ?", [picture_id])
        found = row.fetchone()
        return int(found[0]) if found else None
