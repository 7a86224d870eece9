"""Edits survive the way through JSON and refuse what makes no sense."""

import math

import pytest

from studio.errors import BadInput
from studio.pictures.edit import Edit


@pytest.mark.parametrize(
    "edit", [Edit(), Edit(rotate=270), Edit(crop=(0.1, 0.0, 1.0, 1 / 3), focus=(0.0, 0.75)), Edit(focus=(1.0, 0.2))]
)
def test_json_and_back(edit):
    assert Edit.from_json(edit.to_json()) == edit
    assert edit.to_json().isascii() and edit.is_empty == (edit == Edit())


def test_the_same_edit_gives_the_same_text():
    assert Edit().to_json() == '{"crop":null,"focus":[0.5,0.5],"rotate":0}'
    assert Edit.from_json("{}") == Edit()


@pytest.mark.parametrize(
    "wrong",
    [
        {"rotate": 45},
        {"crop": (0.5, 0, 0.5, 1)},
        {"crop": (0.6, 0, 0.4, 1)},
        {"crop": (-0.1, 0, 1, 1)},
        {"crop": (0, 0, 1, math.nan)},
        {"crop": (0, 0, 1)},
        {"focus": (0.5, 1.5)},
        {"focus": (0.5,)},
    ],
)
def test_impossible_edits_are_refused(wrong):
    with pytest.raises(BadInput):
        Edit(**wrong)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        '{"crop":[1,2]}',
        '{"crop":"left"}',
        '{"rotate":"x"}',
        '{"focus":null}',
        '{"zoom":2}',
        '{"focus":7}',
    ],
)
def test_unreadable_json_is_refused(text):
    with pytest.raises(BadInput):
        Edit.from_json(text)
