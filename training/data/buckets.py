"""Aspect buckets: the few picture sizes a model is trained at, and the crop that fills one. Pure numbers."""

import math
from dataclasses import dataclass

from training.errors import ConfigError


@dataclass(frozen=True, order=True)
class Bucket:
    """A size in pixels that pictures are cut to, so that a batch holds one shape."""

    width: int
    height: int

    @property
    def name(self) -> str:
        """The size as people write it, for instance 48x80."""
        return f"{self.width}x{self.height}"


@dataclass(frozen=True)
class CropBox:
    """The part of a picture that stays, in its own pixels, and the share (0 to 1) of its area that is lost."""

    left: int
    top: int
    right: int
    bottom: int
    cut_fraction: float


def buckets_around(resolution: int, step: int, max_aspect: float = 2.0) -> list[Bucket]:
    """All sizes in multiples of `step` px that hold about `resolution` x `resolution` pixels, never more.

    The longer side is at most `max_aspect` times the shorter one. Each size is there upright and lying; narrow to
    wide.
    Raises: ConfigError when no such size exists.
    """
    if step < 1 or resolution < step or max_aspect < 1:
        raise ConfigError(
            f"No bucket fits resolution {resolution}, step {step} and aspect {max_aspect}: the resolution must be "
            "at least the step, and the aspect at least 1. Raise the resolution."
        )
    side = resolution // step * step
    buckets = {Bucket(side, side)}
    for short in range(step, side, step):
        long = resolution * resolution // short // step * step
        if long <= max_aspect * short:
            buckets |= {Bucket(short, long), Bucket(long, short)}
    return sorted(buckets)


def nearest_bucket(width: int, height: int, buckets: list[Bucket]) -> Bucket:
    """The bucket whose aspect is nearest to `width` x `height`; of equals the larger, then the wider one.

    Raises: ConfigError when there is nothing to choose from or the picture has no area.
    """
    if not buckets or width < 1 or height < 1:
        raise ConfigError(f"A picture of {width}x{height} px fits none of {len(buckets)} buckets. Leave it out.")
    aspect = math.log(width / height)

    def distance(bucket: Bucket) -> tuple[float, int, int]:
        # Rounded, so that mirror images of one aspect tie in spite of floating point.
        difference = round(abs(math.log(bucket.width / bucket.height) - aspect), 9)
        return difference, -bucket.width * bucket.height, -bucket.width

    return min(buckets, key=distance)


def crop_to_fill(width: int, height: int, bucket: Bucket, focus: tuple[float, float] = (0.5, 0.5)) -> CropBox:
    """The largest part of a `width` x `height` picture with the bucket's aspect, as near to `focus` as it can be.

    `focus` is a point in fractions of width and height (0 to 1).
    Raises: ConfigError when the picture has no area.
    """
    if width < 1 or height < 1:
        raise ConfigError(f"A picture of {width}x{height} px cannot be cropped. Leave it out.")
    scale = min(width / bucket.width, height / bucket.height)
    box_width = max(1, min(width, round(bucket.width * scale)))
    box_height = max(1, min(height, round(bucket.height * scale)))
    left = _place(width, box_width, focus[0])
    top = _place(height, box_height, focus[1])
    cut = 1.0 - box_width * box_height / (width * height)
    return CropBox(left, top, left + box_width, top + box_height, cut)


def _place(length: int, box: int, focus: float) -> int:
    start = round(min(max(focus, 0.0), 1.0) * length - box / 2)
    return min(max(start, 0), length - box)
