"""metadata.jsonl: good lines are read, bad ones are told with their number, and rows survive save and load."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studio.errors import BadInput
from studio.formats.jsonl import read_table, table_bytes


def test_bad_lines_cost_themselves_only(tmp_path: Path):
    path = tmp_path / "metadata.jsonl"
    lines = [
        '\ufeff{"file_name": "a.png", "text": "one", "mood": "calm"}',
        "",
        "[1]",
        '{"file_name": 3, "text": "x"}',
        '{"file_name": "b.png"}',
        '{"file_name": "c.png", "text": "\\ud800"}',
        "{" * 100_000,
        '{"file_name": "d.png", "text": "last"}',
    ]
    path.write_bytes("\n".join(lines).encode("utf-8"))
    table = read_table(path)
    assert [(row.line, row.file_name, row.text) for row in table.rows] == [(1, "a.png", "one"), (8, "d.png", "last")]
    assert table.rows[0].extra == {"mood": "calm"}
    assert [number for number, _ in table.bad] == [3, 4, 5, 6, 7]
    assert all(reason for _, reason in table.bad)


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        (b'"author": "\\ud800"', "half a character"),
        (b'"k": [{"deep": ["\\udfff"]}]', "half a character"),
        (b'"\\ud800": 1', "half a character"),
        (b'"k": 1e400', "1e400 is too large"),
        (b'"k": [-1e999]', "-1e999 is too large"),
        (b'"k": NaN', "NaN is no JSON number"),
        (b'"k": "caf\xe9"', "is not UTF-8"),
    ],
)
def test_a_row_that_could_not_be_stored_is_a_bad_line(tmp_path: Path, extra: bytes, reason: str):
    good = b'{"file_name": "a.png", "text": "ok"}'
    (tmp_path / "metadata.jsonl").write_bytes(good + b"\n" + good[:-1] + b", " + extra + b"}\n" + good + b"\n")
    table = read_table(tmp_path / "metadata.jsonl")
    assert [row.line for row in table.rows] == [1, 3]
    assert [number for number, _ in table.bad] == [2] and reason in table.bad[0][1]


def test_a_file_that_is_no_text_is_refused(tmp_path: Path):
    (tmp_path / "metadata.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="Save it as UTF-8"):
        read_table(tmp_path / "metadata.jsonl")


def test_rows_survive_save_and_load(tmp_path: Path):
    text = 'emoji \U0001f431, "quotes", \\, tab\t, newline\n, \u2028, \x85, BOM \ufeff'
    data = table_bytes([{"file_name": "a.png", "text": text, "n": 1}, {"file_name": "b.png", "text": ""}])
    assert data.isascii() and data.count(b"\n") == 2
    (tmp_path / "metadata.jsonl").write_bytes(data)
    first, second = read_table(tmp_path / "metadata.jsonl").rows
    assert (first.text, second.text, first.extra) == (text, "", {"n": 1})
    assert json.loads(data.split(b"\n")[0])["text"] == text
