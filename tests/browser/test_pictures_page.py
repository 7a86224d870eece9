"""Pictures come in and are decided about, in a real browser."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from PIL import Image

from studio.catalog import Flag, Group, GroupMember
from studio.workspace import create_dataset
from tests.browser.conftest import draw


def open_page(page, app, dataset) -> None:
    page.goto(f"{app.url}/pictures?{urlencode({'dataset': dataset.name})}")


@pytest.fixture
def found(dataset):
    """Two duplicate groups, and one more picture that is dark."""
    members = [
        (GroupMember(1, 0, "keeper", "keep", "largest"), GroupMember(2, 2, "resized", "reject", "smaller")),
        (GroupMember(3, 0, "keeper", "keep", "sharpest"), GroupMember(4, 4, "re-encoded", "reject", "less sharp")),
    ]
    with dataset.catalog() as catalog:
        catalog.findings.replace_groups(Group(n, "alike", pair) for n, pair in enumerate(members, start=1))
        catalog.findings.replace_flags({9: [Flag("dark", 20, 35, "dark: brightness is 20, below 35")]})
    return dataset


def decisions(dataset) -> dict[int, str]:
    with dataset.catalog() as catalog:
        return {picture.id: picture.decision for picture in catalog.pictures.many(range(1, 13))}


def test_groups_are_decided_with_keys_and_taken_back(page, app, found):
    open_page(page, app, found)
    page.wait_for_selector(".review .dup img.there")
    assert page.locator("h1").inner_text() == "5 to decide"
    assert page.locator(".where").inner_text() == "Group 1 of 2"
    assert "largest" in page.locator(".dup.k").inner_text()
    page.keyboard.press("Space")
    page.get_by_text("Group 2 of 2").wait_for()
    page.keyboard.press("2")
    page.keyboard.press("Space")
    page.get_by_text("2 groups decided").wait_for()
    page.wait_for_selector(".review[data-acked='2']")
    assert [decisions(found)[number] for number in (1, 2, 3, 4)] == ["keep", "reject", "keep", "keep"]
    page.keyboard.press("u")
    page.get_by_text("Group 2 of 2").wait_for()
    assert [decisions(found)[number] for number in (1, 2, 3, 4)] == ["keep", "reject", "undecided", "undecided"]


def test_all_suggestions_are_taken_after_a_question(page, app, found):
    open_page(page, app, found)
    page.get_by_text("Take all 2 suggestions…").click()
    page.locator("dialog [data-yes]").click()
    page.wait_for_selector(".review[data-acked='1']")
    assert [decisions(found)[number] for number in (1, 2, 3, 4)] == ["keep", "reject", "keep", "reject"]


def test_a_flagged_picture_is_rejected_and_the_rest_is_kept(page, app, found):
    open_page(page, app, found)
    page.locator("[data-chip='flag:dark']").click()
    page.get_by_text("dark: brightness is 20, below 35").wait_for()
    page.keyboard.press("x")
    page.wait_for_selector(".review[data-acked='1']")
    assert decisions(found)[9] == "reject"
    page.locator("[data-chip=duplicates]").click()
    page.get_by_text("Group 1 of 2").wait_for()
    page.keyboard.press("Space")
    page.get_by_text("Group 2 of 2").wait_for()
    page.keyboard.press("Space")
    page.locator("[data-next=keep]").click()
    page.wait_for_url("**/captions?**")
    assert set(decisions(found).values()) == {"keep", "reject"}


def test_a_folder_is_read_from_the_page(page, app, tmp_path, monkeypatch):
    monkeypatch.setenv("CONCEPT_STUDIO_HOME", str(app.home))
    fresh = create_dataset("fresh")
    raw = tmp_path / "raw"
    raw.mkdir()
    for number in range(1, 5):
        draw(raw / f"{number}.png", number * 40)
    (raw / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    open_page(page, app, fresh)
    page.get_by_label("Folder on this computer").fill(str(raw))
    page.get_by_role("button", name="Read the folder").click()
    page.locator(".review [data-chip=refused]").click()
    page.get_by_text("broken.jpg").wait_for()
    with fresh.catalog() as catalog:
        assert sum(catalog.pictures.decisions().values()) == 4


def test_dropped_files_are_uploaded_and_read(page, app, dataset, tmp_path):
    Image.effect_noise((80, 80), 90).convert("RGB").save(tmp_path / "new.png")
    open_page(page, app, dataset)
    page.get_by_text("Add pictures").click()
    page.locator(".upload input[type=file]").set_input_files(str(tmp_path / "new.png"))
    page.get_by_text("Add pictures · last time 1 added").wait_for()
    with dataset.catalog() as catalog:
        assert [picture.name for picture in catalog.pictures.many([13])] == ["new.png"]
