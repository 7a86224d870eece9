"""The trigger is found as whole words in any case, by SQL as by Python, and changing it changes the stamp."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from studio.catalog import Catalog, Change, Query
from studio.catalog.trigger_rule import count_trigger
from studio.stages.trigger import count_trigger as of_the_stages


@pytest.mark.parametrize(
    ("text", "trigger", "times"),
    [
        ("an inky cat", "ink", 0),
        ("ÖL BILD", "öl bild", 1),
        ("ink  style", "Ink Style", 1),
        ("", "ink", 0),
        ("a", "", 0),
    ],
)
def test_sql_and_python_agree(tmp_path: Path, text, trigger, times):
    assert count_trigger(text, trigger) == times and of_the_stages is count_trigger
    with Catalog.create(tmp_path / "catalog.sqlite") as catalog:
        facts = SimpleNamespace(sha256="0" * 64, size_bytes=1, format="PNG", mode="RGB", width=8, height=8)
        catalog.pictures.add(facts, "/1.png", "1.png")
        catalog.journal.apply([Change(1, "caption", text)], label="Edit")
        lacking = int(bool(text and trigger) and times == 0)
        assert catalog.pictures.count(Query(show="no_trigger", trigger=trigger)) == lacking
        assert catalog.pictures.tallies(trigger)["no_trigger"] == lacking


def test_a_new_trigger_changes_the_stamp(tmp_path: Path):
    with Catalog.create(tmp_path / "catalog.sqlite") as catalog:
        before = catalog.pictures.stamp()
        catalog.settings.set("trigger", "ink style")
        assert catalog.pictures.stamp() != before
