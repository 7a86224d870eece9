"""Bytes that give no whole picture are refused with a code, a cause and advice; nothing else ever comes out."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from studio.errors import UnreadablePicture
from studio.pictures.facts import REFUSAL_CODES
from studio.pictures.open import decode
from studio.pictures.sniff import picture_kind

FORMATS = ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF"]


def refused(data: bytes) -> UnreadablePicture:
    with pytest.raises(UnreadablePicture) as caught:
        decode(data)
    assert caught.value.code in REFUSAL_CODES
    return caught.value


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_a_truncated_file_ends_early(photo, encode, kind, share):
    data = encode(photo, kind)
    error = refused(data[: max(30, int(len(data) * share))])
    assert error.code == "truncated" and "ends early" in str(error)


def test_a_truncated_progressive_jpeg_ends_early(photo, encode):
    data = encode(photo, "JPEG", progressive=True)
    for share in (0.3, 0.6, 0.9):
        assert refused(data[: int(len(data) * share)]).code == "truncated"


@pytest.mark.parametrize("kind", FORMATS)
def test_damaged_bytes_are_refused_or_give_a_picture_of_full_size(photo, encode, kind):
    """Flipped bytes may go unnoticed where a format has no checksum, but nothing else may happen."""
    data = bytearray(encode(photo.resize((80, 60)), kind))
    random = np.random.default_rng(3)
    outcomes = []
    for _ in range(60):
        broken = bytearray(data)
        for place in random.integers(0, len(data), 4):
            broken[place] ^= int(random.integers(1, 256))
        try:
            decoded = decode(bytes(broken), pixel_limit=1_000_000)
            assert decoded.image.size == (decoded.width, decoded.height)
            outcomes.append("picture")
        except UnreadablePicture as error:
            assert error.code in REFUSAL_CODES
            outcomes.append(error.code)
    assert len(outcomes) == 60


def test_a_flipped_byte_in_a_png_is_always_found(photo, encode):
    data = bytearray(encode(photo, "PNG"))
    data[data.index(b"IDAT") + 1000] ^= 1
    assert refused(bytes(data)).code == "damaged"


def png_claiming(width: int, height: int) -> bytes:
    """A small PNG whose header promises far more pixels than a program should unpack."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(11_000, 10_000), (30_000, 30_000), (1, 2**30), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_before_it_is_unpacked(size):
    error = refused(png_claiming(*size))
    assert error.code == "too_many_pixels" and "100 megapixels" in str(error)


def test_the_pixel_limit_is_the_callers(corners, encode):
    with pytest.raises(UnreadablePicture, match="60 x 40 pixels"):
        decode(encode(corners, "PNG"), pixel_limit=2399)
    assert decode(encode(corners, "PNG"), pixel_limit=2400).width == 60


def test_an_empty_file():
    assert refused(b"").code == "empty"


def test_text_under_a_picture_name():
    error = refused("Just some notes, ünïcode too.\n".encode())
    assert error.code == "not_a_picture" and "text" in str(error)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"\xef\xbb\xbf  <svg></svg>", "SVG"),
        (b"%PDF-1.7\n", "PDF"),
        (b"8BPS\x00\x01", "Photoshop"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "PostScript"),
        (b"II*\x00\x10\x00\x00\x00CR\x02\x00", "raw camera"),
        (b"FUJIFILMCCD-RAW 0201", "raw camera"),
        (b"\x00\x00\x00\x18ftypcrx \x00\x00\x00\x01crx isom", "raw camera"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2", "video"),
        (b"\xff\x0a" + bytes(20), "JPEG XL"),
        (b"PK\x03\x04" + bytes(20), "zip"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "video"),
    ],
)
def test_known_formats_that_are_not_read_say_what_to_do(data, what):
    error = refused(data)
    assert error.code == "unsupported" and what in error.cause and len(error.advice) > 10


def test_a_raw_file_in_tiff_clothes_is_not_taken_for_its_preview(corners, encode):
    dng = encode(corners, "TIFF", tiffinfo={50706: b"\x01\x04\x00\x00"})
    assert refused(dng).code == "unsupported"


def test_a_web_page_is_named():
    assert "web page" in refused(b"<!DOCTYPE html><html></html>").cause


def test_names_do_not_matter_only_content(corners, encode):
    assert [picture_kind(encode(corners, kind)) for kind in FORMATS] == FORMATS


def test_the_message_carries_the_name():
    error = refused(b"").named("cat.webp")
    assert str(error).startswith("cat.webp: the file is empty") and error.code == "empty"


def test_a_gif_with_broken_later_frames_keeps_its_first(encode):
    frames = [Image.effect_noise((60, 60), spread) for spread in (20, 60, 90)]
    data = encode(frames[0], "GIF", save_all=True, append_images=frames[1:])
    whole = decode(data)
    cut = decode(data[: len(data) - len(data) // 4])
    assert whole.frames == 3
    assert np.array_equal(np.asarray(whole.image), np.asarray(cut.image))


def test_trailing_bytes_do_no_harm(corners, encode):
    for kind in ("JPEG", "PNG", "GIF", "WEBP"):
        assert decode(encode(corners, kind) + bytes(500)).width == 60
