"""Where a picture is cut and how it is scaled to fill a bucket. Pure numbers; the trainer owns the bucket rules."""

from __future__ import annotations

import math
from dataclasses import dataclass

from studio.pictures.edit import Edit
from training import Bucket, buckets_around, crop_to_fill, nearest_bucket


@dataclass(frozen=True, slots=True)
class CropPlan:
    """What will happen to one picture.

    `box` is (left, top, right, bottom) in pixels of the upright picture after the edit's rotation; it is scaled
    by `scale` to fill `bucket` (above 1 it gets larger). `cut_fraction` is the share of the upright picture's area
    that is lost, by the edit and by the bucket together. `upscaled` says that pixels had to be invented, and
    `reduced_bucket` that the picture got a smaller bucket instead.
    """

    bucket: Bucket
    box: tuple[int, int, int, int]
    scale: float
    cut_fraction: float
    upscaled: bool
    reduced_bucket: bool


def plan_crop(
    width: int,
    height: int,
    edit: Edit,
    resolution: int,
    step: int,
    max_aspect: float = 2.0,
    upscale: bool = False,
) -> CropPlan:
    """Plan the cut of an upright picture of `width` x `height` pixels.

    The edit comes first; what it leaves goes to the bucket of the nearest aspect around `resolution`, in multiples
    of `step`. A picture that does not fill it is enlarged when `upscale` is set. Otherwise its bucket shrinks: both
    sides lose as little as possible in whole steps, keeping the aspect as near as steps allow, until the picture
    fills it. A side is never shorter than one step, so a picture under one step is enlarged all the same and marked.

    Raises:
        TrainingError: the settings allow no bucket.
    """
    turned = (height, width) if edit.rotate in (90, 270) else (width, height)
    left, top, right, bottom = _edited(turned, edit)
    crop_width, crop_height = right - left, bottom - top
    wanted = nearest_bucket(crop_width, crop_height, buckets_around(resolution, step, max_aspect))
    bucket = wanted if upscale else _filled(wanted, crop_width, crop_height, step)
    cut = crop_to_fill(crop_width, crop_height, bucket, edit.focus)
    box = (left + cut.left, top + cut.top, left + cut.right, top + cut.bottom)
    box_width, box_height = box[2] - box[0], box[3] - box[1]
    return CropPlan(
        bucket=bucket,
        box=box,
        scale=max(bucket.width / box_width, bucket.height / box_height),
        cut_fraction=1.0 - (box_width * box_height) / (turned[0] * turned[1]),
        upscaled=bucket.width > box_width or bucket.height > box_height,
        reduced_bucket=bucket != wanted,
    )


def _edited(size: tuple[int, int], edit: Edit) -> tuple[int, int, int, int]:
    """Return the edit's crop in whole pixels, at least one pixel each way."""
    width, height = size
    if edit.crop is None:
        return 0, 0, width, height
    left = min(math.floor(edit.crop[0] * width + 0.5), width - 1)
    top = min(math.floor(edit.crop[1] * height + 0.5), height - 1)
    right = max(left + 1, math.floor(edit.crop[2] * width + 0.5))
    bottom = max(top + 1, math.floor(edit.crop[3] * height + 0.5))
    return left, top, right, bottom


def _filled(wanted: Bucket, width: int, height: int, step: int) -> Bucket:
    """Return the largest bucket of about the wanted aspect that a `width` x `height` picture fills."""
    if wanted.width <= width and wanted.height <= height:
        return wanted
    scale = min(width / wanted.width, height / wanted.height)
    return Bucket(
        max(step, math.floor(wanted.width * scale / step) * step),
        max(step, math.floor(wanted.height * scale / step) * step),
    )
