"""One picture in detail for the loupe: facts, flags, history, and what the trainer will see of it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from studio.api import fields
from studio.api.thumbnails import original
from studio.catalog import Picture
from studio.errors import PictureNotFound
from studio.pictures.crop import CropPlan
from studio.pictures.render import preview
from studio.stages.sizes import picture_edit, plan_picture, training_size
from studio.workspace import open_dataset

CROP_PREVIEW_SIDE = 1024
HISTORY_LINES = 100


def picture(request: Request) -> dict[str, Any]:
    """Facts, flags with their sentences, file names, history newest first, and the crop in numbers."""
    values = request.query_params
    dataset = open_dataset(fields.text(values, "dataset"))
    number = fields.number(values, "id")
    with dataset.catalog() as catalog:
        found = catalog.pictures.get(number)
        if found is None:
            raise PictureNotFound(f"No picture {number} in {dataset.name}. Reload the page.")
        return {
            "id": found.id,
            "facts": _facts(found),
            "files": [row.name for row in catalog.files.of_picture(found.sha256)],
            "flags": [flag.sentence for flag in catalog.findings.flags_of([number]).get(number, [])],
            "group": catalog.findings.group_of(number),
            "history": [
                {"at": e.at, "label": e.label, "by": e.by, "field": e.field, "old": e.old, "new": e.new}
                for e in catalog.journal.history(number)[:HISTORY_LINES]
            ],
            "crop": _crop_numbers(plan_picture(found, training_size(catalog))),
        }


def crop(request: Request) -> Response:
    """A WebP of what an export will hold of this picture; not cached, because settings change it."""
    dataset = open_dataset(request.path_params["dataset"])
    found, data = original(dataset, fields.sha256(request.path_params["sha"]))
    with dataset.catalog() as catalog:
        plan = plan_picture(found, training_size(catalog))
    image = preview(data, picture_edit(found), plan, CROP_PREVIEW_SIDE)
    return Response(image, media_type="image/webp", headers={"Cache-Control": "no-store"})


def _crop_numbers(plan: CropPlan) -> dict[str, Any]:
    return {
        "width": plan.bucket.width,
        "height": plan.bucket.height,
        "cut": round(plan.cut_fraction, 4),
        "upscaled": plan.upscaled,
        "reduced": plan.reduced_bucket,
    }


def _facts(picture: Picture) -> dict[str, Any]:
    return {
        "name": picture.name,
        "width": picture.width,
        "height": picture.height,
        "format": picture.format,
        "bytes": picture.size_bytes,
        "sharpness": round(picture.sharpness),
        "brightness": round(picture.brightness),
        "notes": list(picture.notes),
        "sha": picture.sha256,
    }
