"""Pictures side by side in one labelled sheet, with an explanation below."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

INK, FAINT, PAPER = (28, 30, 34), (96, 100, 108), (255, 255, 255)
GAP, MARGIN = 8, 24
LABEL_SIZE, TITLE_SIZE, TEXT_SIZE = 17, 22, 17


@dataclass(frozen=True)
class SheetRow:
    """One row of pictures of equal size; the label stands left of it and may have several lines."""

    label: str
    pictures: Sequence[Image.Image]


def contact_sheet(
    rows: Sequence[SheetRow],
    columns: Sequence[str],
    title: str = "",
    explanation: str = "",
    cell: int = 128,
) -> Image.Image:
    """An RGB sheet: a label above each column and left of each row, pictures scaled to fit `cell` pixels.

    Small pictures are enlarged by whole factors without blur, so that their pixels stay crisp.

    Raises:
        ValueError: a row has another number of pictures than there are columns.
    """
    for row in rows:
        if len(row.pictures) != len(columns):
            raise ValueError(f"row {row.label!r} has {len(row.pictures)} pictures for {len(columns)} columns")
    side = max(_lines_width(row.label, LABEL_SIZE) for row in rows) + MARGIN
    width = 2 * MARGIN + side + len(columns) * (cell + GAP) - GAP
    head = MARGIN + (TITLE_SIZE + MARGIN if title else 0)
    names = _wrap_all(columns, cell)
    below = head + max(len(lines) for lines in names) * (LABEL_SIZE + 4) + GAP
    foot = below + len(rows) * (cell + GAP)
    text = _wrap(explanation, width - 2 * MARGIN, TEXT_SIZE)
    height = foot + (GAP + len(text) * (TEXT_SIZE + 8) if text else 0) + MARGIN
    sheet = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((MARGIN, MARGIN), title, INK, _font(TITLE_SIZE))
    for number, lines in enumerate(names):
        x = MARGIN + side + number * (cell + GAP) + cell // 2
        _text_block(draw, lines, (x, below - GAP - len(lines) * (LABEL_SIZE + 4)), LABEL_SIZE, FAINT, "ma")
    for number, row in enumerate(rows):
        _paste_row(sheet, draw, row, (MARGIN, below + number * (cell + GAP)), side, cell)
    _text_block(draw, text, (MARGIN, foot + GAP), TEXT_SIZE, INK, "la", leading=8)
    return sheet


def enlarge(picture: Image.Image, cell: int) -> Image.Image:
    """The picture as large as fits into a square of `cell` pixels, enlarged by whole factors only."""
    longest = max(picture.size)
    if longest <= cell:
        factor = cell // longest
        return picture.resize((picture.width * factor, picture.height * factor), Image.Resampling.NEAREST)
    scale = cell / longest
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _paste_row(
    sheet: Image.Image, draw: ImageDraw.ImageDraw, row: SheetRow, corner: tuple[int, int], side: int, cell: int
) -> None:
    left, top = corner
    lines = row.label.split("\n")
    middle = top + (cell - len(lines) * (LABEL_SIZE + 4)) // 2
    _text_block(draw, lines, (left, middle), LABEL_SIZE, INK, "la")
    for number, picture in enumerate(row.pictures):
        large = enlarge(picture.convert("RGB"), cell)
        x = left + side + number * (cell + GAP) + (cell - large.width) // 2
        sheet.paste(large, (x, top + (cell - large.height) // 2))


def _text_block(
    draw: ImageDraw.ImageDraw,
    lines: Sequence[str],
    place: tuple[int, int],
    size: int,
    colour: tuple[int, int, int],
    anchor: str,
    leading: int = 4,
) -> None:
    for number, line in enumerate(lines):
        draw.text((place[0], place[1] + number * (size + leading)), line, colour, _font(size), anchor=anchor)


def _wrap_all(labels: Sequence[str], width: int) -> list[list[str]]:
    return [_wrap(label, width, LABEL_SIZE) for label in labels]


def _wrap(text: str, width: int, size: int) -> list[str]:
    """Lines of at most `width` pixels; a word that is longer stands alone."""
    lines: list[str] = []
    for paragraph in text.split("\n") if text else []:
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and _font(size).getlength(longer) > width:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines


def _lines_width(text: str, size: int) -> int:
    return max(round(_font(size).getlength(line)) for line in text.split("\n"))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The font that comes with Pillow: the same on every machine."""
    return ImageFont.load_default(size)
