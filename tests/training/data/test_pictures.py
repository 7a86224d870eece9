from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.data.buckets import Bucket
from training.data.pictures import load_picture, picture_size
from training.errors import DataError


def test_transparent_pictures_stand_on_white(tmp_path: Path) -> None:
    Image.new("RGBA", (16, 16), (255, 0, 0, 0)).save(tmp_path / "a.png")
    assert (load_picture(tmp_path / "a.png", Bucket(16, 16)) == 255).all()


def test_phone_pictures_stand_upright(tmp_path: Path) -> None:
    picture = Image.new("RGB", (40, 20), "black")
    picture.paste("white", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.save(tmp_path / "a.png", exif=exif)
    assert picture_size(tmp_path / "a.png") == (20, 40)
    pixels = load_picture(tmp_path / "a.png", Bucket(20, 40))
    assert pixels.shape == (40, 20, 3)
    assert pixels[:15].min() == 255 and pixels[25:].max() == 0


def test_deep_grey_is_scaled_not_clipped(tmp_path: Path) -> None:
    Image.fromarray(np.full((8, 8), 32768, dtype=np.uint16)).save(tmp_path / "a.png")
    assert abs(int(load_picture(tmp_path / "a.png", Bucket(8, 8))[0, 0, 0]) - 127) <= 1


def test_other_sizes_are_cut_to_the_middle(tmp_path: Path) -> None:
    picture = Image.new("RGB", (96, 32), "black")
    picture.paste("white", (32, 0, 64, 32))
    picture.save(tmp_path / "a.png")
    assert load_picture(tmp_path / "a.png", Bucket(16, 16)).mean() > 230


def test_a_torn_file_is_refused_by_name(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    Image.fromarray(rng.integers(0, 255, (64, 64, 3), dtype=np.uint8)).save(tmp_path / "a.png")
    whole = (tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"a\.png"):
        load_picture(tmp_path / "a.png", Bucket(64, 64))


def test_other_formats_are_never_opened(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n")
    with pytest.raises(DataError, match="cannot be opened"):
        picture_size(tmp_path / "a.png")
