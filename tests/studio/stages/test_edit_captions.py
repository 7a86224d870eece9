"""Captions in bulk: preview equals what is done, one undo takes it back, the trigger stands exactly once."""

from __future__ import annotations

import pytest

from studio.catalog import Query
from studio.errors import BadInput, ChangedElsewhere, PictureNotFound
from studio.stages.decide import undo
from studio.stages.edit_captions import CaptionEdit, apply_edit, edited, preview, set_caption
from studio.stages.trigger import count_trigger, set_trigger, swapped, with_trigger


def captions(dataset) -> list[str]:
    with dataset.catalog() as catalog:
        return [picture.caption for picture in catalog.pictures.each(Query())]


@pytest.fixture
def captioned(filled):
    with filled.catalog() as catalog:
        ids = catalog.pictures.ids()
    for number, text in zip(ids, ["a photo of a Cat", "a dog, ink style", "Ink Style, ink style owl"], strict=False):
        set_caption(filled, number, text)
    return filled


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("a cat", "a cat, ink style"),
        ("a cat,", "a cat, ink style"),
        ("a cat, ink style", "a cat, ink style"),
        ("Ink Style, a cat", "Ink Style, a cat"),
        ("ink style, a cat, ink style", "ink style, a cat"),
        ("a cat, ink style, INK STYLE, black", "a cat, ink style, black"),
        ("a cat in ink  style", "a cat in ink  style"),
        ("a pink style", "a pink style, ink style"),
        ("", "ink style"),
    ],
)
def test_the_trigger_stands_exactly_once(caption, expected):
    result = with_trigger(caption, "ink style")
    assert result == expected
    assert count_trigger(result, "ink style") == 1
    assert with_trigger(result, "ink style") == result


def test_a_trigger_of_signs_is_taken_literally():
    assert with_trigger("a cat", "<s*>") == "a cat, <s*>"
    assert with_trigger("a <s*> cat", "<s*>") == "a <s*> cat"


def test_preview_writes_nothing_and_apply_does_what_it_showed(captioned):
    before = captions(captioned)
    edit = CaptionEdit(find="a photo of ", replace="", suffix=".")
    shown = preview(captioned, edit)
    assert captions(captioned) == before and len(shown) == 3
    applied = apply_edit(captioned, edit)
    assert applied.changed == 3
    assert (
        [text for _, text in shown]
        == captions(captioned)[:3]
        == ["a Cat.", "a dog, ink style.", "Ink Style, ink style owl."]
    )
    assert preview(captioned, CaptionEdit(suffix=".")) == []
    undo(captioned)
    assert captions(captioned) == before


def test_the_trigger_edit_is_remembered_and_once_is_enough(captioned):
    edit = CaptionEdit(trigger="ink style")
    apply_edit(captioned, edit)
    assert captions(captioned)[:3] == ["a photo of a Cat, ink style", "a dog, ink style", "Ink Style, owl"]
    assert preview(captioned, edit) == []
    with captioned.catalog() as catalog:
        assert catalog.settings.get("trigger") == "ink style"


def test_a_new_trigger_takes_the_place_of_the_earlier_one(captioned):
    set_trigger(captioned, "ink style")
    applied = set_trigger(captioned, "brush style")
    assert applied.changed == 2
    assert captions(captioned)[:3] == ["a photo of a Cat", "a dog, brush style", "brush style, owl"]
    with pytest.raises(BadInput, match="cannot be a trigger"):
        set_trigger(captioned, "two\nlines")


@pytest.mark.parametrize(
    ("caption", "earlier", "trigger", "expected"),
    [
        ("a cat, ink style bold", "ink style", "ink style bold", "a cat, ink style bold"),
        ("a cat, ink style", "ink style", "ink style bold", "a cat, ink style bold"),
        ("a cat, blue ink", "ink", "blue ink", "a cat, blue ink"),
        ("an ink cat, Blue Ink", "ink", "blue ink", "an blue ink cat"),
        ("a cat, ink style bold", "ink style bold", "ink style", "a cat, ink style"),
        ("a cat, blue ink", "blue ink", "ink", "a cat, ink"),
        ("a dog", "ink", "blue ink", "a dog, blue ink"),
    ],
)
def test_a_trigger_that_holds_the_earlier_one_is_not_doubled(caption, earlier, trigger, expected):
    assert swapped(caption, earlier, trigger) == expected


def test_find_and_replace_plain_and_regex():
    assert edited("A Cat.", CaptionEdit(find="a cat.", replace=r"\1")) == r"\1"
    assert edited("A Cat.", CaptionEdit(find="a cat", replace="x", match_case=True)) == "A Cat."
    assert edited("dog 12", CaptionEdit(find=r"(\w+) (\d+)", replace=r"\2 \1", regex=True)) == "12 dog"
    for edit in (CaptionEdit(find="(", regex=True), CaptionEdit(find="d", replace=r"\3", regex=True)):
        with pytest.raises(BadInput, match="regular expression"):
            edited("dog", edit)


def test_tags_are_deduplicated_and_sorted():
    assert edited("b, a , B,, c", CaptionEdit(dedupe_tags=True)) == "b, a, c"
    assert edited("b, a", CaptionEdit(sort_tags=True)) == "a, b"
    assert edited("  a   cat ", CaptionEdit(strip=True)) == "a cat"
    assert edited("", CaptionEdit(prefix="x ", suffix=" y", trigger="t")) == ""


def test_a_batch_edit_keeps_machine_text_machine_text(filled):
    from studio.catalog import Change

    with filled.catalog() as catalog:
        catalog.journal.apply([Change(1, "caption", "a cat")], by="blip", label="Caption")
    apply_edit(filled, CaptionEdit(suffix=" there"))
    with filled.catalog() as catalog:
        picture = catalog.pictures.get(1)
    assert (picture.caption, picture.caption_by) == ("a cat there", "blip")
    assert picture.tokens == 3


def test_one_caption_is_written_with_its_revision(filled):
    set_caption(filled, 1, "one", old_rev=0)
    with pytest.raises(ChangedElsewhere, match="'one'"):
        set_caption(filled, 1, "two", old_rev=0)
    with pytest.raises(PictureNotFound):
        set_caption(filled, 999, "x")
