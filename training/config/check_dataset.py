"""Are the pictures and captions fit for this training?"""

from typing import Literal

from training.config.check import Check, some_names
from training.config.run_config import RunConfig
from training.data.buckets import buckets_around, crop_to_fill, nearest_bucket
from training.data.pictures import picture_digest
from training.data.read_dataset import Dataset, Row
from training.errors import ConfigError
from training.families.info import FamilyInfo

FEW_PICTURES = 5
HEAVY_CUT = 0.3  # share of a picture


def check_captions(config: RunConfig, dataset: Dataset, info: FamilyInfo) -> list[Check]:
    """Every picture needs words, unless fixed sentences stand in for them."""
    method = config.method
    if method.method == "textual-inversion" and method.text == "templates":
        return [Check("ok", "Captions", "Fixed sentences are used instead of captions.")]
    empty = [row.file_name for row in dataset.train if not row.text.strip()]
    if not empty:
        return [Check("ok", "Captions", f"All {len(dataset.train)} training pictures have one.")]
    level: Literal["warning", "error"] = (
        "error" if len(empty) == len(dataset.train) and method.method == "lora" else "warning"
    )
    detail = f"{len(empty)} of {len(dataset.train)} training pictures have none: {some_names(empty)}."
    return [Check(level, "Missing captions", detail, "Caption them and export again.")]


def check_pictures(config: RunConfig, dataset: Dataset, info: FamilyInfo) -> list[Check]:
    """Pictures smaller than their bucket are blown up, and odd shapes lose a part."""
    resolution = config.data.resolution or info.resolution
    step = config.data.bucket_step or info.bucket_step
    try:
        buckets = buckets_around(resolution, step, 2.0 if config.data.keep_aspect else 1.0)
    except ConfigError as error:
        return [Check("error", "Resolution", str(error), "Raise data.resolution.")]
    if step % info.bucket_step:
        detail = f"{info.label} needs sides in multiples of {info.bucket_step} px, but data.bucket_step is {step}."
        return [
            Check("error", "Picture sizes", detail, f"Set data.bucket_step to {info.bucket_step} or leave it empty.")
        ]
    small, cut = [], []
    for row in dataset.train:
        bucket = nearest_bucket(row.width, row.height, buckets)
        box = crop_to_fill(row.width, row.height, bucket)
        if box.right - box.left < bucket.width * 0.95:
            small.append(row.file_name)
        if box.cut_fraction > HEAVY_CUT:
            cut.append(row.file_name)
    return [*_size_checks(small, cut, len(dataset.train), resolution), *_resolution_check(resolution, info)]


def check_splits(config: RunConfig, dataset: Dataset, info: FamilyInfo) -> list[Check]:
    """Few pictures are learned by heart, and without held-out ones nobody sees it happen."""
    checks = []
    if len(dataset.train) < FEW_PICTURES:
        detail = f"Only {len(dataset.train)} training pictures: they are soon learned by heart."
        checks.append(Check("warning", "Few pictures", detail, "Add pictures, 15 or more if you can."))
    if dataset.validation:
        leaked = _in_both(dataset)
        detail = f"{len(dataset.validation)} held-out pictures measure the progress."
        checks.append(Check("ok", "Validation", detail))
        if leaked:
            detail = f"{len(leaked)} pictures are in both splits: {some_names(leaked)}."
            checks.append(Check("warning", "Leaking split", detail, "Split again, so that the numbers can be trusted."))
    elif config.validation.every:
        detail = "No pictures are held out, so there is no validation loss and no best checkpoint."
        checks.append(Check("warning", "Validation", detail, "Split the dataset and export again."))
    return checks


def _size_checks(small: list[str], cut: list[str], total: int, resolution: int) -> list[Check]:
    checks = []
    if small:
        detail = f"{len(small)} of {total} are smaller than they are trained at and get blurred: {some_names(small)}."
        checks.append(Check("warning", "Small pictures", detail, "Leave them out or find larger ones."))
    if cut:
        detail = f"{len(cut)} of {total} lose more than {HEAVY_CUT:.0%} of their area: {some_names(cut)}."
        checks.append(Check("warning", "Cut pictures", detail, "Crop them by hand first, or leave them out."))
    return checks or [Check("ok", "Picture sizes", f"All {total} fill {resolution} px without loss of much.")]


def _resolution_check(resolution: int, info: FamilyInfo) -> list[Check]:
    if 0.7 <= resolution / info.resolution <= 1.5:
        return []
    detail = f"{info.label} was made for {info.resolution} px, and data.resolution is {resolution}."
    return [Check("warning", "Resolution", detail, f"Set data.resolution to {info.resolution}.")]


def _in_both(dataset: Dataset) -> list[str]:
    """Held-out pictures whose very bytes are trained on; only files of equal size are read."""
    sizes: dict[int, list[Row]] = {}
    for row in dataset.train:
        sizes.setdefault(row.path.stat().st_size, []).append(row)
    return [
        row.file_name
        for row in dataset.validation
        if picture_digest(row.path) in {picture_digest(other.path) for other in sizes.get(row.path.stat().st_size, [])}
    ]
