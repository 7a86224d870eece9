"""Which operation an undo or a redo means."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence

from studio.errors import NothingToDo

_FIELDS = ("caption", "suggestion", "decision", "edit", "split", "tags", "licence", "author", "repeats")
_NOW = "CASE j.field " + " ".join(f"WHEN '{name}' THEN CAST(p.{name} AS TEXT)" for name in _FIELDS) + " END"
"""The value that the journalled field of a picture holds now."""


def newest(db: sqlite3.Connection, fields: Sequence[str], by: Collection[str]) -> sqlite3.Row | None:
    """The newest operation that was not taken back and of which something still stands to be taken back."""
    whose, authors = _one_of("o.by", by)
    touches, names = _one_of("j.field", fields)
    return db.execute(
        f"SELECT * FROM ops o WHERE undone_by IS NULL AND undoes IS NULL {whose} AND EXISTS (SELECT 1 FROM journal j "
        f"JOIN pictures p ON p.id = j.picture_id WHERE j.op_id = o.id AND j.kept = 1 {touches} AND {_NOW} = j.new) "
        "ORDER BY id DESC LIMIT 1",
        [*authors, *names],
    ).fetchone()


def named(db: sqlite3.Connection, op_id: int) -> sqlite3.Row:
    """The operation of this number.

    Raises: NothingToDo when there is none, or it was taken back already.
    """
    row = db.execute("SELECT * FROM ops WHERE id = ?", [op_id]).fetchone()
    if row is None:
        raise NothingToDo(f"There is no operation {op_id}. `concept-studio history` lists them with their numbers.")
    if row["undone_by"]:
        raise NothingToDo(
            f"Operation {op_id} ({row['label']}) was taken back already, by operation {row['undone_by']}."
        )
    return row


def with_its_run(db: sqlite3.Connection, op: sqlite3.Row) -> list[sqlite3.Row]:
    """The operation, or every operation of its run that was not taken back, newest first."""
    if not op["run"]:
        return [op]
    return db.execute("SELECT * FROM ops WHERE run = ? AND undone_by IS NULL ORDER BY id DESC", [op["run"]]).fetchall()


def newest_undone(db: sqlite3.Connection, fields: Sequence[str], by: Collection[str]) -> sqlite3.Row | None:
    """The newest undo (`id`) and the label of what it took back, if nothing new was done after it."""
    touches, names = _one_of("j.field", fields)
    touched = f"EXISTS (SELECT 1 FROM journal j WHERE j.op_id = o.id AND j.kept = 1 {touches})"
    taken, authors = _one_of("t.by", by)
    done, _ = _one_of("o.by", by)
    return db.execute(
        "SELECT o.id, t.label FROM ops o JOIN ops t ON t.id = o.undoes "
        f"WHERE o.undone_by IS NULL AND t.undoes IS NULL {taken} AND {touched} AND o.id > "
        f"(SELECT coalesce(max(o.id), 0) FROM ops o WHERE o.undoes IS NULL {done} AND {touched}) "
        "ORDER BY o.id DESC LIMIT 1",
        [*authors, *names, *authors, *names],
    ).fetchone()


def _one_of(column: str, values: Collection[str]) -> tuple[str, list[str]]:
    """A condition on a column with its values; none when any value will do."""
    return (f"AND {column} IN ({', '.join('?' * len(values))})" if values else "", list(values))
