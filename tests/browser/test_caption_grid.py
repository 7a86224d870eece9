"""The caption grid in a real browser: nothing typed is lost, everything can be taken back."""

from __future__ import annotations

import pytest

from studio.catalog import Change
from tests.browser.grid_page import GridPage


@pytest.fixture
def grid(page, app, dataset) -> GridPage:
    return GridPage(page, app.url, dataset)


def wait_until(grid: GridPage, condition: str) -> None:
    """Wait for a JavaScript condition; `$` finds inside the grid's shadow tree."""
    find = "(s) => [...document.querySelectorAll('*')].map((n) => n.shadowRoot?.querySelector(s)).find(Boolean)"
    grid.tab.wait_for_function(f"() => {{ const $ = {find}; return {condition}; }}")


def test_an_edit_is_there_after_a_reload(grid):
    grid.open().edit(0, "a red apple, ink style")
    grid.press("Control+Enter").saved()
    assert grid.stored(1) == "a red apple, ink style"
    assert grid.tab.locator("textarea").get_attribute("aria-label") == "Caption of 02 drawing.png"
    grid.reload()
    assert grid.text(0) == "a red apple, ink style"
    assert grid.card(0).locator(".tr").inner_text() == "ink style"
    assert grid.card(0).locator(".meta").text_content() == "you · 6 of 75 · ✓ saved"
    assert grid.chip("empty") == 11


def test_a_killed_server_costs_no_typed_text(grid, app):
    grid.open().edit(0, "before the kill").press("Escape").saved()
    app.kill()
    grid.edit(1, "typed while it was dead").press("Escape")
    grid.edit(2, "and one that was never left")
    grid.tab.wait_for_selector(".status[data-state=offline]")
    app.start()
    grid.saved()
    assert [grid.stored(number) for number in (1, 2, 3)] == [
        "before the kill", "typed while it was dead", "and one that was never left",
    ]  # fmt: skip


def test_a_draft_survives_a_reload_that_comes_before_the_save(grid, app):
    grid.open()
    app.kill()
    grid.edit(3, "half a thou")
    app.start()
    grid.reload().saved()
    wait_until(grid, "$('.card[data-id=\"4\"] .cap').textContent === 'half a thou'")
    assert grid.stored(4) == "half a thou"


def test_undo_and_redo_work_after_a_reload(grid):
    grid.open().edit(0, "first").press("Escape").saved()
    grid.edit(1, "second").press("Escape").saved()
    grid.reload().press("Control+z")
    wait_until(grid, "$('.toast')?.textContent.startsWith('Undone')")
    assert (grid.stored(1), grid.stored(2)) == ("first", "")
    assert grid.text(1) == "No caption yet"
    grid.press("Control+Shift+z")
    wait_until(grid, "$('.toast')?.textContent.startsWith('Done again')")
    assert grid.text(1) == grid.stored(2) == "second"


def test_x_rejects_and_goes_on(grid):
    grid.open().focus(2).press("x", "x").saved()
    with grid.dataset.catalog() as catalog:
        assert [catalog.pictures.get(number).decision for number in (3, 4, 5)] == ["reject", "reject", "undecided"]
    assert grid.chip("all") == 10 and grid.chip("rejected") == 2
    assert "rejected" in grid.card(2).get_attribute("class").split()
    grid.press("ArrowLeft", "u").saved()
    assert grid.chip("rejected") == 1


def test_several_are_chosen_and_decided_as_one_step(grid):
    grid.open().focus(0).press("Space", "Shift+ArrowRight", "Shift+ArrowRight")
    assert grid.tab.locator(".selected-bar").inner_text().startswith("3 pictures chosen")
    grid.press("p").saved()
    grid.press("Control+z")
    wait_until(grid, "$('.toast')?.textContent === 'Undone: Keep 3 pictures.'")
    with grid.dataset.catalog() as catalog:
        assert catalog.pictures.decisions()["keep"] == 0


def test_two_tabs_do_not_overwrite_each_other(grid, context, app):
    grid.open()
    other = GridPage(context.new_page(), app.url, grid.dataset).open()
    grid.tab.bring_to_front()
    other.edit(0, "theirs").press("Escape").saved()
    grid.edit(0, "mine").press("Escape")
    conflict = grid.card(0).locator(".conflict")
    assert "theirs" in conflict.inner_text()
    assert grid.stored(1) == "theirs"
    conflict.get_by_text("Keep mine").click()
    grid.saved()
    assert grid.stored(1) == "mine"
    grid.card(0).locator(".conflict").wait_for(state="detached")


def test_an_open_box_follows_a_change_elsewhere_until_something_is_typed(grid):
    grid.open().card(0).locator(".cap").click()
    with grid.dataset.catalog() as catalog:
        catalog.journal.apply([Change(1, "caption", "from elsewhere")], label="Edit")
    wait_until(grid, "$('textarea').value === 'from elsewhere'")
    grid.tab.keyboard.type(", and more")
    grid.press("Escape").saved()
    assert grid.stored(1) == "from elsewhere, and more"


def test_tab_takes_a_suggestion(grid):
    with grid.dataset.catalog() as catalog:
        catalog.journal.apply([Change(2, "suggestion", "a rocket")], by="blip", label="Caption")
    grid.open().focus(1).press("Tab").saved()
    assert grid.stored(2) == "a rocket"
    assert grid.card(1).locator(".sug").count() == 0


def test_cards_are_low_and_cut_nothing_off(grid):
    with grid.dataset.catalog() as catalog:
        catalog.journal.apply([Change(1, "caption", "many words " * 30)], label="long")
        catalog.journal.apply([Change(2, "suggestion", "a crown")], label="suggest")
    grid.open()
    for place in (0, 1, 2):
        card, pic, meta = (
            grid.card(place).bounding_box(),
            *(grid.card(place).locator(part).bounding_box() for part in (".pic", ".meta")),
        )
        assert card["height"] - pic["height"] <= 100
        assert meta["y"] + meta["height"] <= card["y"] + card["height"]
        assert grid.card(place).evaluate("card => card.scrollHeight <= card.clientHeight")
    low = grid.card(0).bounding_box()["height"]
    grid.card(0).locator(".cap").click()
    assert grid.card(0).bounding_box()["height"] > low


def test_place_filter_and_columns_are_kept(grid):
    grid.open().focus(7).press("End")
    grid.tab.get_by_label("Columns").select_option("3")
    grid.tab.get_by_label("Filter pictures").fill("drawing")
    wait_until(grid, "$('.grid').dataset.words === 'drawing'")
    grid.reload()
    assert grid.tab.get_by_label("Filter pictures").input_value() == "drawing"
    assert grid.tab.get_by_label("Columns").input_value() == "3"
    assert grid.tab.locator(".card[tabindex='0']").get_attribute("data-id") == "12"


def test_the_loupe_shows_the_picture_and_its_history(grid):
    grid.open().edit(0, "one").press("Escape").saved()
    grid.press("e")
    loupe = grid.tab.locator(".loupe")
    loupe.locator(".entry").first.wait_for()
    assert "96 × 65" in loupe.inner_text() and "What the trainer will see" in loupe.inner_text()
    grid.press("ArrowRight")
    loupe.get_by_role("heading", name="02 drawing.png").wait_for()
    grid.press("Escape", "?")
    assert grid.tab.locator(".keys").is_visible()


def test_markup_in_a_caption_stays_text(grid):
    with grid.dataset.catalog() as catalog:
        catalog.journal.apply([Change(1, "caption", "<img src=x onerror='window.hit=1'> <b>bold</b>")], label="Edit")
    grid.open()
    assert grid.text(0) == "<img src=x onerror='window.hit=1'> <b>bold</b>"
    assert grid.tab.evaluate("window.hit") is None


def test_dark_mode_is_dark(chromium, app, dataset):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, color_scheme="dark")
    grid = GridPage(context.new_page(), app.url, dataset).open()
    card = grid.card(0)
    background = card.evaluate("(node) => getComputedStyle(node).backgroundColor")
    text = card.evaluate("(node) => getComputedStyle(node).color")
    context.close()
    assert _brightness(background) < 60 < 180 < _brightness(text)


def _brightness(colour: str) -> float:
    numbers = [float(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    return sum(numbers) / len(numbers)
