"""The journal: every change of a caption or decision, who made it, and the way back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from studio.catalog import undo_target
from studio.catalog.connection import transaction
from studio.catalog.record import HUMAN, Applied, Change, ChangeResult, HistoryEntry, Operation

_NOTE_COLUMN = {"caption": "caption_by", "suggestion": "suggestion_by", "decision": "decision_reason"}
"""The column beside a field that says who or why; its old value is journalled too."""


class Journal:
    """The only writer of captions, suggestions, decisions, edits, splits and tags."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def apply(
        self,
        changes: Iterable[Change],
        *,
        by: str = "you",
        label: str,
        client: str | None = None,
        seq: int | None = None,
        replace_human: bool = False,
        run: str = "",
    ) -> Applied:
        """Apply one operation in one transaction; what it answers as done is on disk.

        `client` and `seq` make a repeated request harmless: the first answer is given again. A caption
        change with a stale `old_rev` is a conflict: the catalog keeps its text, the refused one is journalled.
        A machine (`by` not in HUMAN) never replaces human text unless `replace_human`: its text becomes the
        picture's suggestion. Operations that carry the same `run` are taken back together.
        """
        with transaction(self._db):
            earlier = self._answered(client, seq)
            if earlier:
                return earlier
            op_id = self._open_op(label, by, client, seq, run=run)
            results = [self._change(op_id, change, by, replace_human) for change in changes]
            return self._close_op(op_id, results, repeatable=client is not None)

    def undo(self, op_id: int | None = None, fields: Sequence[str] = (), by: Collection[str] = ()) -> Applied | None:
        """Take one operation back: the one named, else the newest, by anyone or by the authors in `by`.

        All batches of a run go back together. A value changed since by another operation is left alone and
        answered as a conflict; an operation of which nothing could be taken back does not count as undone.
        Returns None when there is nothing to undo. Undoing an undo brings the operation back (redo).

        Raises: NothingToDo when the operation named does not exist or was taken back already.
        """
        with transaction(self._db):
            found = undo_target.newest(self._db, fields, by) if op_id is None else undo_target.named(self._db, op_id)
            if found is None:
                return None
            undo_id = self._open_op(f"Undo: {found['label']}", "you", None, None, undoes=found["id"])
            results = []
            for target in undo_target.with_its_run(self._db, found):
                results += self._take_back_all(undo_id, target["id"])
            applied = replace(self._close_op(undo_id, results, repeatable=True), label=found["label"])
            if applied.changed:
                return applied
            self._db.execute("DELETE FROM ops WHERE id = ?", [undo_id])
            return replace(applied, op_id=0)

    def history(self, picture_id: int) -> list[HistoryEntry]:
        """Every version ever held, newest first; refused texts are labelled so."""
        rows = self._db.execute(
            "SELECT j.*, o.at, o.label, o.by FROM journal j JOIN ops o ON o.id = j.op_id "
            "WHERE j.picture_id = ? ORDER BY j.id DESC",
            [picture_id],
        )
        return [
            HistoryEntry(
                row["op_id"], row["at"], row["label"] if row["kept"] else f"{row['label']} (not kept: changed since)",
                row["by"], row["field"], row["old"], row["new"],
            )
            for row in rows
        ]  # fmt: skip

    def operations(self, limit: int = 50) -> list[Operation]:
        """The operations, newest first; the batches of a run count as one, under the newest one's number."""
        rows = self._db.execute(
            "SELECT max(o.id) AS op_id, max(o.at) AS at, o.by, o.label, count(DISTINCT j.picture_id) AS pictures, "
            "min(o.undone_by IS NOT NULL) AS undone FROM ops o LEFT JOIN journal j ON j.op_id = o.id AND j.kept = 1 "
            "GROUP BY CASE o.run WHEN '' THEN o.id ELSE o.run END ORDER BY 1 DESC LIMIT ?",
            [limit],
        )
        return [
            Operation(row["op_id"], row["at"], row["by"], row["label"], row["pictures"], bool(row["undone"]))
            for row in rows
        ]

    def last(self, fields: Sequence[str] = (), by: Collection[str] = ()) -> tuple[int, str] | None:
        """The operation that `undo` would take back: its number and label."""
        found = undo_target.newest(self._db, fields, by)
        return (found["id"], found["label"]) if found else None

    def last_undone(self, fields: Sequence[str] = (), by: Collection[str] = ()) -> tuple[int, str] | None:
        """The undo that `undo(number)` would take back (redo): its number and the label of what comes again.

        None once something new was done after it: going forward again would then mix two histories.
        """
        found = undo_target.newest_undone(self._db, fields, by)
        return (found["id"], found["label"]) if found else None

    def pictures_of(self, op_id: int) -> list[int]:
        """The pictures that an operation changed, together with the other batches of its run."""
        rows = self._db.execute(
            "SELECT DISTINCT picture_id FROM journal WHERE kept = 1 AND op_id IN (SELECT id FROM ops WHERE id = ?1 "
            "OR (run <> '' AND run = (SELECT run FROM ops WHERE id = ?1)))",
            [op_id],
        )
        return [row[0] for row in rows]

    def captions_changed_since(self, journal_id: int) -> int:
        """How many pictures had a caption change after this journal entry."""
        row = self._db.execute(
            "SELECT count(DISTINCT picture_id) FROM journal WHERE field = 'caption' AND kept = 1 AND id > ?",
            [journal_id],
        )
        return int(row.fetchone()[0])

    def newest(self) -> int:
        """The number of the newest journal entry, 0 when there is none."""
        return int(self._db.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()[0])

    def _answered(self, client: str | None, seq: int | None) -> Applied | None:
        if client is None:
            return None
        row = self._db.execute("SELECT id, results FROM ops WHERE client = ? AND seq = ?", [client, seq]).fetchone()
        if row is None:
            return None
        return Applied(row["id"], tuple(ChangeResult(*result) for result in json.loads(row["results"])))

    def _open_op(
        self, label: str, by: str, client: str | None, seq: int | None, undoes: int | None = None, run: str = ""
    ) -> int:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        cursor = self._db.execute(
            "INSERT INTO ops (at, label, by, client, seq, undoes, run) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [at, label, by, client, seq, undoes, run],
        )
        return int(cursor.lastrowid or 0)

    def _close_op(self, op_id: int, results: list[ChangeResult], repeatable: bool) -> Applied:
        nothing = all(result.state in ("same", "gone") for result in results)
        if nothing and not repeatable:
            self._db.execute("DELETE FROM ops WHERE id = ?", [op_id])
            return Applied(0, tuple(results))
        if repeatable:
            stored = json.dumps([(r.picture_id, r.field, r.state, r.value, r.rev) for r in results])
            self._db.execute("UPDATE ops SET results = ? WHERE id = ?", [stored, op_id])
        return Applied(op_id, tuple(results))

    def _change(self, op_id: int, change: Change, by: str, replace_human: bool) -> ChangeResult:
        field, author = change.field, by if change.by is None else change.by
        row = self._db.execute("SELECT * FROM pictures WHERE id = ?", [change.picture_id]).fetchone()
        if row is None:
            return ChangeResult(change.picture_id, field, "gone", "", 0)
        if field == "caption" and change.old_rev is not None and change.old_rev != row["caption_rev"]:
            if change.value == row["caption"]:
                return ChangeResult(change.picture_id, field, "same", row["caption"], row["caption_rev"])
            self._record(op_id, row, field, change.value, author, kept=False)
            return ChangeResult(change.picture_id, field, "conflict", row["caption"], row["caption_rev"])
        locked = row["caption"] and row["caption_by"] in HUMAN and not replace_human
        if field == "caption" and by not in HUMAN and locked:
            field = "suggestion"
        note = author if field in ("caption", "suggestion") else change.reason
        return self._write(op_id, row, field, change.value, note)

    def _write(self, op_id: int, row: sqlite3.Row, field: str, value: str, note: str) -> ChangeResult:
        rev = row["caption_rev"]
        unchanged = str(row[field]) == value and (field != "caption" or row["caption_by"] == note)
        if unchanged:
            return ChangeResult(row["id"], field, "same", value, rev)
        taken = field == "caption" and value and row["suggestion"] == value
        if taken:  # journalled before the caption, so that an undo, which goes backwards, restores it after
            self._record(op_id, row, "suggestion", "", "")
        self._record(op_id, row, field, value, note)
        columns: dict[str, object] = {field: value}
        if field in _NOTE_COLUMN:
            columns[_NOTE_COLUMN[field]] = note if value else ""
        if field == "caption":
            rev += 1
            columns.update(caption_rev=rev, tokens=None)
        if taken:
            columns.update(suggestion="", suggestion_by="")
        names = ", ".join(f"{name} = ?" for name in columns)
        self._db.execute(f"UPDATE pictures SET {names} WHERE id = ?", [*columns.values(), row["id"]])
        return ChangeResult(row["id"], field, "ok", value, rev)

    def _record(self, op_id: int, row: sqlite3.Row, field: str, value: str, note: str, kept: bool = True) -> None:
        old_note = row[_NOTE_COLUMN[field]] if field in _NOTE_COLUMN else ""
        self._db.execute(
            "INSERT INTO journal (op_id, picture_id, field, old, new, old_note, new_note, kept) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [op_id, row["id"], field, str(row[field]), value, old_note, note, int(kept)],
        )

    def _take_back_all(self, undo_id: int, op_id: int) -> list[ChangeResult]:
        """Take back every change of an operation, and mark it so unless nothing of it could be."""
        entries = self._db.execute(
            "SELECT * FROM journal WHERE op_id = ? AND kept = 1 ORDER BY id DESC", [op_id]
        ).fetchall()
        results = [self._take_back(undo_id, entry) for entry in entries]
        if any(result.state == "ok" for result in results):
            self._db.execute("UPDATE ops SET undone_by = ? WHERE id = ?", [undo_id, op_id])
            self._db.execute("UPDATE ops SET undone_by = NULL WHERE undone_by = ?", [op_id])
        return results

    def _take_back(self, undo_id: int, entry: sqlite3.Row) -> ChangeResult:
        row = self._db.execute("SELECT * FROM pictures WHERE id = ?", [entry["picture_id"]]).fetchone()
        if str(row[entry["field"]]) != entry["new"]:
            return ChangeResult(row["id"], entry["field"], "conflict", str(row[entry["field"]]), row["caption_rev"])
        return self._write(undo_id, row, entry["field"], entry["old"], entry["old_note"])
