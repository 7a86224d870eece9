"""Render a picture exactly as an export holds it and a trainer sees it."""

from __future__ import annotations

import io

from PIL import Image

from studio.errors import BadInput
from studio.pictures.colours import WHITE, Colour
from studio.pictures.crop import CropPlan
from studio.pictures.edit import Edit
from studio.pictures.open import decode

# Pillow turns counter-clockwise; an edit counts clockwise.
_CLOCKWISE = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}


def render(data: bytes, edit: Edit, plan: CropPlan, background: Colour = WHITE) -> bytes:
    """Return the picture as a PNG of the bucket's size: sRGB, no alpha, no metadata, the same bytes every time.

    Raises:
        UnreadablePicture: the bytes are no whole picture.
        BadInput: the plan was made for a picture of another size.
    """
    buffer = io.BytesIO()
    _rendered(data, edit, plan, background).save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def preview(data: bytes, edit: Edit, plan: CropPlan, max_side: int, background: Colour = WHITE) -> bytes:
    """Return a WebP of what `render` makes, longest side at most `max_side` pixels.

    Raises:
        UnreadablePicture: the bytes are no whole picture.
        BadInput: the plan was made for a picture of another size.
    """
    image = _rendered(data, edit, plan, background)
    image.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=88, method=2)
    return buffer.getvalue()


def _rendered(data: bytes, edit: Edit, plan: CropPlan, background: Colour) -> Image.Image:
    image = decode(data, background=background).image
    if edit.rotate:
        image = image.transpose(_CLOCKWISE[edit.rotate])
    if plan.box[2] > image.width or plan.box[3] > image.height:
        raise BadInput(
            f"The crop {plan.box} does not lie in the picture of {image.width} x {image.height} px. Plan it again."
        )
    size = (plan.bucket.width, plan.bucket.height)
    return image.resize(size, Image.Resampling.LANCZOS, box=plan.box, reducing_gap=3.0)
