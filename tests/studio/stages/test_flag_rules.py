"""Flags find the flawed pictures of the example and leave its good drawings alone."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from studio.pictures.facts import PictureFacts
from studio.pictures.measure import measure, measure_or_refuse
from studio.stages.flag_rules import DEFAULT_THRESHOLDS, FLAG_NAMES, Thresholds, flags_for

EXAMPLE = Path(__file__).parents[3] / "datasets" / "example" / "raw"


@cache
def example_facts() -> dict[str, PictureFacts]:
    files = [path for path in sorted(EXAMPLE.rglob("*")) if path.is_file() and path.suffix != ".txt"]
    measured = {str(path.relative_to(EXAMPLE)): measure_or_refuse(path) for path in files}
    return {name: facts for name, facts in measured.items() if isinstance(facts, PictureFacts)}


def names(facts, thresholds=DEFAULT_THRESHOLDS, resolution=64):
    return [flag.name for flag in flags_for(facts, thresholds, resolution)]


@pytest.fixture
def good() -> PictureFacts:
    return example_facts()["food/red_apple.jpg"]


def test_each_flaw_of_the_example_is_flagged_and_nothing_else():
    flagged = {name: names(facts) for name, facts in example_facts().items() if names(facts)}
    assert flagged == {
        "unsorted/banner.jpg": ["odd_shape"],
        "unsorted/blurry.jpg": ["blurred"],
        "unsorted/empty page.png": ["empty"],
        "unsorted/tiny.png": ["too_small"],
        "unsorted/too dark.jpg": ["dark"],
    }


def test_there_are_44_good_drawings_without_a_flag():
    drawings = [facts for name, facts in example_facts().items() if not name.startswith("unsorted/")]
    assert len(drawings) == 44 and all(not names(facts) for facts in drawings)


def test_sentences_show_value_and_threshold(good):
    flawed = replace(good, width=600, height=40, sharpness=3.0, brightness=250.0, contrast=20.0)
    flags = flags_for(flawed, DEFAULT_THRESHOLDS, 64)
    assert [flag.name for flag in flags] == ["too_small", "blurred", "bright", "odd_shape"]
    assert [flag.sentence for flag in flags] == [
        "too small: the shorter side has 40 px, at least 64 px are needed",
        "blurred: sharpness is 3, at least 30 is usual",
        "bright: brightness is 250 of 255, up to 230 is usual",
        "odd shape: one side is 15.0 times the other, up to 2.5 is usual",
    ]
    assert (flags[0].value, flags[0].threshold) == (40, 64)


def test_too_small_follows_the_target_resolution(good):
    assert names(good, resolution=256) == [] and names(good, resolution=257) == ["too_small"]
    half = Thresholds(min_side_share=0.5)
    assert names(good, half, 512) == [] and names(good, half, 520) == ["too_small"]


def test_an_empty_picture_gets_no_second_flag_about_its_looks(good):
    assert names(replace(good, contrast=1.0, sharpness=0.0, brightness=255.0)) == ["empty"]
    assert names(replace(good, contrast=1.0, sharpness=0.0, brightness=0.0)) == ["empty"]


@pytest.mark.parametrize(
    ("rule", "field", "flag"),
    [
        ("min_sharpness", "sharpness", "blurred"),
        ("min_brightness", "brightness", "dark"),
        ("max_brightness", "brightness", "bright"),
        ("min_contrast", "contrast", "empty"),
    ],
)
def test_every_threshold_can_be_moved(good, rule, field, flag):
    ordinary = replace(good, sharpness=500.0, brightness=128.0, contrast=39.0)
    step = -1 if rule.startswith("max") else 1
    strict = replace(DEFAULT_THRESHOLDS, **{rule: getattr(ordinary, field) + step})
    assert names(ordinary) == [] and names(ordinary, strict) == [flag]
    assert flag in FLAG_NAMES


def test_drawings_on_white_or_black_paper_are_neither_bright_nor_dark(tmp_path):
    page = Image.new("L", (300, 300), 255)
    page.paste(0, (50, 140, 250, 152))
    page.save(tmp_path / "line.png")
    page.point(lambda value: 255 - value).save(tmp_path / "night.png")
    assert names(measure(tmp_path / "line.png")) == [] and names(measure(tmp_path / "night.png")) == []


@pytest.mark.parametrize("exponent", [0.9, 1.0, 1.2, 1.4])
def test_photographs_are_told_from_their_blurred_copies(exponent, tmp_path):
    """Pictures with the falling spectrum of photographs; a blur of 4 px at 512 px is what an eye calls blurred."""
    random = np.random.default_rng(int(exponent * 10))
    rows, columns = np.meshgrid(np.fft.fftfreq(512), np.fft.fftfreq(512), indexing="ij")
    frequency = np.hypot(rows, columns)
    frequency[0, 0] = 1
    spectrum = np.fft.fft2(random.normal(size=(512, 512))) / frequency**exponent
    spectrum[0, 0] = 0
    values = np.fft.ifft2(spectrum).real
    photo = Image.fromarray(np.clip(values / values.std() * 50 + 125, 0, 255).astype(np.uint8))
    photo.save(tmp_path / "photo.jpg", quality=90)
    photo.filter(ImageFilter.GaussianBlur(4)).save(tmp_path / "blurred.jpg", quality=90)
    assert names(measure(tmp_path / "photo.jpg")) == []
    assert names(measure(tmp_path / "blurred.jpg")) == ["blurred"]


def test_over_and_underexposed_photographs(photo_like, tmp_path):
    photo_like.point(lambda value: 238 + value // 16).save(tmp_path / "washed.png")
    photo_like.point(lambda value: value // 10).save(tmp_path / "night.png")
    assert names(measure(tmp_path / "washed.png"), replace(DEFAULT_THRESHOLDS, min_contrast=1.0)) == ["bright"]
    assert names(measure(tmp_path / "night.png"), replace(DEFAULT_THRESHOLDS, min_contrast=1.0)) == ["dark"]


@pytest.fixture
def photo_like() -> Image.Image:
    noise = np.random.default_rng(5).normal(size=(40, 40))
    small = Image.fromarray(np.clip(noise * 50 + 125, 0, 255).astype(np.uint8))
    return small.resize((320, 320), Image.Resampling.BICUBIC)
