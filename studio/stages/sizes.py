"""What size pictures are trained at: resolution, aspect buckets, and what each picture loses at its edges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from studio.catalog import Catalog, Change, Picture
from studio.catalog.record import Applied
from studio.errors import BadInput
from studio.pictures.crop import CropPlan, plan_crop
from studio.pictures.edit import Edit
from studio.stages.flags import refresh_flags
from studio.workspace import Dataset

DEFAULT_MAX_ASPECT = 2.0
_LARGEST = 4096


@dataclass(frozen=True, slots=True)
class TrainingSize:
    """`resolution` is the side in pixels of a square picture; bucket sides are multiples of `step`.

    `upscale` enlarges pictures that do not fill their bucket, instead of giving them a smaller one.
    """

    resolution: int
    step: int
    max_aspect: float = DEFAULT_MAX_ASPECT
    upscale: bool = False


@dataclass(frozen=True, slots=True)
class SizePlan:
    """The cut of every picture that is not rejected. `rows` are (picture id, plan) ordered by name.

    `buckets` counts pictures by size ("64x64"), `largest_cut` is the largest share (0 to 1) that a picture
    loses, `too_small` are ids of pictures that do not fill their bucket: they get a smaller one, or are enlarged
    with `upscale`.
    """

    resolution: int
    step: int
    max_aspect: float
    upscale: bool
    rows: list[tuple[int, CropPlan]]
    buckets: dict[str, int]
    largest_cut: float
    too_small: list[int]


def plan_sizes(
    dataset: Dataset, resolution: int | None = None, step: int | None = None, max_aspect: float | None = None
) -> SizePlan:
    """Plan the cut of every picture that is not rejected; None takes the dataset's setting or the base model's.

    Raises: BadInput for a resolution out of range; TrainingError when the settings allow no bucket.
    """
    with dataset.catalog() as catalog:
        size = training_size(catalog, resolution)
        size = replace(size, step=step or size.step, max_aspect=max_aspect or size.max_aspect)
        rows = [(picture.id, plan_picture(picture, size)) for picture in catalog.pictures.each()]
    return SizePlan(
        resolution=size.resolution,
        step=size.step,
        max_aspect=size.max_aspect,
        upscale=size.upscale,
        rows=rows,
        buckets=dict(Counter(plan.bucket.name for _, plan in rows)),
        largest_cut=max((plan.cut_fraction for _, plan in rows), default=0.0),
        too_small=[number for number, plan in rows if plan.reduced_bucket or plan.upscaled],
    )


def training_size(catalog: Catalog, resolution: int | None = None) -> TrainingSize:
    """The size that this dataset is exported at.

    Raises: BadInput for a resolution out of range.
    """
    from training import detect_family  # late: it reads the base model's files

    family = detect_family(str(catalog.settings.get("base_model", "pocket")))
    wanted = resolution or int(catalog.settings.get("resolution") or family.resolution)
    checked_resolution(wanted)
    aspect = float(catalog.settings.get("max_aspect") or DEFAULT_MAX_ASPECT)
    return TrainingSize(wanted, family.bucket_step, aspect, bool(catalog.settings.get("upscale", False)))


def plan_picture(picture: Picture, size: TrainingSize) -> CropPlan:
    """The cut of one picture."""
    edit = picture_edit(picture)
    return plan_crop(
        picture.width, picture.height, edit, size.resolution, size.step, size.max_aspect, upscale=size.upscale
    )


def picture_edit(picture: Picture) -> Edit:
    """The picture's edit; one that changes nothing when none is set."""
    return Edit.from_json(picture.edit) if picture.edit else Edit()


def set_resolution(dataset: Dataset, resolution: int) -> None:
    """Remember the side in pixels that this dataset is trained at; "too small" flags follow.

    Raises: BadInput for a resolution out of range.
    """
    checked_resolution(resolution)
    with dataset.catalog() as catalog:
        catalog.settings.set("resolution", resolution)
    refresh_flags(dataset)


def set_upscale(dataset: Dataset, upscale: bool) -> None:
    """Remember whether pictures that do not fill their bucket are enlarged, instead of getting a smaller bucket."""
    with dataset.catalog() as catalog:
        catalog.settings.set("upscale", upscale)


def set_edit(dataset: Dataset, ids: Iterable[int], edit: Edit) -> Applied:
    """Set the same crop, rotation and focus for pictures; an edit that changes nothing clears it."""
    return set_edits(dataset, dict.fromkeys(ids, edit))


def set_edits(dataset: Dataset, edits: Mapping[int, Edit]) -> Applied:
    """Set crop, rotation and focus by picture number, as one operation."""
    changes = [Change(number, "edit", "" if edit.is_empty else edit.to_json()) for number, edit in edits.items()]
    with dataset.catalog() as catalog:
        return catalog.journal.apply(changes, label="Crop or turn")


def checked_resolution(resolution: int) -> None:
    """Raises: BadInput when no model is trained at this size."""
    if not 16 <= resolution <= _LARGEST:
        raise BadInput(f"Resolution {resolution} px is out of range. Use 16 to {_LARGEST}.")
