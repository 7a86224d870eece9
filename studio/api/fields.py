"""Take typed values out of requests, or say which one is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from studio.errors import BadInput

_SHA256 = re.compile(r"[0-9a-f]{64}")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def text(values: Mapping[str, Any], name: str, default: str | None = None, limit: int = 200) -> str:
    """A text of at most `limit` characters; required when there is no default."""
    value = values.get(name, default)
    if not isinstance(value, str) or len(value) > limit:
        raise BadInput(f"{name} must be a text of at most {limit} characters. Reload the page.")
    return storable(value)


def number(values: Mapping[str, Any], name: str, default: int | None = None, low: int = 0, high: int = 2**53) -> int:
    """A whole number from `low` to `high`; required when there is no default."""
    value = values.get(name, default)
    try:
        found = int(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise BadInput(f"{name} must be a whole number. Reload the page.") from error
    if isinstance(value, bool | float) or not low <= found <= high:
        raise BadInput(f"{name} must be a whole number from {low} to {high}. Reload the page.")
    return found


def sha256(value: str) -> str:
    """A picture's hash, 64 hex digits."""
    if not _SHA256.fullmatch(value):
        raise BadInput("A picture is named by the 64 hex digits of its sha256.")
    return value


def storable(value: str) -> str:
    """The text with halves of broken emoji replaced, which no file or database can hold."""
    return _LONE_SURROGATE.sub("\ufffd", value)
