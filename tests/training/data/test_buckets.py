import pytest

from training.data.buckets import Bucket, buckets_around, crop_to_fill, nearest_bucket
from training.errors import ConfigError


def test_buckets_of_the_usual_models() -> None:
    assert [bucket.name for bucket in buckets_around(64, 16)] == ["48x80", "64x64", "80x48"]
    assert Bucket(832, 1216) in buckets_around(1024, 64)
    assert Bucket(448, 576) in buckets_around(512, 64)


@pytest.mark.parametrize(("resolution", "step"), [(64, 16), (512, 64), (768, 64), (1024, 64), (1000, 64)])
def test_buckets_keep_area_step_aspect_and_come_in_both_ways(resolution: int, step: int) -> None:
    buckets = buckets_around(resolution, step)
    for bucket in buckets:
        assert bucket.width * bucket.height <= resolution**2
        assert bucket.width % step == bucket.height % step == 0
        assert max(bucket.width, bucket.height) <= 2 * min(bucket.width, bucket.height)
        assert Bucket(bucket.height, bucket.width) in buckets


def test_square_only() -> None:
    assert buckets_around(512, 64, max_aspect=1.0) == [Bucket(512, 512)]


def test_impossible_buckets_are_refused() -> None:
    with pytest.raises(ConfigError, match="Raise the resolution"):
        buckets_around(32, 64)
    with pytest.raises(ConfigError):
        nearest_bucket(10, 10, [])


def test_nearest_bucket_goes_by_aspect() -> None:
    buckets = buckets_around(64, 16)
    assert nearest_bucket(100, 100, buckets) == Bucket(64, 64)
    assert nearest_bucket(3000, 1500, buckets) == Bucket(80, 48)
    assert nearest_bucket(200, 340, buckets) == Bucket(48, 80)


def test_crop_fills_the_bucket_and_follows_the_focus() -> None:
    box = crop_to_fill(384, 256, Bucket(64, 64))
    assert (box.left, box.top, box.right, box.bottom) == (64, 0, 320, 256)
    assert box.cut_fraction == pytest.approx(1 / 3)
    assert crop_to_fill(384, 256, Bucket(64, 64), focus=(1.0, 0.5)).right == 384
    assert crop_to_fill(384, 256, Bucket(64, 64), focus=(-3.0, 0.5)).left == 0
    assert crop_to_fill(64, 64, Bucket(64, 64)).cut_fraction == 0


def test_tiny_pictures_still_have_a_crop() -> None:
    box = crop_to_fill(1, 500, Bucket(80, 48))
    assert box.right - box.left == 1
    assert box.bottom - box.top >= 1
