"""Tell what a file is from its first bytes; names and extensions are never believed."""

from __future__ import annotations

from studio.errors import UnreadablePicture

_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}

_PICTURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
)
_CAMERA_RAW = (b"FUJIFILMCCD-RAW", b"IIU\x00", b"IIRO", b"IIRS", b"MMOR", b"FOVb")
_TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_AS_PNG = "Save it as PNG in the program that made it"
_OTHERS = (
    (b"%PDF", "a PDF document", "Export its pages as PNG or JPEG"),
    (b"%!PS", "a PostScript file", "Export it as PNG"),
    (b"8BPS", "a Photoshop file", "Export it as PNG or TIFF from Photoshop"),
    (b"gimp xcf", "a GIMP file", "Export it as PNG from GIMP"),
    (b"\x00\x00\x00\x0cjP", "a JPEG 2000 picture", "Convert it to PNG"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture", "Convert it to PNG"),
    (b"\x00\x00\x00\x0cJXL", "a JPEG XL picture", "Convert it to PNG"),
    (b"\xff\x0a", "a JPEG XL picture", "Convert it to PNG"),
    (b"\x00\x00\x01\x00", "an icon file", _AS_PNG),
    (b"\x76\x2f\x31\x01", "an OpenEXR picture", _AS_PNG),
    (b"#?RADIANCE", "a Radiance HDR picture", _AS_PNG),
    (b"DDS ", "a DDS texture", _AS_PNG),
    (b"qoif", "a QOI picture", "Convert it to PNG"),
    (b"PK\x03\x04", "a zip archive", "Unpack it and add the folder"),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first"),
    (b"Rar!", "a rar archive", "Unpack it and add the folder"),
    (b"7z\xbc\xaf", "a 7z archive", "Unpack it and add the folder"),
    (b"\x1aE\xdf\xa3", "a video", "Save single frames as PNG"),
)


def picture_kind(data: bytes) -> str:
    """Return Pillow's name of the format: JPEG, PNG, GIF, BMP, TIFF, WEBP, AVIF or HEIF.

    Raises:
        UnreadablePicture: the bytes are empty, no picture, or a format that is not read here.
    """
    if not data:
        raise UnreadablePicture("empty", "the file is empty (0 bytes)", "Copy it again or remove it.")
    if data.startswith(_CAMERA_RAW) or (data.startswith(_TIFF) and data[8:10] == b"CR"):
        raise camera_raw()
    for start, kind in _PICTURES:
        if data.startswith(start):
            return kind
    if data.startswith(_TIFF):
        return "TIFF"
    if data.startswith(b"RIFF"):
        return _kind_of_riff(data)
    if data[4:8] == b"ftyp":
        return _kind_of_ftyp(data)
    raise _not_a_picture(data)


def camera_raw() -> UnreadablePicture:
    """Return the error for a raw camera file, whose only ready picture is a small preview."""
    return unsupported("a raw camera file", "Develop it and save it as JPEG or TIFF")


def unsupported(what: str, advice: str) -> UnreadablePicture:
    """Return the error for a format that is known but not read here."""
    return UnreadablePicture("unsupported", f"this is {what}, which is not read here", f"{advice}.")


def _kind_of_riff(data: bytes) -> str:
    if data[8:12] == b"WEBP":
        return "WEBP"
    raise unsupported("a sound or video file", "Remove it or save single frames as PNG")


def _kind_of_ftyp(data: bytes) -> str:
    length = int.from_bytes(data[:4], "big")
    box = data[8 : min(max(length, 16), 512)]
    brands = {box[0:4]} | {box[start : start + 4] for start in range(8, len(box), 4)}
    if brands & _AVIF_BRANDS:
        return "AVIF"
    if brands & _HEIF_BRANDS:
        return "HEIF"
    if b"crx " in brands:
        raise camera_raw()
    raise unsupported("a video", "Save single frames as PNG")


def _not_a_picture(data: bytes) -> UnreadablePicture:
    for start, what, advice in _OTHERS:
        if data.startswith(start):
            return unsupported(what, advice)
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<svg") or (head.startswith((b"<?xml", b"<!--", b"<!doctype svg")) and b"<svg" in head):
        return unsupported("an SVG drawing", "Export it as PNG in a drawing program, at the size you train with")
    if head.startswith((b"<!doctype html", b"<html")):
        cause = "this is a web page, not a picture"
        return UnreadablePicture("not_a_picture", cause, "Download the picture itself.")
    what = "text" if _looks_like_text(data[:1024]) else "no picture of a known format"
    return UnreadablePicture("not_a_picture", f"the content is {what}", "Remove it or put the picture in its place.")


def _looks_like_text(head: bytes) -> bool:
    return b"\x00" not in head and sum(byte < 9 or 13 < byte < 32 for byte in head) == 0
