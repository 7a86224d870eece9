"""All facts about a picture from one read and one decode."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import numpy as np
from PIL import Image

from studio.errors import UnreadablePicture
from studio.pictures import hashes, statistics
from studio.pictures.facts import THUMBNAIL_SIDE, PictureFacts, Refusal
from studio.pictures.open import Decoded, decode
from studio.pictures.read import read_file
from studio.pictures.reasons import out_of_memory

# Exact size does not matter for the numbers, and photos are decoded several times faster at this one.
MEASURED_SIDE = 512


def measure(path: Path) -> PictureFacts:
    """Read a file once, decode it once, and return everything worth knowing. The file is not touched.

    Raises:
        UnreadablePicture: the file cannot be read or is no whole picture of a known format.
    """
    outcome = measure_or_refuse(path)
    if isinstance(outcome, Refusal):
        raise UnreadablePicture(outcome.code, outcome.cause, outcome.advice, path.name)
    return outcome


def measure_or_refuse(path: Path) -> PictureFacts | Refusal:
    """Do the same as `measure`, but return a file's fault as a refusal that still holds what could be learned."""
    size, mtime, sha256 = -1, -1, ""
    try:
        content = read_file(path)
        size, mtime = len(content.data), content.mtime_ns
        sha256 = hashlib.sha256(content.data).hexdigest()
        return _facts(decode(content.data, MEASURED_SIDE), sha256, size, mtime)
    except UnreadablePicture as error:
        return Refusal(error.code, error.cause, error.advice, sha256, size, mtime)
    except MemoryError:
        full = out_of_memory()
        return Refusal(full.code, full.cause, full.advice, sha256, size, mtime)


def thumbnail(image: Image.Image) -> bytes:
    """Return a small WebP of an RGB picture, longest side at most 320 px."""
    small = image.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=82, method=2)
    return buffer.getvalue()


def _facts(decoded: Decoded, sha256: str, size_bytes: int, mtime_ns: int) -> PictureFacts:
    image = decoded.image
    grey = image.convert("L")
    luma = np.asarray(grey, dtype=np.float32)
    content = hashes.content_mask(grey)
    return PictureFacts(
        sha256=sha256,
        size_bytes=size_bytes,
        mtime_ns=mtime_ns,
        format=decoded.format,
        mode=decoded.mode,
        width=decoded.width,
        height=decoded.height,
        frames=decoded.frames,
        has_alpha=decoded.has_alpha,
        notes=decoded.notes,
        phash=hashes.phash(grey),
        phash_mirrored=hashes.phash(hashes.mirrored(grey)),
        phash_trimmed=hashes.phash(hashes.trimmed(grey, content)),
        dhash=hashes.dhash(grey),
        sharpness=round(statistics.sharpness(luma), 2),
        brightness=round(float(luma.mean()), 2),
        contrast=round(float(luma.std()), 2),
        entropy=round(statistics.entropy(luma), 3),
        saturation=round(statistics.saturation(image), 4),
        ink=round(float(content.mean()), 4),
        thumbnail=thumbnail(image),
    )
