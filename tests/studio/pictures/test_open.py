"""Every format and colour layout becomes upright sRGB, and the notes say what was done."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from studio.pictures.open import decode

FORMATS = ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF"]


def pixel(image, x, y):
    return image.getpixel((x, y))


def near(found, wanted, tolerance=30):
    return all(abs(one - two) <= tolerance for one, two in zip(found, wanted, strict=True))


@pytest.mark.parametrize("kind", FORMATS)
def test_format_is_decoded_whole(corners, encode, kind):
    decoded = decode(encode(corners, kind))
    assert (decoded.format, decoded.width, decoded.height, decoded.frames) == (kind, 60, 40, 1)
    assert decoded.image.mode == "RGB" and decoded.image.size == (60, 40)
    assert near(pixel(decoded.image, 5, 3), (255, 0, 0))
    assert near(pixel(decoded.image, 55, 3), (0, 255, 0))
    assert near(pixel(decoded.image, 5, 36), (0, 0, 255))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_reduced_decoding_reports_the_full_size(photo, encode, kind):
    decoded = decode(encode(photo, kind), max_side=100)
    assert decoded.image.size == (100, 75)
    assert (decoded.width, decoded.height) == (400, 300)
    full = np.asarray(photo.resize((100, 75), Image.Resampling.LANCZOS), dtype=float)
    assert np.abs(np.asarray(decoded.image, dtype=float) - full).mean() < 12


def test_a_small_picture_is_never_enlarged(corners, encode):
    assert decode(encode(corners, "PNG"), max_side=1000).image.size == (60, 40)


def test_a_line_of_pixels_keeps_one_pixel(encode):
    assert decode(encode(Image.new("RGB", (3000, 1)), "PNG"), max_side=100).image.size == (100, 1)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_orientation_is_applied_in_full_and_reduced(corners, encode, kind, orientation):
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    stored = corners.transpose(undo[orientation]) if orientation in undo else corners
    exif = Image.Exif()
    exif[0x0112] = orientation
    # As bytes: only then does the HEIF writer set the container's own rotation, which is the one that counts there.
    data = encode(stored, kind, exif=exif.tobytes())
    for max_side in (None, 30):
        decoded = decode(data, max_side)
        scale = decoded.image.width / 60
        assert (decoded.width, decoded.height) == (60, 40)
        assert near(pixel(decoded.image, int(8 * scale), int(6 * scale)), (255, 0, 0), 60)
        assert near(pixel(decoded.image, int(52 * scale), int(6 * scale)), (0, 255, 0), 60)
        assert near(pixel(decoded.image, int(8 * scale), int(34 * scale)), (0, 0, 255), 60)
    assert not decoded.image.getexif()


def test_transparency_is_flattened_on_the_chosen_colour_and_noted(encode):
    image = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    image.putpixel((0, 0), (10, 20, 30, 255))
    white = decode(encode(image, "PNG"))
    assert white.has_alpha and white.notes == ("transparency flattened on white",)
    assert pixel(white.image, 5, 5) == (255, 255, 255) and pixel(white.image, 0, 0) == (10, 20, 30)
    green = decode(encode(image, "PNG"), background=(0, 128, 0))
    assert pixel(green.image, 5, 5) == (0, 128, 0) and green.notes == ("transparency flattened on #008000",)


def test_an_opaque_alpha_channel_is_no_transparency(corners, encode):
    decoded = decode(encode(corners.convert("RGBA"), "PNG"))
    assert not decoded.has_alpha and decoded.notes == () and decoded.mode == "RGBA"


def test_half_transparent_pixels_are_mixed(encode):
    decoded = decode(encode(Image.new("RGBA", (8, 8), (0, 0, 0, 128)), "PNG"))
    assert near(pixel(decoded.image, 4, 4), (127, 127, 127), 1)


def test_grey_with_alpha(encode):
    decoded = decode(encode(Image.new("LA", (8, 8), (40, 0)), "PNG"))
    assert decoded.has_alpha and pixel(decoded.image, 4, 4) == (255, 255, 255)


def test_palette_with_a_transparent_colour(encode):
    image = Image.new("P", (8, 8), 1)
    image.putpalette([255, 0, 0, 0, 0, 255] + [0] * 762)
    image.putpixel((0, 0), 0)
    decoded = decode(encode(image, "PNG", transparency=1))
    assert decoded.has_alpha and "palette converted to RGB" in decoded.notes
    assert pixel(decoded.image, 0, 0) == (255, 0, 0) and pixel(decoded.image, 4, 4) == (255, 255, 255)


def test_colour_key_of_an_rgb_png(encode):
    image = Image.new("RGB", (8, 8), (1, 2, 3))
    image.putpixel((0, 0), (9, 9, 9))
    decoded = decode(encode(image, "PNG", transparency=(1, 2, 3)), max_side=8)
    assert decoded.has_alpha
    assert pixel(decoded.image, 0, 0) == (9, 9, 9) and pixel(decoded.image, 4, 4) == (255, 255, 255)


def test_one_bit_and_grey_pictures(encode):
    one_bit = decode(encode(Image.new("1", (8, 8), 1), "PNG"))
    assert one_bit.mode == "1" and pixel(one_bit.image, 2, 2) == (255, 255, 255)
    grey = decode(encode(Image.new("L", (8, 8), 77), "PNG"))
    assert pixel(grey.image, 2, 2) == (77, 77, 77) and "greyscale converted to RGB" in grey.notes


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bit_grey_is_scaled_not_clipped(encode, kind):
    values = np.linspace(0, 65535, 256, dtype=np.uint16).reshape(16, 16)
    decoded = decode(encode(Image.fromarray(values), kind))
    found = np.asarray(decoded.image)[..., 0]
    assert found.min() == 0 and found.max() == 255
    assert np.abs(found.astype(float) - values / 257).max() <= 0.51
    assert "16-bit grey scaled to 8 bits" in decoded.notes


def test_floating_point_tiff(encode):
    values = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8)
    found = np.asarray(decode(encode(Image.fromarray(values), "TIFF")).image)[..., 0]
    assert np.abs(found - values * 255).max() <= 0.51
    wide = decode(encode(Image.fromarray(values * 1e6 - 5), "TIFF"))
    assert np.asarray(wide.image).max() == 255 and any("stretched" in note for note in wide.notes)


def test_cmyk_without_a_profile(encode):
    decoded = decode(encode(Image.new("CMYK", (8, 8), (255, 0, 0, 0)), "JPEG", quality=95))
    assert decoded.mode == "CMYK" and decoded.notes == ("CMYK converted to sRGB",)
    assert near(pixel(decoded.image, 4, 4), (0, 255, 255), 12)


def test_an_srgb_profile_changes_no_pixel(encode):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain = decode(encode(Image.new("RGB", (8, 8), (200, 100, 50)), "PNG", icc_profile=profile))
    assert pixel(plain.image, 4, 4) == (200, 100, 50) and plain.notes == ()


def test_a_foreign_rgb_profile_is_converted(encode):
    """The profile has red and green swapped and another name, so its red means green."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ", 128), profile.index(b"gXYZ", 128)
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    name = profile.index("sRGB".encode("utf-16-be"))
    profile[name : name + 8] = "Swap".encode("utf-16-be")
    decoded = decode(encode(Image.new("RGB", (8, 8), (255, 0, 0)), "PNG", icc_profile=bytes(profile)))
    assert near(pixel(decoded.image, 4, 4), (0, 255, 0), 8)
    assert any(note.startswith("colour profile 'Swap") for note in decoded.notes)


def test_a_broken_profile_is_noted_and_ignored(encode):
    decoded = decode(encode(Image.new("RGB", (8, 8), (200, 100, 50)), "JPEG", icc_profile=b"no profile"))
    assert near(pixel(decoded.image, 4, 4), (200, 100, 50), 4)
    assert "colour profile unreadable, ignored" in decoded.notes


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF", "AVIF"])
def test_first_frame_of_several(encode, kind):
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "lime")]
    decoded = decode(encode(frames[0], kind, save_all=True, append_images=frames[1:]))
    assert decoded.frames == 3 and "first of 3 frames used" in decoded.notes
    assert near(pixel(decoded.image, 10, 10), (255, 0, 0), 12)


def test_the_multi_picture_format_of_phones_counts_as_jpeg(corners, encode):
    decoded = decode(encode(corners, "MPO", save_all=True, append_images=[corners.rotate(180)]))
    assert decoded.format == "JPEG" and decoded.frames == 2
    assert near(pixel(decoded.image, 5, 3), (255, 0, 0))


def test_progressive_jpeg(photo, encode):
    decoded = decode(encode(photo, "JPEG", progressive=True), max_side=200)
    assert decoded.image.size == (200, 150)


def test_damaged_exif_costs_only_the_orientation(corners, encode):
    decoded = decode(encode(corners, "PNG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\x7f"))
    assert decoded.image.size == (60, 40) and near(pixel(decoded.image, 5, 3), (255, 0, 0))


def test_text_chunks_leave_nothing_behind(corners, encode):
    info = PngImagePlugin.PngInfo()
    info.add_text("prompt", "secret")
    decoded = decode(encode(corners, "PNG", pnginfo=info))
    buffer = io.BytesIO()
    decoded.image.save(buffer, "PNG")
    assert b"secret" not in buffer.getvalue()
