"""The plan says where a picture is cut; the arithmetic of buckets is the trainer's."""

import pytest

from studio.pictures.crop import plan_crop
from studio.pictures.edit import Edit
from training import Bucket, buckets_around


def test_a_square_picture_is_scaled_whole():
    plan = plan_crop(256, 256, Edit(), 64, 16)
    assert (plan.bucket, plan.box, plan.scale) == (Bucket(64, 64), (0, 0, 256, 256), 0.25)
    assert plan.cut_fraction == 0 and not plan.upscaled and not plan.reduced_bucket


def test_a_wide_picture_gets_a_wide_bucket_and_loses_its_ends():
    plan = plan_crop(1600, 900, Edit(), 512, 64)
    assert plan.bucket in buckets_around(512, 64) and plan.bucket.width > plan.bucket.height
    left, top, right, bottom = plan.box
    assert 0 <= left < right <= 1600 and 0 <= top < bottom <= 900
    assert (right - left) / (bottom - top) == pytest.approx(plan.bucket.width / plan.bucket.height, abs=0.01)
    assert plan.cut_fraction == pytest.approx(1 - (right - left) * (bottom - top) / (1600 * 900))


def test_rotation_turns_the_shape():
    plan = plan_crop(1600, 900, Edit(rotate=90), 512, 64)
    turned = plan_crop(900, 1600, Edit(), 512, 64)
    assert plan == turned and plan.bucket.height > plan.bucket.width


def test_the_crop_comes_before_the_bucket():
    plan = plan_crop(1000, 1000, Edit(crop=(0.5, 0.25, 1.0, 0.75)), 64, 16)
    assert plan.box == (500, 250, 1000, 750) and plan.bucket == Bucket(64, 64)
    assert plan.cut_fraction == pytest.approx(0.75)


def test_focus_moves_the_box():
    left = plan_crop(1000, 250, Edit(focus=(0.0, 0.5)), 64, 16)
    right = plan_crop(1000, 250, Edit(focus=(1.0, 0.5)), 64, 16)
    assert left.box[0] == 0 and right.box[2] == 1000


@pytest.mark.parametrize(
    ("size", "bucket"), [((50, 50), (48, 48)), ((28, 28), (16, 16)), ((100, 33), (48, 32)), ((300, 20), (32, 16))]
)
def test_a_small_picture_gets_a_smaller_bucket_instead_of_invented_pixels(size, bucket):
    plan = plan_crop(*size, Edit(), 64, 16)
    assert (plan.bucket.width, plan.bucket.height) == bucket
    assert plan.reduced_bucket and not plan.upscaled and plan.scale <= 1


def test_a_small_picture_is_enlarged_only_when_asked():
    plan = plan_crop(28, 28, Edit(), 64, 16, upscale=True)
    assert plan.bucket == Bucket(64, 64) and plan.upscaled and not plan.reduced_bucket
    assert plan.scale == pytest.approx(64 / 28)


def test_a_picture_under_one_step_is_enlarged_and_marked():
    plan = plan_crop(10, 12, Edit(), 64, 16)
    assert plan.bucket == Bucket(16, 16) and plan.upscaled


@pytest.mark.parametrize("width", [1, 17, 63, 64, 65, 199, 1000, 4001])
@pytest.mark.parametrize("height", [1, 40, 64, 333, 3000])
@pytest.mark.parametrize("rotate", [0, 270])
def test_the_box_always_lies_in_the_picture(width, height, rotate):
    for crop in (None, (0.0, 0.0, 0.01, 1.0), (0.99, 0.4, 1.0, 0.41), (0.3, 0.3, 0.7, 0.6)):
        plan = plan_crop(width, height, Edit(crop, rotate, (0.1, 0.9)), 64, 16)
        turned = (height, width) if rotate else (width, height)
        left, top, right, bottom = plan.box
        assert 0 <= left < right <= turned[0] and 0 <= top < bottom <= turned[1]
        assert plan.bucket.width % 16 == plan.bucket.height % 16 == 0 and min(plan.bucket.width, plan.bucket.height) > 0
        assert plan.upscaled == (plan.bucket.width > right - left or plan.bucket.height > bottom - top)
        assert 0 <= plan.cut_fraction < 1
