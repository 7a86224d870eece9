"""Perceptual hashes: 64 bits that stay close when a picture is resized, re-encoded or slightly edited."""

from __future__ import annotations

import imagehash
import numpy as np
from PIL import Image, ImageOps

# A pixel whose luma is this far from the background's belongs to the content.
CONTENT_STEP = 32


def phash(grey: Image.Image) -> str:
    """Return the DCT hash of a greyscale picture as 16 hex digits."""
    return str(imagehash.phash(grey))


def dhash(grey: Image.Image) -> str:
    """Return the gradient hash of a greyscale picture as 16 hex digits; it judges by other features than phash."""
    return str(imagehash.dhash(grey))


def mirrored(grey: Image.Image) -> Image.Image:
    """Return the picture as seen in a mirror."""
    return ImageOps.mirror(grey)


def content_mask(grey: Image.Image) -> np.ndarray:
    """Return which pixels differ clearly from the background, as a boolean (height, width) array.

    The background is the median of the outermost pixels.
    """
    luma = np.asarray(grey, dtype=np.int16)
    edge = np.concatenate([luma[0], luma[-1], luma[:, 0], luma[:, -1]])
    return np.abs(luma - int(np.median(edge))) >= CONTENT_STEP


def trimmed(grey: Image.Image, content: np.ndarray) -> Image.Image:
    """Return the part of the picture that holds its content, or all of it when there is none.

    Two pictures of the same drawing with different margins look alike after this.
    """
    rows, columns = np.flatnonzero(content.any(axis=1)), np.flatnonzero(content.any(axis=0))
    if len(rows) < 2 or len(columns) < 2:
        return grey
    return grey.crop((int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1))
