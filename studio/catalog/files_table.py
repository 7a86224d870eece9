"""Every file an ingest ever saw, so that a second ingest does no work and no file passes in silence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from studio.catalog.record import FileRow


class FileTable:
    """One row a file, keyed by absolute path."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def put(self, rows: Iterable[FileRow]) -> None:
        """Insert or replace rows."""
        self._db.executemany(
            "INSERT INTO files (path, name, size_bytes, mtime_ns, sha256, state, reason) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET name = excluded.name, "
            "size_bytes = excluded.size_bytes, mtime_ns = excluded.mtime_ns, sha256 = excluded.sha256, "
            "state = excluded.state, reason = excluded.reason",
            [(r.path, r.name, r.size_bytes, r.mtime_ns, r.sha256, r.state, r.reason) for r in rows],
        )

    def known(self) -> dict[str, tuple[int, int]]:
        """Path to (size in bytes, mtime in ns) of every file seen."""
        rows = self._db.execute("SELECT path, size_bytes, mtime_ns FROM files")
        return {row[0]: (row[1], row[2]) for row in rows}

    def get(self, path: str) -> FileRow | None:
        row = self._db.execute("SELECT * FROM files WHERE path = ?", [path]).fetchone()
        return _file(row) if row else None

    def remove(self, paths: Iterable[str]) -> None:
        """Forget files that are gone from the disk."""
        self._db.executemany("DELETE FROM files WHERE path = ?", [(path,) for path in paths])

    def in_state(self, *states: str) -> list[FileRow]:
        """Rows in any of these states, ordered by name."""
        marks = ", ".join("?" * len(states))
        rows = self._db.execute(f"SELECT * FROM files WHERE state IN ({marks}) ORDER BY name, path", states)
        return [_file(row) for row in rows]

    def of_picture(self, sha256: str) -> list[FileRow]:
        """Every file with these bytes."""
        rows = self._db.execute("SELECT * FROM files WHERE sha256 = ? ORDER BY state = 'copy', path", [sha256])
        return [_file(row) for row in rows]

    def count(self, state: str) -> int:
        """How many files stand in one state."""
        return int(self._db.execute("SELECT count(*) FROM files WHERE state = ?", [state]).fetchone()[0])

    def counts(self) -> dict[str, int]:
        """How many files stand in each state."""
        return dict(self._db.execute("SELECT state, count(*) FROM files GROUP BY state").fetchall())


def _file(row: sqlite3.Row) -> FileRow:
    return FileRow(**{key: row[key] for key in row.keys()})  # noqa: SIM118 (a Row iterates over values)
