"""Uploads: streamed to disk under a safe name, kept once, refused with a reason."""

from __future__ import annotations

import pytest

from studio.api.uploads import safe_name
from studio.errors import BadInput


def put(client, name: str, data: bytes):
    return client.post("/api/upload", params={"dataset": "ink drawings", "name": name}, content=data)


def test_a_file_lands_whole_under_its_name(client, dataset):
    data = bytes(range(256)) * 20_000
    answer = put(client, "holiday/Cat Face.PNG", data).json()
    assert answer["name"] == "Cat Face.png" and answer["known"] is False
    assert (dataset.imported / "Cat Face.png").read_bytes() == data
    assert [path.name for path in dataset.imported.iterdir()] == ["Cat Face.png"]


def test_the_same_file_again_is_known_and_another_one_gets_its_hash(client, dataset):
    put(client, "cat.png", b"one")
    assert put(client, "cat.png", b"one").json()["known"] is True
    other = put(client, "cat.png", b"two").json()
    assert other["name"].startswith("cat-") and (dataset.imported / other["name"]).read_bytes() == b"two"
    assert put(client, "cat.png", b"two").json() == other | {"known": True}
    assert len(list(dataset.imported.iterdir())) == 2


@pytest.mark.parametrize("name", ["virus.exe", "page.html", "picture.svg", ".png", "..", "", "x" * 2000 + ".png"])
def test_other_files_are_refused_and_leave_nothing(client, dataset, name):
    answer = put(client, name, b"data")
    assert answer.status_code == 400 and answer.json()["error"]
    assert not dataset.imported.exists() or not list(dataset.imported.iterdir())


def test_an_empty_file_is_refused_and_leaves_nothing(client, dataset):
    assert put(client, "cat.png", b"").status_code == 400
    assert not list(dataset.imported.iterdir())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/cat.png", "cat.png"),
        ("C:\\pictures\\cat.jpg", "cat.jpg"),
        ("a\x00b\n<c>.webp", "a_b_c_.webp"),
        ("Käse & Brot.jpeg", "Käse _ Brot.jpeg"),
        ("...hidden.png", "hidden.png"),
        ("CON.png", "_CON.png"),
        ("com1.holiday.JPG", "_com1.holiday.jpg"),
        ("nul .txt", "_nul.txt"),
        ("console.png", "console.png"),
    ],
)
def test_names_are_made_safe(name, expected):
    assert safe_name(name) == expected


def test_an_upload_needs_the_token(client, dataset):
    answer = client.post(
        "/api/upload",
        params={"dataset": "ink drawings", "name": "a.png"},
        content=b"x",
        headers={"x-concept-studio": "no"},
    )
    assert answer.status_code == 403 and not dataset.imported.exists()


def test_a_name_without_letters_is_refused():
    with pytest.raises(BadInput):
        safe_name("   .png")
