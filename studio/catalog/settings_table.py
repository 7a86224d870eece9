"""Settings of one dataset: trigger, concept, resolution, thresholds. JSON values by name."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from studio.catalog.decoded import decoded


class SettingsTable:
    """A small key-value table; unknown names simply answer the default."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a setting.

        Raises: CatalogDamaged when what is stored is no JSON.
        """
        row = self._db.execute("SELECT value FROM settings WHERE key = ?", [key]).fetchone()
        return decoded(row[0], object, f"the setting {key}") if row else default

    def names(self) -> list[str]:
        """The names that were set."""
        return [row[0] for row in self._db.execute("SELECT key FROM settings ORDER BY key")]

    def set(self, key: str, value: Any) -> None:
        self._db.execute(
            "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [key, json.dumps(value)],
        )
