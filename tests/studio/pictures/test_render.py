"""What is rendered is what was planned: upright, cut, scaled, flat, and the same bytes every time."""

import io

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from studio.errors import BadInput
from studio.pictures.crop import plan_crop
from studio.pictures.edit import Edit
from studio.pictures.render import preview, render


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_the_size_is_the_buckets_and_the_bytes_repeat(photo, encode):
    data = encode(photo, "JPEG")
    plan = plan_crop(400, 300, Edit(), 64, 16)
    first = render(data, Edit(), plan)
    image = opened(first)
    assert (image.format, image.mode, image.size) == ("PNG", "RGB", (plan.bucket.width, plan.bucket.height))
    assert render(data, Edit(), plan) == first


def test_the_four_corners_follow_the_rotation(corners, encode):
    data = encode(corners, "PNG")
    # The colour that ends at the upper left, for clockwise turns.
    for turn, colour in ((0, (255, 0, 0)), (90, (0, 0, 255)), (180, (0, 0, 0)), (270, (0, 255, 0))):
        edit = Edit(rotate=turn)
        image = opened(render(data, edit, plan_crop(60, 40, edit, 48, 16)))
        assert image.getpixel((1, 1)) == pytest.approx(colour, abs=20)


def test_a_phone_picture_is_rendered_upright_without_its_tag(corners, encode):
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encode(corners.transpose(Image.Transpose.ROTATE_90), "PNG", exif=exif)
    image = opened(render(data, Edit(), plan_crop(60, 40, Edit(), 48, 16)))
    assert image.getpixel((1, 1)) == pytest.approx((255, 0, 0), abs=20)
    assert not image.getexif() and image.width > image.height


def test_the_crop_is_what_is_seen(corners, encode):
    edit = Edit(crop=(0.0, 0.0, 0.3, 0.3))
    image = opened(render(encode(corners, "PNG"), edit, plan_crop(60, 40, edit, 16, 16, upscale=True)))
    assert np.asarray(image).reshape(-1, 3).mean(axis=0) == pytest.approx((255, 0, 0), abs=3)


def test_no_metadata_travels(photo, encode):
    info = PngImagePlugin.PngInfo()
    info.add_text("prompt", "a secret")
    data = encode(photo, "PNG", pnginfo=info, dpi=(300, 300))
    rendered = render(data, Edit(), plan_crop(400, 300, Edit(), 64, 16))
    assert b"secret" not in rendered and opened(rendered).info == {}
    assert [rendered.count(name) for name in (b"IHDR", b"pHYs", b"tEXt", b"iCCP")] == [1, 0, 0, 0]


def test_transparency_takes_the_chosen_colour(encode):
    data = encode(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "PNG")
    plan = plan_crop(64, 64, Edit(), 64, 16)
    assert opened(render(data, Edit(), plan, background=(10, 20, 30))).getpixel((5, 5)) == (10, 20, 30)


def test_scaling_is_close_to_a_plain_lanczos(photo, encode):
    plan = plan_crop(400, 300, Edit(), 64, 16)
    rendered = np.asarray(opened(render(encode(photo, "PNG"), Edit(), plan)), dtype=float)
    plain = photo.resize((plan.bucket.width, plan.bucket.height), Image.Resampling.LANCZOS, box=plan.box)
    assert np.abs(rendered - np.asarray(plain, dtype=float)).mean() < 2


def test_a_preview_is_small_and_of_the_same_shape(photo, encode):
    plan = plan_crop(400, 300, Edit(), 256, 64)
    image = opened(preview(encode(photo, "PNG"), Edit(), plan, 100))
    assert image.format == "WEBP" and max(image.size) == 100
    assert image.width / image.height == pytest.approx(plan.bucket.width / plan.bucket.height, rel=0.03)


def test_a_plan_of_another_picture_is_refused(corners, encode):
    with pytest.raises(BadInput, match="Plan it again"):
        render(encode(corners, "PNG"), Edit(), plan_crop(4000, 3000, Edit(), 64, 16))
