"""What is known about a picture after one read and one decode, or why there is nothing to know."""

from __future__ import annotations

from dataclasses import dataclass

THUMBNAIL_SIDE = 320

REFUSAL_CODES = {
    "empty": "the file has no bytes",
    "not_a_picture": "the bytes are no picture of a known format",
    "unsupported": "a picture or document format that is not read here",
    "truncated": "the file ends early",
    "damaged": "the decoder found broken data",
    "too_many_pixels": "more pixels than the limit",
    "too_big": "more bytes than the limit",
    "missing": "the file is gone",
    "not_a_file": "a folder, a device or a link that leads nowhere",
    "no_permission": "the file may not be read",
    "disk": "the disk refused the read",
    "time": "reading took longer than the limit",
    "memory": "reading took more memory than the limit",
    "crash": "the decoder died",
}

# Not the file's fault for certain: worth another try at the next ingest although the file has not changed.
TRANSIENT_CODES = frozenset({"missing", "no_permission", "disk", "time", "memory", "crash"})


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """All facts of one picture file.

    `width` and `height` are those of the upright full-size picture in pixels. `mode` is Pillow's mode before
    the conversion to RGB. Hashes are 64 bits as 16 hex digits. `brightness` and `contrast` are mean and
    standard deviation of luma (0 to 255), `entropy` is in bits (0 to 8), `saturation` is a share (0 to 1),
    `ink` the share of pixels that differ clearly from the background, `sharpness` the variance of the
    Laplacian at a normalised size (0 for a flat picture, no upper end). `thumbnail` is a WebP, longest side
    320 px.
    """

    sha256: str
    size_bytes: int
    mtime_ns: int
    format: str
    mode: str
    width: int
    height: int
    frames: int
    has_alpha: bool
    notes: tuple[str, ...]
    phash: str
    phash_mirrored: str
    phash_trimmed: str
    dhash: str
    sharpness: float
    brightness: float
    contrast: float
    entropy: float
    saturation: float
    ink: float
    thumbnail: bytes


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file cannot be used. `code` is a key of REFUSAL_CODES.

    `sha256` is empty when the bytes could not be read.
    `size_bytes` and `mtime_ns` are -1 when the file could not even be looked at.
    """

    code: str
    cause: str
    advice: str
    sha256: str = ""
    size_bytes: int = -1
    mtime_ns: int = -1

    @property
    def sentence(self) -> str:
        """Cause and advice as they are shown to a user."""
        return f"{self.cause}. {self.advice}"
