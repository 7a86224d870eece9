"""The split is seeded, stored and stable; look-alikes stay on one side."""

from __future__ import annotations

import pytest

from studio.errors import BadInput
from studio.stages.decide import decide
from studio.stages.ingest import ingest
from studio.stages.split import split


def sides(dataset) -> dict[str, str]:
    with dataset.catalog() as catalog:
        return {picture.name: picture.split for picture in catalog.pictures.each()}


def test_the_same_seed_draws_the_same_pictures(filled):
    assert split(filled, 0.3, 0.1, seed=5) == {"train": 6, "validation": 3, "test": 1}
    first = sides(filled)
    split(filled, 0.3, 0.1, seed=6)
    assert sides(filled) != first
    split(filled, 0.3, 0.1, seed=5)
    assert sides(filled) == first
    assert split(filled) == {"train": 6, "validation": 3, "test": 1}
    assert sides(filled) == first


def test_new_pictures_leave_the_others_where_they_are(filled, folder, draw):
    split(filled, 0.2)
    first = sides(filled)
    for number in range(10, 20):
        draw(folder / f"p{number}.png", number + 1)
    ingest(filled, folder)
    assert split(filled, 0.2) == {"train": 16, "validation": 4, "test": 0}
    assert {name: side for name, side in sides(filled).items() if name in first} == first


def test_look_alikes_stay_on_one_side_whatever_the_seed(filled, folder, draw):
    for number in range(10):
        draw(folder / f"p{number:02} small.png", number + 1, (64, 64))
    ingest(filled, folder)
    for seed in range(5):
        counts = split(filled, 0.3, seed=seed)
        assert counts["validation"] == 6
        found = sides(filled)
        assert all(found[f"p{n:02}.png"] == found[f"p{n:02} small.png"] for n in range(10))


def test_a_copy_that_comes_later_follows_its_picture(filled, folder, draw):
    split(filled, 0.3)
    for number in range(10):
        draw(folder / f"p{number:02} small.png", number + 1, (64, 64))
    ingest(filled, folder)
    split(filled, 0.3)
    found = sides(filled)
    assert all(found[f"p{n:02}.png"] == found[f"p{n:02} small.png"] for n in range(10))


def test_one_of_eight_is_held_out_and_numbers_are_taken_as_numbers(filled):
    assert split(filled, 0.01)["validation"] == 1
    assert split(filled, 4)["validation"] == 4
    assert split(filled, 0)["validation"] == 0


def test_rejected_pictures_take_no_part(filled):
    decide(filled, [1, 2, 3, 4, 5], "reject")
    assert split(filled, 0.2) == {"train": 4, "validation": 1, "test": 0}


def test_nothing_left_to_train_on_is_refused(filled):
    with pytest.raises(BadInput, match="leaves none to train on"):
        split(filled, 0.6, 0.4)
    with pytest.raises(BadInput, match="must be a share"):
        split(filled, -0.1)
    assert set(sides(filled).values()) == {""}
