"""Open training pictures safely and cut them to a bucket. Pillow only, no torch."""

import hashlib
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from training.data.buckets import Bucket, crop_to_fill
from training.errors import DataError

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "AVIF")
MAX_PIXELS = 100_000_000
_TURNED = (5, 6, 7, 8)  # EXIF orientations in which width and height change places
_ORIENTATION = 0x0112


def picture_size(path: Path, place: str = "") -> tuple[int, int]:
    """Width and height in pixels as the picture stands upright, from the file's header alone.

    Raises: DataError when the file is no picture that can be used.
    """
    with _opened(path, place) as picture:
        width, height = picture.size
        if _orientation(picture) in _TURNED:
            return height, width
        return width, height


def load_picture(path: Path, bucket: Bucket) -> np.ndarray:
    """The picture upright, in RGB on white, cut and resized to `bucket`: uint8 [height, width, 3].

    Raises: DataError when the file is damaged.
    """
    with _opened(path) as picture:
        orientation = _orientation(picture)
        try:
            # Decode first: after a caught fault a second load would quietly give half a picture.
            picture.load()
        except Exception as error:
            raise _damaged(str(path), error) from error
        upright = _upright(picture, orientation)
        flat = _on_white(upright)
    if flat.size != (bucket.width, bucket.height):
        box = crop_to_fill(flat.width, flat.height, bucket)
        flat = flat.resize(
            (bucket.width, bucket.height),
            Image.Resampling.LANCZOS,
            box=(box.left, box.top, box.right, box.bottom),
        )
    return np.asarray(flat, dtype=np.uint8)


def picture_digest(path: Path) -> str:
    """Sha256 of the file's bytes, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _opened(path: Path, place: str = "") -> Image.Image:
    where = f"{place}: {path.name}" if place else str(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(path, formats=FORMATS)
    except Exception as error:
        raise _damaged(where, error) from error
    if picture.width * picture.height > MAX_PIXELS:
        raise DataError(f"{where} has {picture.width}x{picture.height} px, too many to open safely. Make it smaller.")
    return picture


def _damaged(where: str, error: Exception) -> DataError:
    return DataError(f"{where} cannot be opened as a picture ({error}). Replace the file or remove its line.")


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:
        # Damaged EXIF says nothing about the pixels; those are checked when they are decoded.
        return 1


def _upright(picture: Image.Image, orientation: int) -> Image.Image:
    return ImageOps.exif_transpose(picture) if 2 <= orientation <= 8 else picture


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I") or picture.mode == "F":
        return _from_deep_grey(picture)
    if "A" in picture.getbands() or "transparency" in picture.info:
        coloured = picture.convert("RGBA")
        ground = Image.new("RGBA", coloured.size, "white")
        return Image.alpha_composite(ground, coloured).convert("RGB")
    return picture.convert("RGB")


def _from_deep_grey(picture: Image.Image) -> Image.Image:
    """16-bit greyscale to RGB; Pillow's own conversion clips instead of scaling."""
    values = np.asarray(picture, dtype=np.float64)
    top = 65535.0 if values.max(initial=0) > 255 else 255.0
    return Image.fromarray((values / top * 255).clip(0, 255).astype(np.uint8)).convert("RGB")
