"""The journal: conflicts, idempotence, human text, undo and redo."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from studio.catalog import Catalog, Change, Query
from studio.errors import NothingToDo


@pytest.fixture
def catalog(tmp_path: Path):
    with Catalog.create(tmp_path / "catalog.sqlite") as opened:
        for number in range(1, 4):
            facts = SimpleNamespace(sha256=f"{number:064x}", size_bytes=1, format="PNG", mode="RGB", width=8, height=8)
            opened.pictures.add(facts, f"/pictures/{number}.png", f"{number}.png")
        yield opened


def caption(number: int, text: str, **more) -> Change:
    return Change(number, "caption", text, **more)


def test_a_caption_is_written_with_author_and_revision(catalog):
    applied = catalog.journal.apply([caption(1, "a cat", old_rev=0)], label="Edit")
    picture = catalog.pictures.get(1)
    assert applied.changed == 1
    assert (picture.caption, picture.caption_by, picture.caption_rev) == ("a cat", "you", 1)


def test_a_stale_revision_is_a_conflict_and_both_texts_stay(catalog):
    catalog.journal.apply([caption(1, "first", old_rev=0)], label="Edit")
    applied = catalog.journal.apply([caption(1, "second", old_rev=0)], label="Edit")
    assert applied.results[0].state == "conflict" and applied.results[0].value == "first"
    assert catalog.pictures.get(1).caption == "first"
    assert {entry.new for entry in catalog.journal.history(1)} == {"first", "second"}


def test_a_repeated_request_gets_the_first_answer(catalog):
    first = catalog.journal.apply([caption(1, "a cat", old_rev=0)], label="Edit", client="tab", seq=1)
    again = catalog.journal.apply([caption(1, "a cat", old_rev=0)], label="Edit", client="tab", seq=1)
    assert again == first
    assert len(catalog.journal.history(1)) == 1


def test_a_machine_leaves_human_text_and_suggests(catalog):
    catalog.journal.apply([caption(1, "my words")], label="Edit")
    catalog.journal.apply([caption(1, "a dog"), caption(2, "a cat")], by="blip", label="Caption")
    one, two = catalog.pictures.many([1, 2])
    assert (one.caption, one.suggestion, one.suggestion_by) == ("my words", "a dog", "blip")
    assert (two.caption, two.caption_by) == ("a cat", "blip")
    catalog.journal.apply([caption(1, "a dog")], by="blip", label="Caption", replace_human=True)
    assert catalog.pictures.get(1).caption == "a dog"


def test_a_batch_edit_keeps_the_author(catalog):
    catalog.journal.apply([caption(2, "a cat")], by="blip", label="Caption")
    catalog.journal.apply([caption(2, "a cat, ink", by="blip")], label="Add suffix")
    assert catalog.pictures.get(2).caption_by == "blip"


def test_undo_takes_back_a_whole_batch_and_undo_of_undo_brings_it_again(catalog):
    batch = catalog.journal.apply([caption(n, f"text {n}") for n in (1, 2, 3)], label="Batch")
    undone = catalog.journal.undo()
    assert undone.changed == 3 and catalog.pictures.count(Query(show="empty")) == 3
    assert catalog.journal.undo() is None
    catalog.journal.undo(undone.op_id)
    assert catalog.pictures.get(2).caption == "text 2" and catalog.pictures.get(2).caption_by == "you"
    assert catalog.journal.last() == (batch.op_id, "Batch")


def test_undo_leaves_what_was_changed_since(catalog):
    first = catalog.journal.apply([caption(1, "one"), caption(2, "two")], label="Batch")
    catalog.journal.apply([caption(1, "mine")], label="Edit")
    undone = catalog.journal.undo(first.op_id)
    assert (undone.changed, undone.conflicts) == (1, 1)
    assert catalog.pictures.get(1).caption == "mine" and catalog.pictures.get(2).caption == ""


def test_decisions_are_journalled_with_their_reason(catalog):
    catalog.journal.apply([Change(1, "decision", "reject", reason="blurred")], label="Reject")
    assert catalog.pictures.get(1).decision_reason == "blurred"
    assert catalog.pictures.count() == 2
    catalog.journal.undo(fields=("decision",))
    assert catalog.pictures.get(1).decision == "undecided"


def test_nothing_to_do_leaves_no_operation(catalog):
    assert catalog.journal.apply([caption(1, "")], by="", label="Edit").op_id == 0
    assert catalog.journal.last() is None


def test_a_missing_picture_is_answered_as_gone(catalog):
    assert catalog.journal.apply([caption(99, "x")], label="Edit").results[0].state == "gone"


def test_a_machine_run_is_taken_back_as_a_whole_and_brings_a_persons_text_back(catalog):
    catalog.journal.apply([caption(1, "my words")], label="Edit")
    for number in (1, 2, 3):
        catalog.journal.apply(
            [caption(number, "a dog")], by="blip", label="Caption pictures", replace_human=True, run="r1"
        )
    assert [(one.label, one.pictures, one.by) for one in catalog.journal.operations()] == [
        ("Caption pictures", 3, "blip"), ("Edit", 1, "you"),
    ]  # fmt: skip
    undone = catalog.journal.undo()
    assert (undone.changed, undone.label) == (3, "Caption pictures")
    assert (catalog.pictures.get(1).caption, catalog.pictures.get(1).caption_by) == ("my words", "you")
    assert catalog.pictures.get(2).caption == "" and catalog.journal.operations()[1].undone
    assert catalog.journal.undo(undone.op_id).changed == 3
    assert catalog.pictures.get(1).caption == "a dog" and not catalog.journal.operations()[2].undone


def test_an_operation_of_which_nothing_can_be_taken_back_stays_and_does_not_block(catalog):
    catalog.journal.apply([caption(2, "older")], label="Older")
    mine = catalog.journal.apply([caption(1, "my words")], label="Edit")
    machine = catalog.journal.apply([caption(1, "a dog")], by="blip", label="Caption", replace_human=True)
    refused = catalog.journal.undo(mine.op_id)
    assert (refused.op_id, refused.changed, refused.conflicts) == (0, 0, 1)
    assert catalog.journal.last(by=("you",))[1] == "Older"
    assert catalog.journal.undo().label == "Caption" and machine.op_id
    assert catalog.journal.undo().label == "Edit"
    assert catalog.journal.undo(by=("you",)).label == "Older"


def test_undo_of_an_unknown_or_undone_operation_is_refused(catalog):
    with pytest.raises(NothingToDo, match="no operation 99999"):
        catalog.journal.undo(99999)
    done = catalog.journal.apply([caption(1, "a")], label="Edit")
    catalog.journal.undo()
    with pytest.raises(NothingToDo, match="already"):
        catalog.journal.undo(done.op_id)


def test_undo_of_an_accepted_suggestion_brings_the_suggestion_back_and_redo_takes_it_again(catalog):
    catalog.journal.apply([Change(1, "suggestion", "a cat")], by="blip", label="Suggest")
    catalog.journal.apply([caption(1, "a cat")], label="Accept")
    assert (catalog.pictures.get(1).caption, catalog.pictures.get(1).suggestion) == ("a cat", "")
    undone = catalog.journal.undo()
    picture = catalog.pictures.get(1)
    assert (picture.caption, picture.suggestion, picture.suggestion_by) == ("", "a cat", "blip")
    assert (undone.changed, undone.conflicts) == (1, 0)
    again = catalog.journal.undo(undone.op_id)
    assert (again.changed, again.conflicts) == (1, 0)
    assert (catalog.pictures.get(1).caption, catalog.pictures.get(1).suggestion) == ("a cat", "")
