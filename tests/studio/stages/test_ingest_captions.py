"""Captions beside pictures: encodings, clashes, tables, and never a change of a caption that is there."""

from __future__ import annotations

import json

import pytest

from studio.catalog import Query
from studio.stages.edit_captions import set_caption
from studio.stages.ingest import ingest


def captions(dataset) -> dict[str, str]:
    with dataset.catalog() as catalog:
        return {picture.name: picture.caption for picture in catalog.pictures.each(Query(decisions=()))}


def picture(dataset, name):
    with dataset.catalog() as catalog:
        return catalog.pictures.by_name(name)[0]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"a cat\n", "a cat"),
        (b"\xef\xbb\xbfa cat", "a cat"),
        ("a caf\u00e9 \U0001f431\r\n".encode(), "a caf\u00e9 \U0001f431"),
        ("a caf\u00e9".encode("utf-16"), "a caf\u00e9"),
        ("a caf\u00e9".encode("latin-1"), "a caf\u00e9"),
        (b"two\nlines \n", "two\nlines "),
        (b'"quotes", \\ and  spaces', '"quotes", \\ and  spaces'),
        ("line\u2028separator".encode(), "line\u2028separator"),
    ],
)
def test_text_is_kept_to_the_letter(dataset, folder, draw, measured, data, text):
    draw(folder / "a.png")
    (folder / "a.txt").write_bytes(data)
    report = ingest(dataset, folder)
    assert report.captions_imported == 1
    assert captions(dataset) == {"a.png": text}
    assert picture(dataset, "a.png").caption_by == "import"


@pytest.mark.parametrize("data", [b"a\x00b", b"\xff\xfea\x00\x00\x00", b"\xef\xbb\xbf\xff\xff"])
def test_a_file_that_is_no_text_is_refused_with_a_reason(dataset, folder, draw, measured, data):
    draw(folder / "a.png")
    (folder / "a.txt").write_bytes(data)
    report = ingest(dataset, folder)
    assert [row.name for row in report.refused] == ["a.txt"] and report.refused[0].reason
    assert captions(dataset) == {"a.png": ""}


def test_a_second_ingest_changes_no_caption(dataset, folder, draw, measured):
    draw(folder / "a.png")
    (folder / "a.txt").write_text("first")
    ingest(dataset, folder)
    set_caption(dataset, picture(dataset, "a.png").id, "mine")
    (folder / "a.txt").write_text("changed outside")
    assert ingest(dataset, folder).captions_imported == 0
    assert captions(dataset) == {"a.png": "mine"}
    set_caption(dataset, picture(dataset, "a.png").id, "")
    (folder / "a.txt").write_text("again")
    assert ingest(dataset, folder).captions_imported == 0
    assert captions(dataset) == {"a.png": ""}


def test_a_caption_that_came_later_is_imported(dataset, folder, draw, measured):
    draw(folder / "a.png")
    ingest(dataset, folder)
    (folder / "a.caption").write_text("late")
    assert ingest(dataset, folder).captions_imported == 1
    assert captions(dataset) == {"a.png": "late"}


def test_a_picture_that_came_after_its_caption_gets_it(dataset, folder, draw, measured):
    (folder / "a.txt").write_text("early")
    assert [row.name for row in ingest(dataset, folder).ignored] == ["a.txt"]
    draw(folder / "a.png")
    report = ingest(dataset, folder)
    assert report.captions_imported == 1 and not report.ignored


def test_pictures_that_share_a_name_share_the_text_and_it_is_said(dataset, folder, draw, measured):
    draw(folder / "a.png", 1)
    draw(folder / "a.jpg", 2)
    (folder / "a.txt").write_text("both")
    report = ingest(dataset, folder)
    assert captions(dataset) == {"a.png": "both", "a.jpg": "both"}
    assert any("a.jpg and a.png" in note for note in report.notes)


def test_a_table_brings_captions_tags_and_unknown_keys(dataset, folder, draw, measured):
    draw(folder / "one.png", 1)
    draw(folder / "sub" / "two.png", 2)
    lines = [
        json.dumps({"file_name": "one.png", "text": "a cat", "tags": ["ink"], "licence": "MIT", "mood": "calm"}),
        "",
        '{"file_name": "one.png"}',
        "not json",
        '{"file_name": "../secret.png", "text": "x"}',
        '{"file_name": "gone.png", "text": "x"}',
        '{"file_name": "one.png", "text": NaN}',
        json.dumps({"file_name": "sub/two.png", "text": "two\u2028lines", "repeats": 3}),
    ]
    (folder / "metadata.jsonl").write_text("\n".join(lines), encoding="utf-8")
    report = ingest(dataset, folder)
    assert report.captions_imported == 2
    assert captions(dataset) == {"one.png": "a cat", "sub/two.png": "two\u2028lines"}
    one, two = picture(dataset, "one.png"), picture(dataset, "sub/two.png")
    assert (one.tags, one.licence, dict(one.extra)) == (("ink",), "MIT", {"mood": "calm"})
    assert two.repeats == 3
    told = [note for note in report.notes if note.startswith("metadata.jsonl line")]
    assert [int(note.split()[2].rstrip(":")) for note in told] == [3, 4, 5, 6, 7]
    assert "leads out of the folder" in told[2]


def test_a_table_is_read_once(dataset, folder, draw, measured):
    draw(folder / "a.png")
    (folder / "metadata.jsonl").write_text('{"file_name": "a.png", "text": "a cat", "mood": "calm"}\n')
    ingest(dataset, folder)
    assert ingest(dataset, folder).captions_imported == 0
    assert dict(picture(dataset, "a.png").extra) == {"mood": "calm"}
