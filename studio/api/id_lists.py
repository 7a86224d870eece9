"""Views live on the server: the ordered ids behind a filter, kept so that the grid can ask for any page of it.

A view stays as it was made: a card that no longer matches the filter keeps its place until the view is made anew.
"""

from __future__ import annotations

import secrets
import threading
from array import array
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from studio.catalog import Catalog, Query

_KEPT = 16


@dataclass(frozen=True, slots=True)
class IdList:
    """One view: its name, the filter it answers, and the picture ids in order."""

    name: str
    catalog_path: Path
    query: Query
    ids: array[int]


class IdLists:
    """The views in use, newest last; the oldest go."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._kept = kept
        self._lists: OrderedDict[str, IdList] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str, path: Path, query: Query) -> IdList | None:
        """The view of this name, if it is still known and answers this filter."""
        with self._lock:
            found = self._lists.get(name)
            if found is None or (found.catalog_path, found.query) != (path, query):
                return None
            self._lists.move_to_end(name)
            return found

    def make(self, catalog: Catalog, path: Path, query: Query) -> IdList:
        """Run the filter and keep its answer under a new name."""
        made = IdList(secrets.token_hex(6), path, query, array("q", catalog.pictures.ids(query)))
        with self._lock:
            self._lists[made.name] = made
            while len(self._lists) > self._kept:
                self._lists.popitem(last=False)
        return made
