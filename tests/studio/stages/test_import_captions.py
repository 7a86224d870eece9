"""A CSV of captions and decisions: what fits is taken, every other line is told with its number."""

from __future__ import annotations

import pytest

from studio.errors import BadInput
from studio.stages.decide import undo
from studio.stages.import_captions import import_captions


def test_captions_and_decisions_are_taken_and_bad_lines_told(filled, tmp_path):
    with filled.catalog() as catalog:
        sha = catalog.pictures.by_name("p03.png")[0].sha256
    table = tmp_path / "edits.csv"
    lines = [
        "\ufeffName,caption,decision",
        'p00.png,"a cat, ""ink""\nstyle",',
        "p01.png,,reject",
        "nowhere.png,a dog,",
        "p02.png,a dog,maybe",
        "p00.png,again,",
        f"{sha},by hash,keep",
        "p04.png,a,keep,too many",
        "",
    ]
    table.write_text("\n".join(lines), encoding="utf-8", newline="")
    report = import_captions(filled, table)
    assert (report.captions, report.decisions) == (2, 2)
    assert [number for number, _ in report.problems] == [5, 6, 7, 9]
    assert "line" in report.problems[2][1]
    with filled.catalog() as catalog:
        first, third = catalog.pictures.by_name("p00.png")[0], catalog.pictures.by_name("p03.png")[0]
    assert (first.caption, first.caption_by) == ('a cat, "ink"\nstyle', "import")
    assert (third.caption, third.decision) == ("by hash", "keep")
    assert import_captions(filled, table).captions == 0
    assert undo(filled).changed == 3


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_cells_may_be_parted_as_spreadsheets_do(filled, tmp_path, sign):
    table = tmp_path / "edits.csv"
    lines = [sign.join(["name", "caption", "decision"]), sign.join(["p00.png", '"a cat, an owl; a\tfox"', "keep"])]
    table.write_text("\r\n".join(lines), encoding="utf-8", newline="")
    report = import_captions(filled, table)
    assert (report.captions, report.decisions, report.problems) == (1, 1, [])
    with filled.catalog() as catalog:
        assert catalog.pictures.by_name("p00.png")[0].caption == "a cat, an owl; a\tfox"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"picture,words\na,b\n", "its columns are picture, words"),
        (b"name\np00.png\n", "caption or decision"),
        (b"", "missing"),
        (b"name,caption\n\xff\xfe,x\n", "no CSV in UTF-8"),
    ],
)
def test_a_table_without_the_columns_is_refused(filled, tmp_path, data, said):
    table = tmp_path / "edits.csv"
    table.write_bytes(data)
    with pytest.raises(BadInput, match=said):
        import_captions(filled, table)


def test_a_missing_file_is_refused(filled, tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        import_captions(filled, tmp_path / "none.csv")
