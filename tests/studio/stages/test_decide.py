"""Decisions are marks that follow suggestions, flags or a person, and can be taken back."""

from __future__ import annotations

import pytest

from studio.catalog import Query
from studio.errors import BadInput
from studio.stages.decide import accept_suggestions, decide, keep_rest, reject_flagged, undo
from studio.stages.duplicates import find_duplicates
from studio.stages.flags import refresh_flags
from studio.stages.ingest import ingest


def decisions(dataset) -> dict[str, str]:
    with dataset.catalog() as catalog:
        return {picture.name: picture.decision for picture in catalog.pictures.each(Query(decisions=()))}


@pytest.fixture
def doubled(dataset, folder, draw, measured):
    """Three pictures, one of them also as a smaller copy and once very dark."""
    for seed in (1, 2, 3):
        draw(folder / f"{seed}.png", seed, (128, 128))
    draw(folder / "1 small.png", 1, (80, 80))
    draw(folder / "tiny.png", 4, (20, 20))
    ingest(dataset, folder)
    return dataset


def test_suggestions_are_followed_for_undecided_pictures_only(doubled):
    applied = accept_suggestions(doubled)
    assert applied.changed == 2
    assert decisions(doubled)["1.png"] == "keep" and decisions(doubled)["1 small.png"] == "reject"
    assert accept_suggestions(doubled).changed == 0
    undo(doubled)
    assert decisions(doubled)["1 small.png"] == "undecided"


def test_a_persons_decision_is_not_overruled(doubled):
    with doubled.catalog() as catalog:
        small = catalog.pictures.by_name("1 small.png")[0].id
    decide(doubled, [small], "keep")
    accept_suggestions(doubled)
    assert decisions(doubled)["1 small.png"] == "keep"


def test_one_group_can_be_followed_alone(doubled):
    with pytest.raises(BadInput, match="no duplicate group 7"):
        accept_suggestions(doubled, [7])
    assert accept_suggestions(doubled, [1]).changed == 2


def test_flagged_pictures_are_rejected_with_the_flags_sentence(doubled):
    assert reject_flagged(doubled, "too_small").changed == 1
    with doubled.catalog() as catalog:
        picture = catalog.pictures.by_name("tiny.png")[0]
    assert picture.decision == "reject" and "20 px" in picture.decision_reason
    assert reject_flagged(doubled, "too_small").changed == 0


def test_the_rest_is_kept_at_once_and_undone_at_once(doubled):
    accept_suggestions(doubled)
    assert keep_rest(doubled).changed == 3
    assert undo(doubled).changed == 3
    assert undo(doubled).changed == 2
    assert undo(doubled) is None


def test_an_unknown_decision_is_refused(doubled):
    with pytest.raises(BadInput, match="no decision"):
        decide(doubled, [1], "maybe")


def test_sensitivity_and_thresholds_are_remembered(doubled):
    assert len(find_duplicates(doubled, "strict")) == 1
    with doubled.catalog() as catalog:
        assert catalog.settings.get("sensitivity") == "strict"
    assert refresh_flags(doubled, {"min_side_share": 2.0})["too_small"] == 5 - 3
    assert refresh_flags(doubled)["too_small"] == 2
    with pytest.raises(BadInput, match="no threshold colour"):
        refresh_flags(doubled, {"colour": 1})
    with pytest.raises(BadInput, match="must be a number"):
        refresh_flags(doubled, {"min_contrast": "much"})
    with pytest.raises(BadInput):
        find_duplicates(doubled, "wild")


def test_a_second_run_gives_the_same_groups(doubled):
    first = find_duplicates(doubled)
    assert find_duplicates(doubled) == first
