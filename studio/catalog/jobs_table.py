"""Jobs in the catalog: what runs, how far it is, and whether someone asked it to stop."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping

from studio.catalog.decoded import decoded
from studio.catalog.record import Job
from studio.errors import JobAlreadyRunning


class JobTable:
    """One row a job; at most one active job of a kind, kept by the database itself."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, job_id: str, kind: str, args: Mapping[str, object], started_at: str, heartbeat: float) -> None:
        """Add a job in state `starting`.

        Raises: JobAlreadyRunning when one of this kind is active.
        """
        try:
            self._db.execute(
                "INSERT INTO jobs (id, kind, state, args, started_at, heartbeat) VALUES (?, ?, 'starting', ?, ?, ?)",
                [job_id, kind, json.dumps(dict(args)), started_at, heartbeat],
            )
        except sqlite3.IntegrityError as error:
            raise JobAlreadyRunning(
                f"A {kind} job is already running on this dataset. Wait for it, or stop it first."
            ) from error

    def update(self, job_id: str, **values: object) -> None:
        """Set columns of a job (state, pid, done, total, message, ...)."""
        if "result" in values:
            values["result"] = json.dumps(values["result"])
        names = ", ".join(f"{name} = ?" for name in values)
        self._db.execute(f"UPDATE jobs SET {names} WHERE id = ?", [*values.values(), job_id])

    def get(self, job_id: str) -> Job | None:
        row = self._db.execute("SELECT * FROM jobs WHERE id = ?", [job_id]).fetchone()
        return _job(row) if row else None

    def all(self, limit: int = 50) -> list[Job]:
        """Newest first."""
        rows = self._db.execute("SELECT * FROM jobs ORDER BY started_at DESC, rowid DESC LIMIT ?", [limit])
        return [_job(row) for row in rows]

    def ids(self) -> list[str]:
        """Every job there ever was."""
        return [row[0] for row in self._db.execute("SELECT id FROM jobs ORDER BY started_at")]

    def active(self) -> list[Job]:
        rows = self._db.execute("SELECT * FROM jobs WHERE state IN ('starting', 'running') ORDER BY started_at")
        return [_job(row) for row in rows]

    def latest(self, kind: str) -> Job | None:
        row = self._db.execute(
            "SELECT * FROM jobs WHERE kind = ? ORDER BY started_at DESC, rowid DESC LIMIT 1", [kind]
        ).fetchone()
        return _job(row) if row else None

    def stop_requested(self, job_id: str) -> bool:
        row = self._db.execute("SELECT stop_requested FROM jobs WHERE id = ?", [job_id]).fetchone()
        return bool(row and row[0])


def _job(row: sqlite3.Row) -> Job:
    values = {key: row[key] for key in row.keys()}  # noqa: SIM118 (a Row iterates over values)
    values["args"] = decoded(values["args"], dict, f"job {row['id']}, args")
    values["result"] = decoded(values["result"], dict, f"job {row['id']}, result")
    values["stop_requested"] = bool(values["stop_requested"])
    return Job(**values)
