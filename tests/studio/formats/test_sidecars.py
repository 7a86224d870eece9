"""Caption files: the text is kept to the letter, and what is no text is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.errors import BadInput
from studio.formats.sidecars import BYTE_LIMIT, CaptionText, read_caption_file


@pytest.mark.parametrize(
    "text", ["a cat", "", "two\nlines", " spaces ", "emoji \U0001f431 \u2028", "ends with\n", '"q"']
)
def test_text_is_kept_to_the_letter(tmp_path: Path, text: str):
    for end in ("\n", "\r\n"):
        (tmp_path / "a.txt").write_bytes((text + end).encode("utf-8"))
        assert read_caption_file(tmp_path / "a.txt") == CaptionText(text, "UTF-8")


def test_the_encoding_is_told(tmp_path: Path):
    (tmp_path / "a.txt").write_bytes("caf\u00e9 \u201cquoted\u201d".encode("cp1252"))
    caption = read_caption_file(tmp_path / "a.txt")
    assert (caption.text, caption.encoding) == ("caf\u00e9 \u201cquoted\u201d", "Latin-1")


def test_what_is_no_caption_is_refused(tmp_path: Path):
    (tmp_path / "big.txt").write_bytes(b"a" * (BYTE_LIMIT + 1))
    with pytest.raises(BadInput, match="larger than"):
        read_caption_file(tmp_path / "big.txt")
    with pytest.raises(BadInput, match="cannot be read"):
        read_caption_file(tmp_path / "none.txt")
