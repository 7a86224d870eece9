"""Find files that end early or are broken inside, where decoders look away.

Pillow does not check the checksums of PNG picture data and words a cut-off file differently in every format.
"""

from __future__ import annotations

import struct
import zlib

from studio.pictures.reasons import damaged, truncated


def check_whole(data: bytes, kind: str) -> None:
    """Refuse a file that ends early or has a wrong checksum, for the formats that allow to tell beforehand.

    Raises:
        UnreadablePicture: code `truncated` or `damaged`.
    """
    if kind == "PNG":
        _check_png(data)
    elif kind in ("WEBP", "AVIF", "HEIF") and ends_early(data, kind):
        raise truncated()


def ends_early(data: bytes, kind: str) -> bool:
    """Tell from the container alone whether bytes are missing at the end."""
    if kind == "WEBP":
        return len(data) < 12 or 8 + struct.unpack("<I", data[4:8])[0] > len(data)
    if kind in ("AVIF", "HEIF"):
        return _boxes_end_early(data)
    if kind == "JPEG":
        return b"\xff\xd9" not in data[-4096:]
    if kind == "GIF":
        return not data.rstrip(b"\x00").endswith(b";")
    if kind == "BMP":
        return len(data) < 54 or struct.unpack("<I", data[2:6])[0] > len(data)
    if kind == "TIFF":
        return _tiff_ends_early(data)
    return False


def _check_png(data: bytes) -> None:
    """Walk all chunks: each must be complete, with the right checksum, and IEND must come."""
    view = memoryview(data)
    position = 8
    while position + 12 <= len(data):
        length, name = struct.unpack(">I4s", view[position : position + 8])
        end = position + 12 + length
        if end > len(data):
            raise truncated()
        (checksum,) = struct.unpack(">I", view[end - 4 : end])
        # Text and metadata chunks (lower-case first letter) are not needed for the picture.
        if name[:1].isupper() and zlib.crc32(view[position + 4 : end - 4]) != checksum:
            raise damaged("a PNG checksum is wrong")
        if name == b"IEND":
            return
        position = end
    raise truncated()


def _boxes_end_early(data: bytes) -> bool:
    position = 0
    while position + 8 <= len(data):
        length = int.from_bytes(data[position : position + 4], "big")
        if length == 0:  # the last box runs to the end of the file
            return False
        if length == 1:
            length = int.from_bytes(data[position + 8 : position + 16], "big")
        if length < 8 or position + length > len(data):
            return True
        position += length
    return False


def _tiff_ends_early(data: bytes) -> bool:
    if len(data) < 16:
        return True
    order = "<" if data[:2] == b"II" else ">"
    is_big = data[2:4] in (b"+\x00", b"\x00+")
    (first_page,) = struct.unpack(order + "Q", data[8:16]) if is_big else struct.unpack(order + "I", data[4:8])
    return first_page + 2 > len(data)
