"""The catalog's schema as a list of steps that only grows: a released step is never edited."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from studio.catalog.connection import transaction
from studio.catalog.sqlite_errors import damaged
from studio.errors import CatalogDamaged

STEPS = [
    """
    CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);

    CREATE TABLE pictures (
        id INTEGER PRIMARY KEY,
        sha256 TEXT NOT NULL UNIQUE,
        source TEXT NOT NULL,
        name TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        format TEXT NOT NULL, mode TEXT NOT NULL,
        width INTEGER NOT NULL, height INTEGER NOT NULL,
        has_alpha INTEGER NOT NULL DEFAULT 0, frames INTEGER NOT NULL DEFAULT 1,
        notes TEXT NOT NULL DEFAULT '[]',
        phash TEXT NOT NULL DEFAULT '', phash_mirrored TEXT NOT NULL DEFAULT '',
        phash_trimmed TEXT NOT NULL DEFAULT '', dhash TEXT NOT NULL DEFAULT '',
        sharpness REAL NOT NULL DEFAULT 0, brightness REAL NOT NULL DEFAULT 0,
        contrast REAL NOT NULL DEFAULT 0, entropy REAL NOT NULL DEFAULT 0, saturation REAL NOT NULL DEFAULT 0,
        decision TEXT NOT NULL DEFAULT 'undecided', decision_reason TEXT NOT NULL DEFAULT '',
        caption TEXT NOT NULL DEFAULT '', caption_by TEXT NOT NULL DEFAULT '',
        caption_rev INTEGER NOT NULL DEFAULT 0,
        suggestion TEXT NOT NULL DEFAULT '', suggestion_by TEXT NOT NULL DEFAULT '',
        tokens INTEGER,
        edit TEXT NOT NULL DEFAULT '', split TEXT NOT NULL DEFAULT '',
        tags TEXT NOT NULL DEFAULT '[]', licence TEXT NOT NULL DEFAULT '', author TEXT NOT NULL DEFAULT '',
        repeats INTEGER NOT NULL DEFAULT 1, extra TEXT NOT NULL DEFAULT '{}'
    );
    CREATE INDEX pictures_by_name ON pictures (name, id);
    CREATE INDEX pictures_by_decision ON pictures (decision, id);

    CREATE TABLE files (
        path TEXT PRIMARY KEY, name TEXT NOT NULL,
        size_bytes INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
        sha256 TEXT NOT NULL DEFAULT '', state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX files_by_sha256 ON files (sha256);
    CREATE INDEX files_by_state ON files (state);

    CREATE TABLE ops (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, label TEXT NOT NULL, by TEXT NOT NULL,
        client TEXT, seq INTEGER, undoes INTEGER REFERENCES ops (id), undone_by INTEGER REFERENCES ops (id),
        results TEXT NOT NULL DEFAULT '[]'
    );
    CREATE UNIQUE INDEX ops_once ON ops (client, seq) WHERE client IS NOT NULL;

    CREATE TABLE journal (
        id INTEGER PRIMARY KEY,
        op_id INTEGER NOT NULL REFERENCES ops (id),
        picture_id INTEGER NOT NULL REFERENCES pictures (id),
        field TEXT NOT NULL,
        old TEXT NOT NULL, new TEXT NOT NULL,
        old_note TEXT NOT NULL DEFAULT '', new_note TEXT NOT NULL DEFAULT '',
        kept INTEGER NOT NULL DEFAULT 1
    );
    CREATE INDEX journal_by_op ON journal (op_id);
    CREATE INDEX journal_by_picture ON journal (picture_id, id);

    CREATE TABLE flags (
        picture_id INTEGER NOT NULL REFERENCES pictures (id),
        name TEXT NOT NULL, value REAL NOT NULL, threshold REAL NOT NULL, sentence TEXT NOT NULL,
        PRIMARY KEY (picture_id, name)
    ) WITHOUT ROWID;
    CREATE INDEX flags_by_name ON flags (name, picture_id);

    CREATE TABLE duplicate_groups (id INTEGER PRIMARY KEY, reason TEXT NOT NULL);
    CREATE TABLE duplicate_members (
        group_id INTEGER NOT NULL REFERENCES duplicate_groups (id),
        picture_id INTEGER NOT NULL UNIQUE REFERENCES pictures (id),
        place INTEGER NOT NULL, distance INTEGER NOT NULL, relation TEXT NOT NULL,
        suggestion TEXT NOT NULL, reason TEXT NOT NULL
    );
    CREATE INDEX members_by_group ON duplicate_members (group_id, place);

    CREATE TABLE jobs (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, args TEXT NOT NULL DEFAULT '{}',
        pid INTEGER NOT NULL DEFAULT 0, pid_created REAL NOT NULL DEFAULT 0,
        started_at TEXT NOT NULL, heartbeat REAL NOT NULL DEFAULT 0,
        done INTEGER NOT NULL DEFAULT 0, total INTEGER NOT NULL DEFAULT 0,
        message TEXT NOT NULL DEFAULT '', seconds_left REAL,
        stop_requested INTEGER NOT NULL DEFAULT 0, result TEXT NOT NULL DEFAULT '{}'
    );
    CREATE UNIQUE INDEX one_active_job_a_kind ON jobs (kind) WHERE state IN ('starting', 'running');
    """,
    """
    ALTER TABLE ops ADD COLUMN run TEXT NOT NULL DEFAULT '';
    CREATE INDEX ops_by_run ON ops (run) WHERE run <> '';
    """,
]


def upgrade(db: sqlite3.Connection, path: Path, new: bool) -> None:
    """Bring an opened catalog to the newest step; all steps and their mark land in one transaction.

    Only a `new` catalog may be blank: one that was there before and holds nothing has lost everything.

    Raises: CatalogDamaged when a newer version wrote it, or it is blank and not new.
    """
    version = _version(db)
    if version > len(STEPS):
        raise CatalogDamaged(
            f"{path}: was written by a newer Concept Studio (schema {version}, this one knows {len(STEPS)}). "
            "Update Concept Studio to open it."
        )
    if version == 0 and not new:
        raise damaged(path, "it holds no tables")
    if version == len(STEPS):
        return
    with transaction(db):
        for number, step in enumerate(STEPS[_version(db) :], start=_version(db) + 1):
            for statement in step.split(";"):
                if statement.strip():
                    db.execute(statement)
            db.execute(f"PRAGMA user_version = {number}")


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])
