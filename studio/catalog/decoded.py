"""JSON in a row of the catalog, read so that a broken one names its row."""

from __future__ import annotations

import json
from typing import Any

from studio.errors import CatalogDamaged


def decoded(text: object, kind: type, where: str) -> Any:
    """The value that `text` holds; `where` names row and column, `kind` what it must be (`object`: anything).

    Raises: CatalogDamaged when it is no JSON, or JSON of another kind.
    """
    try:
        value = json.loads(text)  # type: ignore[arg-type]
        if not isinstance(value, kind):
            raise TypeError(f"{type(value).__name__} instead of {kind.__name__}")
    except (ValueError, TypeError, RecursionError) as error:
        raise CatalogDamaged(
            f"The catalog's entry for {where} cannot be read ({error}). Restore the catalog from a backup."
        ) from error
    return value
