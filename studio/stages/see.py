"""A picture as it will be used: upright, turned and cropped by its edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.catalog import Picture
from studio.pictures.open import decode
from studio.stages.render_rows import read_original
from studio.stages.sizes import picture_edit

if TYPE_CHECKING:
    from PIL import Image


def seen_picture(picture: Picture, max_side: int) -> Image.Image:
    """The picture in RGB with its edit applied; its longest side is at most `max_side` px before the crop.

    Raises: UnreadablePicture when the original is gone or changed; BadInput for an edit that cannot be read.
    """
    from PIL import Image

    image = decode(read_original(picture.source, picture.sha256), max_side).image
    edit = picture_edit(picture)
    if edit.rotate:
        # Pillow turns counter-clockwise; an edit counts clockwise.
        image = image.transpose(getattr(Image.Transpose, f"ROTATE_{360 - edit.rotate}"))
    if edit.crop:
        left, top, right, bottom = edit.crop
        box = (left * image.width, top * image.height, right * image.width, bottom * image.height)
        image = image.crop((round(box[0]), round(box[1]), max(round(box[2]), 1), max(round(box[3]), 1)))
    return image
