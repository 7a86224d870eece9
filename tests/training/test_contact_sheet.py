"""The sheet shows every picture crisp, in its place, under its label."""

import pytest
from PIL import Image

from training.contact_sheet import GAP, MARGIN, PAPER, SheetRow, contact_sheet, enlarge
from training.saturation import mean_saturation

RED, BLUE = Image.new("RGB", (64, 64), (255, 0, 0)), Image.new("RGB", (64, 64), (0, 0, 255))


def test_pictures_stand_in_rows_and_columns() -> None:
    sheet = contact_sheet([SheetRow("one", [RED, BLUE]), SheetRow("two", [BLUE, RED])], ["a", "b"], cell=128)
    right, bottom = sheet.width - MARGIN - 64, sheet.height - MARGIN - GAP - 64
    step = 128 + GAP
    colours = [[sheet.getpixel((right - x * step, bottom - y * step)) for x in (1, 0)] for y in (1, 0)]
    assert colours == [[(255, 0, 0), (0, 0, 255)], [(0, 0, 255), (255, 0, 0)]]
    counts = {colour: count for count, colour in sheet.getcolors(1_000_000)}
    assert counts[(255, 0, 0)] == counts[(0, 0, 255)] == 2 * 128 * 128


def test_labels_title_and_explanation_take_room_and_ink() -> None:
    plain = contact_sheet([SheetRow("", [RED])], [""])
    full = contact_sheet([SheetRow("a row", [RED])], ["a column"], "A title", "Some words of explanation. " * 4)
    assert full.height > plain.height + 60 and full.width > plain.width
    below = full.crop((0, full.height - 90, full.width, full.height))
    assert any(colour != PAPER for _, colour in below.getcolors(1_000_000))


def test_small_pictures_are_enlarged_without_blur() -> None:
    board = Image.new("L", (2, 2))
    board.putdata([0, 255, 255, 0])
    large = enlarge(board, 100)
    assert large.size == (100, 100) and {colour for _, colour in large.getcolors()} == {0, 255}
    assert enlarge(Image.new("RGB", (48, 80)), 128).size == (48, 80)
    assert enlarge(Image.new("RGB", (400, 200)), 100).size == (100, 50)


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="2 pictures for 1 columns"):
        contact_sheet([SheetRow("one", [RED, BLUE])], ["a"])


def test_saturation_is_none_for_greys_and_full_for_pure_colours() -> None:
    assert mean_saturation(Image.new("RGB", (8, 8), (90, 90, 90))) == 0
    assert mean_saturation(RED) == 1
    half = Image.new("RGB", (2, 1), (255, 255, 255))
    half.putpixel((0, 0), (0, 255, 0))
    assert mean_saturation(half) == 0.5
