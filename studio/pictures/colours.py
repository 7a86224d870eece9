"""Turn every colour layout into plain sRGB: palettes, greys, 16 bits, CMYK, alpha, embedded profiles."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
from PIL import Image, ImageCms

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)

_GREY_DEEP = ("I;16", "I;16L", "I;16B", "I;16N", "I", "F")
_PROFILE_MODES = ("RGB", "L", "CMYK")


def to_rgb(image: Image.Image, background: Colour = WHITE) -> tuple[Image.Image, bool, list[str]]:
    """Return the picture as RGB, whether any pixel was transparent, and notes on what was done.

    The result is a new picture; `image` must be loaded and keeps its pixels.
    """
    notes: list[str] = []
    profile = image.info.get("icc_profile")
    if image.mode in _GREY_DEEP:
        return _from_deep_grey(image, notes), False, notes
    if _may_be_transparent(image):
        return _flatten(image, background, profile, notes)
    if image.mode in ("P", "1", "YCbCr", "HSV"):
        notes.extend(["palette converted to RGB"] if image.mode == "P" else [])
        image = image.convert("RGB")
    if image.mode == "LAB":
        notes.append("LAB colours converted to sRGB")
        return _lab_to_rgb(image), False, notes
    return _apply_profile(image, profile, notes), False, notes


def _may_be_transparent(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info


def _flatten(
    image: Image.Image, background: Colour, profile: bytes | None, notes: list[str]
) -> tuple[Image.Image, bool, list[str]]:
    if image.mode in ("P", "PA"):
        notes.append("palette converted to RGB")
    with_alpha = image.convert("LA").convert("RGBA") if image.mode == "La" else image.convert("RGBA")
    alpha = with_alpha.getchannel("A")
    colours = with_alpha.convert("RGB")
    # A grey profile cannot be applied to pixels that are RGB by now.
    colours = _apply_profile(colours, profile, notes)
    if alpha.getextrema()[0] == 255:
        return colours, False, notes
    flat = Image.new("RGB", image.size, background)
    flat.paste(colours, mask=alpha)
    name = "white" if background == WHITE else "#{:02x}{:02x}{:02x}".format(*background)
    notes.append(f"transparency flattened on {name}")
    return flat, True, notes


def _from_deep_grey(image: Image.Image, notes: list[str]) -> Image.Image:
    """Scale 16-bit, 32-bit and float greys to 8 bits without clipping."""
    values = np.asarray(image)
    if image.mode == "F":
        values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    if image.mode.startswith("I;16") or (image.mode == "I" and low >= 0 and high <= 65535):
        low, high = 0.0, 65535.0
        notes.append("16-bit grey scaled to 8 bits")
    elif image.mode == "F" and low >= 0 and high <= 1:
        low, high = 0.0, 1.0
        notes.append("floating-point grey scaled to 8 bits")
    else:
        notes.append(f"grey values {low:g} to {high:g} stretched to 8 bits")
    scaled = (values.astype(np.float32) - low) * (255.0 / max(high - low, 1e-9))
    return Image.fromarray(np.rint(scaled).clip(0, 255).astype(np.uint8)).convert("RGB")


def _apply_profile(image: Image.Image, profile: bytes | None, notes: list[str]) -> Image.Image:
    if image.mode == "CMYK":
        notes.append("CMYK converted to sRGB")
    elif image.mode == "L":
        notes.append("greyscale converted to RGB")
    if profile and image.mode in _PROFILE_MODES:
        converted = _convert_with_profile(image, profile, notes)
        if converted is not None:
            return converted
    return image.convert("RGB")


def _convert_with_profile(image: Image.Image, profile: bytes, notes: list[str]) -> Image.Image | None:
    """Return the picture in sRGB, or None when its profile changes nothing, is broken or is for other colours."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        name = (source.profile.profile_description or "unnamed").strip()
        if source.profile.xcolor_space.strip() != {"L": "GRAY"}.get(image.mode, image.mode):
            return None
        if name.lower().startswith("srgb"):
            return None
        converted = ImageCms.profileToProfile(image, source, _srgb(), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError, AttributeError):
        notes.append("colour profile unreadable, ignored")
        return None
    notes.append(f"colour profile {name!r} converted to sRGB")
    return converted


def _lab_to_rgb(image: Image.Image) -> Image.Image:
    lab = ImageCms.createProfile("LAB")
    converted = ImageCms.profileToProfile(image, lab, _srgb(), outputMode="RGB")
    assert converted is not None  # only an in-place conversion returns None
    return converted


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
