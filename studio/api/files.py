"""Files that an ingest met and could not use, each with its reason."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from studio.api import fields
from studio.errors import BadInput
from studio.workspace import open_dataset

_STATES = frozenset({"refused", "ignored", "copy"})
_SHOWN = 1000


def files(request: Request) -> dict[str, Any]:
    """Names and reasons of the files in one state, `refused` by default; the first 1000 and how many there are."""
    state = fields.text(request.query_params, "state", "refused")
    if state not in _STATES:
        raise BadInput("state is refused, ignored or copy. Reload the page.")
    with open_dataset(fields.text(request.query_params, "dataset")).catalog() as catalog:
        rows = catalog.files.in_state(state)
    shown = [{"name": row.name, "bytes": row.size_bytes, "reason": row.reason} for row in rows[:_SHOWN]]
    return {"total": len(rows), "files": shown}
