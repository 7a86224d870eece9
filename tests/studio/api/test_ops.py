"""Edits over HTTP: stored before they are answered, harmless when repeated, never silently overwritten."""

from __future__ import annotations

import sqlite3

import pytest

from studio.api.ops import CAPTION_LIMIT
from studio.catalog import Change, connection
from tests.studio.api.conftest import caption


def counts_of(client) -> dict:
    return client.get("/api/counts", params={"dataset": "ink drawings"}).json()


def test_an_edit_is_on_disk_when_it_is_answered(client, dataset, send):
    answer = send(caption(1, "a red apple")).json()
    assert answer["op"] == 1
    assert answer["results"] == [
        {"id": 1, "field": "caption", "state": "ok", "value": "a red apple", "rev": 1, "tokens": 3, "by": "you",
         "suggestion": ""},
    ]  # fmt: skip
    with dataset.catalog() as catalog:
        assert catalog.pictures.get(1).caption == "a red apple" and catalog.pictures.get(1).tokens == 3


@pytest.mark.parametrize("text", ["naïve café", "🦊 fox", 'say "hi"', "two\nlines", "", "<b>bold</b>", "a\u2028b"])
def test_any_text_comes_back_as_it_went(client, send, text):
    send(caption(1, "before"))
    assert send(caption(1, text, 1)).json()["results"][0]["value"] == text
    row = client.get("/api/items", params={"dataset": "ink drawings", "n": 1}).json()["rows"][0]
    assert row["caption"] == text


def test_half_an_emoji_is_stored_as_a_replacement(client, dataset):
    body = (
        '{"dataset":"ink drawings","client":"t","seq":1,"changes":[{"id":1,"field":"caption","value":"a \\ud83d b"}]}'
    )
    answer = client.post("/api/ops", content=body)
    assert answer.json()["results"][0]["value"] == "a � b"


def test_the_same_operation_again_gets_the_first_answer(client, dataset, send):
    first = send(caption(1, "one"), seq=7).json()
    send(caption(1, "two", 1), seq=8)
    again = send(caption(1, "one"), seq=7).json()
    assert again["op"] == first["op"] and again["results"][0]["rev"] == 1
    with dataset.catalog() as catalog:
        assert catalog.pictures.get(1).caption == "two"


@pytest.mark.parametrize("seq", [b"1e999", b"-1e999", b"NaN", b"1.5", b"-1", b"9" * 5000, b"[]", b"null"])
def test_a_senseless_number_is_refused(client, seq):
    body = b'{"dataset": "ink drawings", "client": "tab", "seq": %s, "changes": []}' % seq
    assert client.post("/api/ops", content=body).status_code == 400


def test_another_edit_under_a_used_number_is_told_and_not_swallowed(client, dataset, send):
    assert send(caption(1, "one"), seq=7).status_code == 200
    for other in ([caption(1, "two", 1)], [caption(2, "one")], [caption(1, "one"), caption(2, "one")]):
        answer = send(*other, seq=7)
        assert answer.status_code == 409 and "not saved" in answer.json()["error"]
    assert send(caption(1, "two", 1), seq=8).status_code == 200


def test_a_stale_edit_is_a_conflict_and_loses_nothing(client, dataset, send):
    send(caption(1, "theirs"), client_id="other")
    result = send(caption(1, "mine")).json()["results"][0]
    assert (result["state"], result["value"], result["rev"], result["by"]) == ("conflict", "theirs", 1, "you")
    with dataset.catalog() as catalog:
        assert {entry.new for entry in catalog.journal.history(1)} == {"theirs", "mine"}
    assert send(caption(1, "mine", 1)).json()["results"][0]["state"] == "ok"


def test_decisions_come_with_counts(client, send):
    changes = [{"id": n, "field": "decision", "value": "reject", "reason": "blurred"} for n in (1, 2)]
    counts = send(*changes, label="Reject 2 pictures").json()["counts"]
    assert counts["all"] == 4 and counts["decisions"] == {"undecided": 4, "keep": 0, "reject": 2}


def test_adjusted_counts_equal_counted_ones(client, dataset, send):
    with dataset.catalog() as catalog:
        catalog.settings.set("trigger", "ink style")
        catalog.journal.apply([Change(3, "caption", "a cat")], by="blip", label="Caption")
    counts_of(client)
    send(caption(1, "a red apple, Ink Style"), caption(2, "bear"), {"id": 4, "field": "decision", "value": "keep"})
    send(caption(3, "a dog", 1), {"id": 5, "field": "decision", "value": "reject"})
    send(caption(1, "word " * 90, 1))
    client.post("/api/undo", json={"dataset": "ink drawings"})
    adjusted = counts_of(client)
    with dataset.catalog() as catalog:
        tallies = catalog.pictures.tallies("ink style")
        assert {key: adjusted[key] for key in tallies} == tallies
        assert adjusted["decisions"] == catalog.pictures.decisions()
    assert adjusted["long"] == 0 and adjusted["no_trigger"] == 2


def test_undo_and_redo_go_through_the_journal(client, dataset, send):
    send(caption(1, "one"))
    send(caption(2, "two"))
    undone = client.post("/api/undo", json={"dataset": "ink drawings"}).json()
    assert undone["label"] == "Edit caption" and undone["results"][0]["id"] == 2
    assert undone["counts"]["empty"] == 5
    redone = client.post("/api/undo", json={"dataset": "ink drawings", "redo": True}).json()
    assert redone["results"][0]["value"] == "two" and redone["results"][0]["tokens"] == 1
    nothing = client.post("/api/undo", json={"dataset": "ink drawings", "redo": True})
    assert nothing.status_code == 400 and "nothing to redo" in nothing.json()["error"]


def test_undo_can_be_narrowed_to_decisions(client, dataset, send):
    send({"id": 1, "field": "decision", "value": "reject"}, label="Reject 1 picture")
    send(caption(2, "two"))
    undone = client.post("/api/undo", json={"dataset": "ink drawings", "fields": ["decision"]}).json()
    assert undone["results"][0]["value"] == "undecided"
    with dataset.catalog() as catalog:
        assert catalog.pictures.get(2).caption == "two"


def test_a_picture_that_is_gone_is_said_so(send):
    assert send(caption(99, "x")).json()["results"][0]["state"] == "gone"


@pytest.mark.parametrize(
    "change",
    [
        {"id": 1, "field": "sha256", "value": "x"},
        {"id": 1, "field": "decision", "value": "maybe"},
        {"id": 1, "field": "caption", "value": 7},
        {"id": 1, "field": "caption", "value": "x" * (CAPTION_LIMIT + 1)},
        {"id": "one", "field": "caption", "value": "x"},
        {"id": 1.5, "field": "caption", "value": "x"},
        {"id": 1, "field": "caption", "value": "x", "rev": "new"},
        {"id": 1, "field": ["caption"], "value": "x"},
        {"id": 1, "field": {}, "value": "x"},
        {"id": [1], "field": "caption", "value": "x"},
        "caption",
    ],
)
def test_senseless_changes_are_refused_whole(client, dataset, send, change):
    answer = send(caption(2, "fine"), change)
    assert answer.status_code == 400 and answer.json()["error"]
    with dataset.catalog() as catalog:
        assert catalog.pictures.get(2).caption == ""


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[]",
        b'{"dataset": 3}',
        b'{"dataset": "ink drawings"}',
        b"[" * 200_000,
        b'{"dataset":' * 100_000,
    ],
)
def test_senseless_bodies_are_refused(client, body):
    answer = client.post("/api/ops", content=body)
    assert answer.status_code == 400 and answer.json()["error"]


def test_a_busy_catalog_answers_503_and_a_full_disk_507(client, dataset, send, monkeypatch):
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.05)
    with dataset.catalog() as catalog, catalog.transaction():
        answer = send(caption(1, "a"))
    assert answer.status_code == 503 and "another process" in answer.json()["error"]

    def full(*_: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        with connection.explained(dataset.catalog_path):
            raise error

    monkeypatch.setattr("studio.catalog.journal.Journal.apply", lambda *_, **__: full())
    answer = send(caption(1, "a"))
    assert answer.status_code == 507 and "full" in answer.json()["error"]


def test_undo_in_the_grid_takes_back_ones_own_change_not_a_machines(client, dataset, send):
    send(caption(1, "mine"))
    with dataset.catalog() as catalog:
        catalog.journal.apply([Change(2, "caption", "a dog")], by="blip", label="Caption")
    answer = client.post("/api/undo", json={"dataset": dataset.name}).json()
    assert [(result["id"], result["state"]) for result in answer["results"]] == [(1, "ok")]
    assert client.post("/api/undo", json={"dataset": dataset.name}).status_code == 400
    redone = client.post("/api/undo", json={"dataset": dataset.name, "redo": True}).json()
    assert redone["results"][0]["value"] == "mine"


def test_the_number_without_a_trigger_follows_the_trigger(client, dataset, send):
    send(caption(1, "an inky cat"))
    assert counts_of(client)["no_trigger"] == 0
    with dataset.catalog() as catalog:
        catalog.settings.set("trigger", "ink")
    assert counts_of(client)["no_trigger"] == 1
