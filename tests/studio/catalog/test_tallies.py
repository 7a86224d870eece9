"""Counts over the whole catalog, what is left to decide, and the way forward after an undo."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from studio.catalog import Catalog, Change, Flag, Group, GroupMember, Query
from studio.catalog.query import TOKEN_LIMIT


@pytest.fixture
def catalog(tmp_path: Path):
    with Catalog.create(tmp_path / "catalog.sqlite") as opened:
        for number in range(1, 6):
            facts = SimpleNamespace(sha256=f"{number:064x}", size_bytes=1, format="PNG", mode="RGB", width=8, height=8)
            opened.pictures.add(facts, f"/pictures/{number}.png", f"{number}.png")
        yield opened


def write(catalog: Catalog, number: int, text: str, by: str = "you"):
    return catalog.journal.apply([Change(number, "caption", text)], by=by, label=f"Edit {number}")


def test_tallies_agree_with_the_queries(catalog):
    write(catalog, 1, "a cat, ink style")
    write(catalog, 2, "a dog", by="blip")
    write(catalog, 1, "a tiger", by="blip")
    catalog.pictures.set_tokens([(2, 1, TOKEN_LIMIT + 1)])
    catalog.journal.apply([Change(5, "decision", "reject")], label="Reject")
    tallies = catalog.pictures.tallies("ink style")
    assert tallies == {
        "all": 4, "empty": 2, "suggestions": 1, "long": 1, "by_you": 1, "by_machine": 1, "no_trigger": 1,
    }  # fmt: skip
    for show, count in tallies.items():
        assert catalog.pictures.count(Query(show=show, trigger="ink style")) == count


def test_no_caption_misses_a_trigger_that_is_not_set(catalog):
    write(catalog, 1, "a cat")
    assert catalog.pictures.tallies("")["no_trigger"] == 0


def test_an_empty_catalog_has_tallies(tmp_path):
    with Catalog.create(tmp_path / "empty.sqlite") as empty:
        assert set(empty.pictures.tallies("x").values()) == {0}
        assert empty.findings.to_decide() == 0


def test_what_is_to_decide_counts_each_picture_once(catalog):
    catalog.findings.replace_flags({1: [Flag("dark", 1, 2, "dark")], 2: [Flag("dark", 1, 2, "dark")]})
    members = (GroupMember(1, 0, "keeper", "keep", "sharper"), GroupMember(3, 2, "similar", "reject", "smaller"))
    catalog.findings.replace_groups([Group(1, "alike", members)])
    assert catalog.findings.to_decide() == 3
    catalog.journal.apply([Change(3, "decision", "reject")], label="Reject")
    assert catalog.findings.to_decide() == 2


def test_redo_goes_forward_step_by_step_until_something_new_is_done(catalog):
    write(catalog, 1, "one")
    write(catalog, 2, "two")
    catalog.journal.undo()
    catalog.journal.undo()
    for expected in ("Edit 1", "Edit 2"):
        number, label = catalog.journal.last_undone()
        assert label == expected
        catalog.journal.undo(number)
    assert catalog.journal.last_undone() is None
    assert [catalog.pictures.get(number).caption for number in (1, 2)] == ["one", "two"]
    catalog.journal.undo()
    write(catalog, 3, "three")
    assert catalog.journal.last_undone() is None


def test_redo_of_captions_looks_past_decisions(catalog):
    write(catalog, 1, "one")
    catalog.journal.undo()
    catalog.journal.apply([Change(2, "decision", "reject")], label="Reject")
    assert catalog.journal.last_undone(("caption",)) is not None
    assert catalog.journal.last_undone(("decision",)) is None
