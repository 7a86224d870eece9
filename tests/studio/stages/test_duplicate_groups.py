"""Copies are grouped around the best one, different pictures are not, and reasons say why."""

import random
import time
from functools import cache
from pathlib import Path

import pytest

from studio.errors import BadInput
from studio.pictures.facts import PictureFacts
from studio.pictures.measure import measure_or_refuse
from studio.stages.duplicate_groups import HashRow, find_groups, radius_of

EXAMPLE = Path(__file__).parents[3] / "datasets" / "example" / "raw"


@cache
def example_rows() -> tuple[HashRow, ...]:
    rows = []
    for path in sorted(EXAMPLE.rglob("*")):
        facts = measure_or_refuse(path) if path.is_file() and path.suffix != ".txt" else None
        if isinstance(facts, PictureFacts):
            rows.append(row(str(path.relative_to(EXAMPLE)), facts, path.with_suffix(".txt").exists()))
    return tuple(rows)


def row(picture_id, facts: PictureFacts, has_caption: bool) -> HashRow:
    names = ("sha256", "phash", "phash_mirrored", "phash_trimmed", "dhash", "width", "height", "sharpness", "contrast")
    return HashRow(picture_id, *(getattr(facts, name) for name in names), has_caption=has_caption)


def made(picture_id, phash: int, **changes) -> HashRow:
    """A row whose other hashes are far from everybody's."""
    far = random.Random(f"far {picture_id}")
    values = {
        "sha256": f"{far.getrandbits(256):064x}",
        "phash": f"{phash:016x}",
        "phash_mirrored": f"{far.getrandbits(64):016x}",
        "phash_trimmed": f"{far.getrandbits(64):016x}",
        "dhash": "0f0f0f0f0f0f0f0f",
        "width": 800,
        "height": 600,
        "sharpness": 500.0,
        "contrast": 60.0,
    }
    return HashRow(id=picture_id, **{**values, **changes})


def relations(rows, sensitivity="balanced"):
    return {
        member.id: (group.keeper_id, member.relation)
        for group in find_groups(rows, sensitivity)
        for member in group.members
        if member.relation is not None
    }


def test_the_copies_of_the_example_are_found():
    assert relations(example_rows()) == {
        "food/red_apple.jpg": ("unsorted/apple copy.jpg", "resized"),
        "unsorted/Copy of red_apple.jpg": ("unsorted/apple copy.jpg", "resized"),
        "unsorted/cat-small.png": ("animals/Cat Face.png", "resized"),
        "unsorted/from print.jpg": ("animals/scan 13.jpg", "re-encoded"),
        "unsorted/owl mirrored.png": ("animals/scan 16.png", "mirrored"),
        "unsorted/phone.jpg": ("travel/Sailboat.png", "resized"),
        "unsorted/rocket_crop.jpg": ("travel/Rocket.webp", "cropped?"),
        "unsorted/tiny.png": ("things/key.webp", "resized"),
        "unsorted/blurry.jpg": ("faces/Ghost.png", "resized"),
        "unsorted/too dark.jpg": ("travel/church.jpg", "resized"),
        "unsorted/banner.jpg": ("things/Violin.webp", "stretched"),
    }


@pytest.mark.parametrize("sensitivity", ["strict", "balanced", "loose"])
def test_no_two_drawings_of_the_example_are_grouped(sensitivity):
    drawings = [row for row in example_rows() if not row.id.startswith("unsorted/")]
    assert len(drawings) == 44 and find_groups(drawings, sensitivity) == []


def test_bytes_make_identical_pictures_even_when_flat():
    flat = {"contrast": 0.0, "sha256": "a" * 64}
    rows = [made(1, 5, **flat), made(2, 5, **flat), made(3, 5, contrast=0.0)]
    assert relations(rows) == {2: (1, "identical")}


def test_flat_pictures_are_not_compared_by_hash():
    assert find_groups([made(1, 5, contrast=2.0), made(2, 5, contrast=2.0), made(3, 5)]) == []


@pytest.mark.parametrize(("distance", "found"), [(0, "re-encoded"), (6, "re-encoded"), (8, "similar"), (9, None)])
def test_the_radius_is_exact(distance, found):
    rows = [made(1, 0), made(2, (1 << distance) - 1)]
    assert relations(rows) == ({2: (1, found)} if found else {})


def test_the_second_hash_must_not_disagree():
    assert find_groups([made(1, 0), made(2, 0, dhash="f0f0f0f0f0f0f0f0")]) == []


def test_a_chain_is_split_so_that_every_member_is_close_to_its_keeper():
    chain = [made(number, (1 << (6 * number)) - 1, width=900 - number) for number in range(6)]
    groups = find_groups(chain)
    hashes = {each.id: int(each.phash, 16) for each in chain}
    assert len(groups) == 3
    for group in groups:
        assert all((hashes[group.keeper_id] ^ hashes[member.id]).bit_count() <= 8 for member in group.members)
    everyone = [member.id for group in groups for member in group.members]
    assert len(everyone) == len(set(everyone))


@pytest.mark.parametrize(
    ("better", "reason"),
    [
        ({"width": 1600, "height": 1200}, "largest"),
        ({"sharpness": 900.0}, "sharpest"),
        ({"has_caption": True}, "has the caption"),
        ({"decision": "keep"}, "you kept it"),
    ],
)
def test_the_better_copy_is_kept_and_the_reason_named(better, reason):
    for rows in ([made(1, 0), made(2, 0, **better)], [made(2, 0, **better), made(1, 0)]):
        (group,) = find_groups(rows)
        assert (group.keeper_id, group.reason) == (2, reason)
        assert [(member.id, member.suggestion) for member in group.members] == [(2, "keep"), (1, "reject")]


def test_a_large_blurred_copy_loses_and_a_rejected_one_too():
    (group,) = find_groups([made(1, 0, width=4000, height=3000, sharpness=5.0), made(2, 0)])
    assert group.keeper_id == 2 and group.members[1].reason.endswith(", blurred")
    (group,) = find_groups([made(1, 0, width=4000, height=3000, decision="reject"), made(2, 0)])
    assert group.keeper_id == 2


def test_equal_copies_keep_the_first():
    (group,) = find_groups([made(7, 0), made(3, 0)])
    assert group.keeper_id == 7 and group.reason == "as good as the others, and first in the list"


def test_what_you_kept_is_never_suggested_for_rejection():
    (group,) = find_groups([made(1, 0, decision="keep"), made(2, 0, decision="keep")])
    assert [member.suggestion for member in group.members] == ["keep", "keep"]


def test_a_caption_on_the_lesser_copy_is_pointed_out():
    (group,) = find_groups([made(1, 0, width=4000, height=3000), made(2, 0, has_caption=True)])
    assert group.members[1].reason == "the same picture at 800 x 600, but it has the caption"


def test_sensitivity_words_and_numbers():
    assert [radius_of(word) for word in ("strict", "balanced", "loose", 0, 16)] == [4, 8, 12, 0, 16]
    for wrong in ("fuzzy", -1, 17):
        with pytest.raises(BadInput, match="strict, balanced, loose"):
            find_groups([], wrong)


def test_many_pictures_take_seconds():
    numbers = random.Random(0)
    rows = []
    for number in range(0, 20_000, 2):
        phash = numbers.getrandbits(64)
        rows.append(made(number, phash))
        rows.append(made(number + 1, phash ^ (1 << numbers.randrange(64)), width=400, height=300))
    start = time.process_time()
    groups = find_groups(rows)
    assert time.process_time() - start < 6
    assert len(groups) == 10_000 and all(group.members[1].relation == "resized" for group in groups)


def test_many_equal_pictures_do_not_explode():
    groups = find_groups([made(number, 12345) for number in range(5000)])
    assert len(groups) == 1 and len(groups[0].members) == 5000
