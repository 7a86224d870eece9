"""Reasons to look at a picture, computed from its facts: too small, blurred, dark, bright, odd shape, empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Facts(Protocol):
    """What the rules need to know; `PictureFacts` and catalog rows both have it."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def sharpness(self) -> float: ...
    @property
    def brightness(self) -> float: ...
    @property
    def contrast(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the rules draw their lines.

    min_side_share: the shorter side must be at least this share of the target resolution. 1 means no upscaling.
    min_sharpness: below it a picture counts as blurred. Crisp drawings have 400 and more, photos 100 and more.
    min_brightness: mean luma (0 to 255) below which a picture is dark.
    max_brightness: mean luma above which it is bright.
    drawn_contrast: contrast from which a dark or bright picture is taken for a drawing on black or white paper,
        which is as it should be, and gets neither flag.
    max_aspect: how many times longer than the other a side may be before the shape is odd.
    min_contrast: standard deviation of luma below which there is nothing to see.
    """

    min_side_share: float = 1.0
    min_sharpness: float = 30.0
    min_brightness: float = 35.0
    max_brightness: float = 230.0
    drawn_contrast: float = 40.0
    max_aspect: float = 2.5
    min_contrast: float = 5.0


DEFAULT_THRESHOLDS = Thresholds()

THRESHOLD_WORDS = {
    "min_side_share": "shortest side as a share of the resolution",
    "min_sharpness": "below it a picture is blurred",
    "min_brightness": "below it (0 to 255) a picture is dark",
    "max_brightness": "above it a picture is bright",
    "drawn_contrast": "from this contrast on, dark or bright is a drawing's paper",
    "max_aspect": "long by short side, above it the shape is odd",
    "min_contrast": "below it there is nothing to see",
}
"""What each threshold means, for people who set it."""

FLAG_NAMES = ("too_small", "blurred", "dark", "bright", "odd_shape", "empty")


@dataclass(frozen=True, slots=True)
class FlagFound:
    """One flag: the measured value, the threshold it missed, and a sentence that shows both."""

    name: str
    value: float
    threshold: float
    sentence: str


def flags_for(
    facts: Facts, thresholds: Thresholds = DEFAULT_THRESHOLDS, target_resolution: int = 512
) -> list[FlagFound]:
    """Return the flags of one picture in the order of FLAG_NAMES; an empty list for a good one.

    An empty picture gets no other flag about its looks, since they all follow from that.
    """
    found = [_too_small(facts, thresholds, target_resolution), _odd_shape(facts, thresholds)]
    empty = _empty(facts, thresholds)
    if empty is not None:
        found.append(empty)
    else:
        found += [_blurred(facts, thresholds), _dark(facts, thresholds), _bright(facts, thresholds)]
    flags = [flag for flag in found if flag is not None]
    return sorted(flags, key=lambda flag: FLAG_NAMES.index(flag.name))


def _too_small(facts: Facts, thresholds: Thresholds, target_resolution: int) -> FlagFound | None:
    side, least = min(facts.width, facts.height), thresholds.min_side_share * target_resolution
    if side >= least:
        return None
    sentence = f"too small: the shorter side has {side} px, at least {least:g} px are needed"
    return FlagFound("too_small", side, least, sentence)


def _odd_shape(facts: Facts, thresholds: Thresholds) -> FlagFound | None:
    aspect = max(facts.width, facts.height) / max(1, min(facts.width, facts.height))
    if aspect <= thresholds.max_aspect:
        return None
    sentence = f"odd shape: one side is {aspect:.1f} times the other, up to {thresholds.max_aspect:g} is usual"
    return FlagFound("odd_shape", aspect, thresholds.max_aspect, sentence)


def _empty(facts: Facts, thresholds: Thresholds) -> FlagFound | None:
    if facts.contrast >= thresholds.min_contrast:
        return None
    sentence = f"nothing to see: contrast is {facts.contrast:.1f}, at least {thresholds.min_contrast:g} is usual"
    return FlagFound("empty", facts.contrast, thresholds.min_contrast, sentence)


def _blurred(facts: Facts, thresholds: Thresholds) -> FlagFound | None:
    if facts.sharpness >= thresholds.min_sharpness:
        return None
    sentence = f"blurred: sharpness is {facts.sharpness:.0f}, at least {thresholds.min_sharpness:g} is usual"
    return FlagFound("blurred", facts.sharpness, thresholds.min_sharpness, sentence)


def _dark(facts: Facts, thresholds: Thresholds) -> FlagFound | None:
    if facts.brightness >= thresholds.min_brightness or facts.contrast >= thresholds.drawn_contrast:
        return None
    sentence = f"dark: brightness is {facts.brightness:.0f} of 255, at least {thresholds.min_brightness:g} is usual"
    return FlagFound("dark", facts.brightness, thresholds.min_brightness, sentence)


def _bright(facts: Facts, thresholds: Thresholds) -> FlagFound | None:
    if facts.brightness <= thresholds.max_brightness or facts.contrast >= thresholds.drawn_contrast:
        return None
    sentence = f"bright: brightness is {facts.brightness:.0f} of 255, up to {thresholds.max_brightness:g} is usual"
    return FlagFound("bright", facts.brightness, thresholds.max_brightness, sentence)
