"""Caption files beside pictures: one text of the same name, in whatever encoding people have."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from studio.errors import BadInput

BYTE_LIMIT = 256 * 1024


@dataclass(frozen=True, slots=True)
class CaptionText:
    """The text of a caption file; `encoding` is what it was read as."""

    text: str
    encoding: str


def read_caption_file(path: Path) -> CaptionText:
    """Read a caption; the text is kept as it is except for a byte order mark and the line end at the end.

    Raises: BadInput with the reason when the file is no text that can be told for certain.
    """
    try:
        with path.open("rb") as file:
            data = file.read(BYTE_LIMIT + 1)
    except OSError as error:
        raise BadInput(f"the caption file cannot be read ({error.strerror}). Check its access rights.") from error
    if len(data) > BYTE_LIMIT:
        raise BadInput(f"the caption file is larger than {BYTE_LIMIT // 1024} KB. A caption is a sentence or two.")
    text, encoding = _decoded(data)
    return CaptionText(_without_last_line_end(text), encoding)


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith(codecs.BOM_UTF8):
        return _strictly(data[len(codecs.BOM_UTF8) :], "utf-8"), "UTF-8"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(data, "utf-16"), "UTF-16"
    if b"\x00" in data:
        raise BadInput("the caption file holds NUL bytes, so it is no plain text. Save it as UTF-8.")
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _from_one_byte_letters(data)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadInput(f"the caption file begins like {encoding.upper()} but is damaged. Save it as UTF-8.") from error
    if "\x00" in text:
        raise BadInput("the caption file holds NUL characters, so it is no plain text. Save it as UTF-8.")
    return text


def _from_one_byte_letters(data: bytes) -> tuple[str, str]:
    """Western text from before UTF-8; Windows' table is Latin-1 plus curly quotes."""
    try:
        return data.decode("cp1252"), "Latin-1"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "Latin-1"


def _without_last_line_end(text: str) -> str:
    if text.endswith("\r\n"):
        return text[:-2]
    return text[:-1] if text.endswith(("\n", "\r")) else text
