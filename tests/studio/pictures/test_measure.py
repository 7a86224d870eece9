"""All facts come from one read and one decode, and the file stays as it was."""

import hashlib
import io
import os

import numpy as np
import pytest
from PIL import Image, ImageFilter, ImageOps

from studio.errors import UnreadablePicture
from studio.pictures import measure as measure_module
from studio.pictures.facts import Refusal
from studio.pictures.measure import measure, measure_or_refuse


def bits_apart(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


@pytest.fixture
def photo_file(photo, tmp_path):
    path = tmp_path / "photo.png"
    photo.save(path)
    return path


def saved(image, path, **options):
    image.save(path, **options)
    return measure(path)


def test_facts_of_a_file(photo, photo_file):
    facts = measure(photo_file)
    data = photo_file.read_bytes()
    luma = np.asarray(photo.convert("L"), dtype=float)
    assert facts.sha256 == hashlib.sha256(data).hexdigest()
    assert (facts.size_bytes, facts.mtime_ns) == (len(data), photo_file.stat().st_mtime_ns)
    assert (facts.format, facts.mode, facts.width, facts.height) == ("PNG", "RGB", 400, 300)
    assert (facts.frames, facts.has_alpha, facts.notes) == (1, False, ())
    assert facts.brightness == pytest.approx(luma.mean(), abs=0.01)
    assert facts.contrast == pytest.approx(luma.std(), abs=0.01)
    assert 6 < facts.entropy < 8 and 0 < facts.saturation < 1 and 0 < facts.ink < 1
    with Image.open(io.BytesIO(facts.thumbnail)) as small:
        assert small.format == "WEBP" and small.size == (320, 240)


def test_one_read_and_one_decode(photo_file, monkeypatch):
    calls = []
    for name in ("read_file", "decode"):
        real = getattr(measure_module, name)
        monkeypatch.setattr(measure_module, name, lambda *args, real=real, name=name: calls.append(name) or real(*args))
    measure(photo_file)
    assert calls == ["read_file", "decode"]


def test_originals_keep_bytes_times_and_mode(photo_file):
    photo_file.chmod(0o640)
    os.utime(photo_file, ns=(1_000_000_000, 2_000_000_000))
    before, status = photo_file.read_bytes(), photo_file.stat()
    os.utime(photo_file, ns=(1_000_000_000, 2_000_000_000))
    measure(photo_file)
    after = photo_file.stat()
    assert (after.st_mtime_ns, after.st_mode, after.st_size) == (2_000_000_000, status.st_mode, status.st_size)
    if hasattr(os, "O_NOATIME"):
        assert after.st_atime_ns == 1_000_000_000
    assert photo_file.read_bytes() == before
    assert [each.name for each in photo_file.parent.iterdir()] == ["photo.png"]


def test_a_read_only_file_in_a_read_only_folder(photo_file):
    photo_file.chmod(0o400)
    photo_file.parent.chmod(0o500)
    try:
        assert measure(photo_file).width == 400
    finally:
        photo_file.parent.chmod(0o700)


def test_copies_are_close_and_mirrors_match_mirrored(photo, photo_file, tmp_path):
    facts = measure(photo_file)
    small = saved(photo.resize((160, 120)), tmp_path / "small.jpg", quality=70)
    mirrored = saved(ImageOps.mirror(photo), tmp_path / "mirrored.webp")
    assert bits_apart(facts.phash, small.phash) <= 6 and bits_apart(facts.dhash, small.dhash) <= 6
    assert bits_apart(facts.phash, mirrored.phash) > 16
    assert bits_apart(facts.phash, mirrored.phash_mirrored) <= 4


def test_margins_do_not_change_the_trimmed_hash(photo, photo_file, tmp_path):
    page = Image.new("RGB", (700, 500), "white")
    page.paste(photo, (200, 60))
    framed = saved(page, tmp_path / "framed.png")
    assert bits_apart(measure(photo_file).phash, framed.phash_trimmed) <= 6


def test_sharpness_falls_with_blur_and_not_with_contrast(photo, tmp_path):
    crisp = saved(photo, tmp_path / "crisp.png")
    blurred = saved(photo.filter(ImageFilter.GaussianBlur(4)), tmp_path / "blurred.png")
    pale = saved(photo.point(lambda value: 100 + value // 4), tmp_path / "pale.png")
    assert blurred.sharpness < 30 < 300 < crisp.sharpness
    assert pale.sharpness == pytest.approx(crisp.sharpness, rel=0.25)


def test_a_flat_picture_has_no_numbers_to_speak_of(tmp_path):
    facts = saved(Image.new("RGB", (64, 64), "white"), tmp_path / "flat.png")
    assert (facts.sharpness, facts.contrast, facts.entropy, facts.ink) == (0, 0, 0, 0)
    assert facts.brightness == 255 and facts.saturation == 0


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (1, 900), (900, 1), (3, 3)])
def test_the_smallest_pictures_are_measured(size, tmp_path):
    facts = saved(Image.new("RGB", size, "red"), tmp_path / "small.png")
    assert (facts.width, facts.height) == size and facts.saturation == 1


def test_colour_is_seen(tmp_path):
    assert saved(Image.new("RGB", (64, 64), "red"), tmp_path / "red.png").saturation == 1


def test_a_missing_file_a_folder_a_pipe_and_a_circle_of_links(tmp_path):
    pipe, one, other = tmp_path / "pipe", tmp_path / "one", tmp_path / "other"
    os.mkfifo(pipe)
    one.symlink_to(other)
    other.symlink_to(one)
    codes = [measure_or_refuse(path).code for path in (tmp_path / "gone.png", tmp_path, pipe, one)]
    assert codes == ["missing", "not_a_file", "not_a_file", "not_a_file"]


def test_a_refusal_still_tells_what_could_be_learned(tmp_path):
    path = tmp_path / "notes.png"
    path.write_text("hello")
    refusal = measure_or_refuse(path)
    assert isinstance(refusal, Refusal) and refusal.code == "not_a_picture"
    assert refusal.sha256 == hashlib.sha256(b"hello").hexdigest()
    assert (refusal.size_bytes, refusal.mtime_ns) == (5, path.stat().st_mtime_ns)
    assert refusal.sentence.startswith("the content is text. ")
    with pytest.raises(UnreadablePicture, match=r"^notes\.png: the content is text"):
        measure(path)


def test_an_unreadable_file(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("studio.pictures.read._open", refuse)
    assert measure_or_refuse(tmp_path / "secret.png").code == "no_permission"


def test_a_failing_disk_is_not_the_pictures_fault(photo_file, monkeypatch):
    def fail(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("studio.pictures.read._open", fail)
    refusal = measure_or_refuse(photo_file)
    assert refusal.code == "disk" and "Input/output error" in refusal.cause


def test_a_lack_of_memory_is_a_refusal(photo_file, monkeypatch):
    def exhausted(*_):
        raise MemoryError

    monkeypatch.setattr(measure_module, "thumbnail", exhausted)
    assert measure_or_refuse(photo_file).code == "memory"
