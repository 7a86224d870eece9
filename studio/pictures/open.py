"""Decode untrusted picture bytes into one upright RGB picture, or say why not.

Order matters: decode first, metadata second. After an exception in a metadata reader Pillow may return half a
picture without a word, so no object is used again once it raised.
"""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass

from PIL import Image, ImageCms

from studio.errors import UnreadablePicture
from studio.pictures.colours import WHITE, Colour, to_rgb
from studio.pictures.completeness import check_whole, ends_early
from studio.pictures.reasons import explain, out_of_memory, too_many_pixels
from studio.pictures.sniff import camera_raw, picture_kind

PIXEL_LIMIT = 100_000_000

# Pillow only warns between one and two times its own limit: make it the same limit, and an error.
Image.MAX_IMAGE_PIXELS = PIXEL_LIMIT
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

_ORIENTATION_TAG = 0x0112
_DNG_VERSION_TAG = 50706
_SUBFILE_TYPE_TAG = 254
_SUB_PAGES_TAG = 330
# What decoders raise for broken bytes; MemoryError is told apart by the caller.
_DECODER_ERRORS = (
    OSError, ValueError, SyntaxError, RuntimeError, EOFError, TypeError, KeyError, IndexError,
    AttributeError, OverflowError, ZeroDivisionError, AssertionError, struct.error, ImageCms.PyCMSError,
)  # fmt: skip
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDES_SWAPPED = (5, 6, 7, 8)


@dataclass(frozen=True, slots=True)
class Decoded:
    """One decoded picture: `image` is RGB and upright, `width` and `height` are the upright full size in pixels.

    `image` is smaller than that when `max_side` was given. `mode` is Pillow's mode in the file, `frames` counts
    animation frames or pages (the first is used), `has_alpha` says that some pixel was transparent, and `notes`
    say in plain words what was changed on the way to RGB.
    """

    image: Image.Image
    format: str
    mode: str
    width: int
    height: int
    frames: int
    has_alpha: bool
    notes: tuple[str, ...]


def decode(
    data: bytes,
    max_side: int | None = None,
    *,
    background: Colour = WHITE,
    pixel_limit: int = PIXEL_LIMIT,
) -> Decoded:
    """Decode picture bytes; the longest side is reduced to at most `max_side` pixels when that is given.

    Transparent pixels become `background`. JPEGs are decoded at a reduced size where `max_side` allows.

    Raises:
        UnreadablePicture: with a code, a cause and advice; for any bytes that do not give a whole picture.
    """
    kind = picture_kind(data)
    check_whole(data, kind)
    try:
        return _decode(data, kind, max_side, background, pixel_limit)
    except UnreadablePicture:
        raise
    except MemoryError as error:
        raise out_of_memory() from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_many_pixels("its pixels are", pixel_limit) from error
    except _DECODER_ERRORS as error:
        raise explain(error, kind, ends_early(data, kind)) from error


def _decode(data: bytes, kind: str, max_side: int | None, background: Colour, pixel_limit: int) -> Decoded:
    with _open(data, kind) as opened:
        size, mode = opened.size, opened.mode
        _check_before_decoding(opened, pixel_limit)
        if max_side is not None and kind == "JPEG":
            opened.draft(None, _fitted(size, max_side))
        else:
            opened.load()  # some HEIF files tell their true size only now
            size = opened.size
        opened.load()
        small = _shrunk(opened, size, max_side) if _may_shrink_first(opened) else opened
        pixels, has_alpha, notes = to_rgb(small, background)
        pixels = _shrunk(pixels, size, max_side)
        orientation = _orientation(opened, notes)
        frames = _count_frames(opened, notes)
    if orientation in _TURNS:
        pixels = pixels.transpose(_TURNS[orientation])
        notes.append("turned upright")
    if orientation in _SIDES_SWAPPED:
        size = size[1], size[0]
    pixels.info.clear()
    return Decoded(pixels, kind, mode, *size, frames, has_alpha, tuple(notes))


def _open(data: bytes, kind: str) -> Image.Image:
    if kind == "HEIF":
        from pillow_heif import register_heif_opener  # late: loading its codecs costs start-up time

        register_heif_opener()
    return Image.open(io.BytesIO(data), formats=[kind])


def _check_before_decoding(opened: Image.Image, pixel_limit: int) -> None:
    width, height = opened.size
    if width * height > pixel_limit:
        raise too_many_pixels(f"{width} x {height} pixels are", pixel_limit)
    tags = getattr(opened, "tag_v2", {})
    is_preview = tags.get(_SUBFILE_TYPE_TAG) == 1 and _SUB_PAGES_TAG in tags
    if _DNG_VERSION_TAG in tags or is_preview:
        raise camera_raw()


def _fitted(size: tuple[int, int], max_side: int) -> tuple[int, int]:
    """Return the size whose longest side is at most `max_side`, never larger than `size`."""
    scale = min(1.0, max_side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _may_shrink_first(image: Image.Image) -> bool:
    return image.mode in ("RGB", "RGBA", "L", "CMYK") and "transparency" not in image.info


def _shrunk(image: Image.Image, full_size: tuple[int, int], max_side: int | None) -> Image.Image:
    if max_side is None:
        return image
    target = _fitted(full_size, max_side)
    return image if image.size == target else image.resize(target, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _orientation(opened: Image.Image, notes: list[str]) -> int:
    """Return the EXIF orientation 1 to 8; 1 when there is none or it cannot be read."""
    try:
        value = opened.getexif().get(_ORIENTATION_TAG, 1)
    except _DECODER_ERRORS:
        notes.append("EXIF data unreadable, ignored")
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _count_frames(opened: Image.Image, notes: list[str]) -> int:
    try:
        frames = int(getattr(opened, "n_frames", 1))
    except _DECODER_ERRORS:
        notes.append("first frame used, the others are unreadable")
        return 1
    if frames > 1:
        notes.append(f"first of {frames} frames used")
    return max(frames, 1)
