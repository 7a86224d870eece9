"""Pictures in the catalog: added by ingest, read by everything else, changed only through the journal."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from zlib import crc32

from studio.catalog.connection import transaction
from studio.catalog.decoded import decoded
from studio.catalog.query import Query, Show
from studio.catalog.record import Picture

_FACTS = [
    "sha256",
    "size_bytes",
    "format",
    "mode",
    "width",
    "height",
    "has_alpha",
    "frames",
    "notes",
    "phash",
    "phash_mirrored",
    "phash_trimmed",
    "dhash",
    "sharpness",
    "brightness",
    "contrast",
    "entropy",
    "saturation",
]
_CHUNK = 500
_TALLIED: tuple[Show, ...] = ("empty", "suggestions", "long", "by_you", "by_machine")


class PictureTable:
    """Reads return frozen records; nothing here changes a caption or a decision."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, facts: object, source: str, name: str) -> tuple[int, bool]:
        """Add a picture from its measured facts; returns its id and whether it is new."""
        columns = ["source", "name", *_FACTS]
        values = [source, name, *(_stored(getattr(facts, fact, None), fact) for fact in _FACTS)]
        cursor = self._db.execute(
            f"INSERT INTO pictures ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) "
            "ON CONFLICT (sha256) DO NOTHING",
            values,
        )
        if cursor.rowcount:
            return int(cursor.lastrowid or 0), True
        found = self._db.execute("SELECT id FROM pictures WHERE sha256 = ?", [values[columns.index("sha256")]])
        return int(found.fetchone()[0]), False

    def move(self, picture_id: int, source: str, name: str) -> None:
        """Point a picture at another file with the same bytes (its first file went away)."""
        self._db.execute("UPDATE pictures SET source = ?, name = ? WHERE id = ?", [source, name, picture_id])

    def set_extra(self, picture_id: int, extra: dict[str, object]) -> None:
        """Keep the keys of an imported row that we do not know."""
        self._db.execute("UPDATE pictures SET extra = ? WHERE id = ?", [json.dumps(extra), picture_id])

    def set_tokens(self, counted: Iterable[tuple[int, int, int]]) -> None:
        """Store token counts given as (picture id, caption revision counted, tokens); stale ones are dropped."""
        with transaction(self._db):
            self._db.executemany("UPDATE pictures SET tokens = ?3 WHERE id = ?1 AND caption_rev = ?2", list(counted))

    def uncounted(self, limit: int = 1000) -> list[Picture]:
        """Pictures whose caption has no token count yet."""
        rows = self._db.execute("SELECT * FROM pictures WHERE tokens IS NULL ORDER BY id LIMIT ?", [limit])
        return [_picture(row) for row in rows]

    def get(self, picture_id: int) -> Picture | None:
        row = self._db.execute("SELECT * FROM pictures WHERE id = ?", [picture_id]).fetchone()
        return _picture(row) if row else None

    def by_sha256(self, sha256: str) -> Picture | None:
        row = self._db.execute("SELECT * FROM pictures WHERE sha256 = ?", [sha256]).fetchone()
        return _picture(row) if row else None

    def by_name(self, name: str) -> list[Picture]:
        """Pictures of this exact name below an ingested folder; several when folders share names."""
        rows = self._db.execute("SELECT * FROM pictures WHERE name = ? ORDER BY id", [name])
        return [_picture(row) for row in rows]

    def many(self, ids: Sequence[int]) -> list[Picture]:
        """Pictures in the order asked for; ids that do not exist are left out."""
        found: dict[int, Picture] = {}
        for start in range(0, len(ids), _CHUNK):
            part = list(ids[start : start + _CHUNK])
            rows = self._db.execute(f"SELECT * FROM pictures WHERE id IN ({', '.join('?' * len(part))})", part)
            found.update({row["id"]: _picture(row) for row in rows})
        return [found[number] for number in ids if number in found]

    def ids(self, query: Query | None = None) -> list[int]:
        """Ids of a view, ordered."""
        query = query or Query()
        where, values = query.sql()
        rows = self._db.execute(f"SELECT id FROM pictures WHERE {where} ORDER BY {query.order()}", values)
        return [row[0] for row in rows]

    def each(self, query: Query | None = None) -> Iterator[Picture]:
        """Pictures of a view, ordered, read in chunks so that memory stays bounded."""
        ids = self.ids(query)
        for start in range(0, len(ids), _CHUNK):
            yield from self.many(ids[start : start + _CHUNK])

    def count(self, query: Query | None = None) -> int:
        where, values = (query or Query()).sql()
        return int(self._db.execute(f"SELECT count(*) FROM pictures WHERE {where}", values).fetchone()[0])

    def decisions(self) -> dict[str, int]:
        """How many pictures are undecided, kept and rejected."""
        counts = {"undecided": 0, "keep": 0, "reject": 0}
        counts.update(self._db.execute("SELECT decision, count(*) FROM pictures GROUP BY decision").fetchall())
        return counts

    def splits(self) -> dict[str, int]:
        """How many pictures that are not rejected stand in each split ('' is not split yet)."""
        return dict(
            self._db.execute(
                "SELECT split, count(*) FROM pictures WHERE decision <> 'reject' GROUP BY split"
            ).fetchall()
        )

    def tallies(self, trigger: str = "") -> dict[str, int]:
        """What the caption page counts, over pictures that are not rejected, in one pass.

        Keys are those of `Query.show`; `no_trigger` is 0 while there is no trigger.
        """
        shows = (*_TALLIED, "no_trigger")
        counts = ", ".join(f"coalesce(sum({Query(show=show).clause()}), 0) AS {show}" for show in shows)
        row = self._db.execute(
            f"SELECT count(*) AS 'all', {counts} FROM pictures WHERE decision <> 'reject'",
            [trigger],
        ).fetchone()
        found = {key: int(row[key]) for key in row.keys()}  # noqa: SIM118 (a Row iterates over values)
        return found if trigger else found | {"no_trigger": 0}

    def stamp(self) -> str:
        """A short text that changes whenever a picture, caption, decision, flag, file or the trigger changes."""
        row = self._db.execute(
            "SELECT (SELECT coalesce(max(id), 0) FROM pictures), (SELECT coalesce(max(id), 0) FROM journal), "
            "(SELECT count(*) FROM files), (SELECT count(*) FROM flags), "
            "(SELECT coalesce(sum(picture_id * 31 + place), 0) FROM duplicate_members), "
            "(SELECT coalesce(max(value), '') FROM settings WHERE key = 'trigger')"
        ).fetchone()
        *numbers, trigger = row
        return "-".join(str(value) for value in [*numbers, crc32(trigger.encode())])


def _stored(value: object, fact: str) -> object:
    if fact == "notes":
        return json.dumps(list(value or ()))  # type: ignore[call-overload]
    if value is None:
        return "" if fact.endswith("hash") or fact.startswith("phash") else 0
    return value


def _picture(row: sqlite3.Row) -> Picture:
    values = {column.name: row[column.name] for column in dataclasses.fields(Picture)}
    for name, kind in (("notes", list), ("tags", list), ("extra", dict)):
        values[name] = decoded(values[name], kind, f"picture {row['id']}, {name}")
    values["notes"], values["tags"] = tuple(values["notes"]), tuple(values["tags"])
    values["has_alpha"] = bool(values["has_alpha"])
    return Picture(**values)
