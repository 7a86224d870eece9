"""A non-destructive instruction for one picture: rotate, crop, focus point. Rendered only on export."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from studio.errors import BadInput

ROTATIONS = (0, 90, 180, 270)
SMALLEST_CROP = 0.01 - 1e-9  # a hair less, so that rounding refuses nobody


@dataclass(frozen=True, slots=True)
class Edit:
    """Rotate first, crop second, then keep `focus` in view when the crop is fitted to a bucket.

    `rotate` is clockwise in degrees. `crop` is (left, top, right, bottom) and `focus` is (x, y), all as
    fractions 0 to 1 of the upright, rotated picture; `focus` counts within the crop.

    Raises:
        BadInput: a number is out of range or the crop has no area.
    """

    crop: tuple[float, float, float, float] | None = None
    rotate: int = 0
    focus: tuple[float, float] = (0.5, 0.5)

    def __post_init__(self) -> None:
        if self.rotate not in ROTATIONS:
            raise BadInput(f"rotate is {self.rotate!r}, but must be one of 0, 90, 180, 270 degrees.")
        if len(self.focus) != 2 or not all(0 <= value <= 1 for value in self.focus):
            raise BadInput(f"focus is {self.focus!r}, but must be two fractions between 0 and 1.")
        if self.crop is not None:
            _check_crop(self.crop)

    @property
    def is_empty(self) -> bool:
        """True when the edit changes nothing."""
        return self == Edit()

    def to_json(self) -> str:
        """Return the edit as canonical JSON, the same bytes for the same edit."""
        crop = None if self.crop is None else list(self.crop)
        content = {"crop": crop, "focus": list(self.focus), "rotate": self.rotate}
        return json.dumps(content, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Edit:
        """Read an edit back.

        Raises:
            BadInput: the text is no JSON object of this shape.
        """
        try:
            content = json.loads(text)
            unknown = set(content) - {"crop", "rotate", "focus"}
            crop = content.get("crop")
            edit = cls(
                crop=None if crop is None else _numbers(crop, 4),  # type: ignore[arg-type]
                rotate=content.get("rotate", 0),
                focus=_numbers(content.get("focus", (0.5, 0.5)), 2),  # type: ignore[arg-type]
            )
        except (ValueError, TypeError, AttributeError) as error:
            raise BadInput(f"An edit cannot be read ({error}). Set the crop again.") from error
        if unknown:
            raise BadInput(f"An edit has unknown parts: {', '.join(sorted(unknown))}.")
        return edit


def _numbers(values: Any, count: int) -> tuple[float, ...]:
    numbers = tuple(float(value) for value in values)
    if len(numbers) != count:
        raise ValueError(f"{count} numbers expected, {len(numbers)} found")
    return numbers


def _check_crop(crop: tuple[float, float, float, float]) -> None:
    if len(crop) != 4 or not all(0 <= value <= 1 for value in crop):
        raise BadInput(f"crop is {crop!r}, but must be four fractions between 0 and 1.")
    left, top, right, bottom = crop
    if right - left < SMALLEST_CROP or bottom - top < SMALLEST_CROP:
        raise BadInput(f"crop is {crop!r}, which leaves less than one percent of a side. Draw it larger.")
