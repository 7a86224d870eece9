"""A training started from the page reaches its end, over a reload in the middle; nothing asks another machine."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

import pytest

from studio.catalog import Change
from studio.stages.export import export
from studio.stages.sizes import picture_edit
from studio.workspace import Dataset
from training import read_run

STEPS = 6
TRAINING_MS = 240_000


@pytest.fixture
def captioned(dataset: Dataset) -> Dataset:
    """The dataset with every picture kept and captioned."""
    with dataset.catalog() as catalog:
        ids = catalog.pictures.ids()
        catalog.journal.apply([Change(one, "decision", "keep") for one in ids], label="keep")
        catalog.journal.apply([Change(one, "caption", "a shape, ink style") for one in ids], label="caption")
    return dataset


def address(app, page: str, dataset: Dataset) -> str:
    return f"{app.url}/{page}?dataset={quote(dataset.name)}"


def settled(page) -> None:
    """The script has ended and nothing on the page is stale."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def change(page, setting: str, kind: str, value: str) -> None:
    """Type a value under Advanced; `setting` is its path with hyphens."""
    field = page.locator(f'[class*="{setting}"] {kind}')
    field.fill(value)
    field.press("Control+Enter" if kind == "textarea" else "Enter")
    settled(page)


def test_a_training_started_from_the_page_reaches_its_end(app, page, captioned):
    export(captioned)
    page.goto(address(app, "train", captioned))
    page.get_by_text("Advanced:").click()
    change(page, "optimisation-steps", "input", str(STEPS))
    change(page, "samples-steps", "input", "4")
    change(page, "samples-prompts", "textarea", "a lemon, ink style")
    page.get_by_text("3 settings differ from the suggestion.").wait_for()
    page.get_by_role("button", name="Start training").click()
    page.wait_for_url(re.compile(r"run=0001-lora"), timeout=30_000)
    page.reload()
    page.get_by_role("heading", name=re.compile("run 1")).wait_for()
    page.get_by_role("button", name="Try it").wait_for(timeout=TRAINING_MS)
    page.get_by_text(f"Finished, {STEPS} steps").wait_for()
    run = read_run(captioned.runs / "0001-lora")
    assert (run.state, run.step) == ("finished", STEPS)
    assert run.weights
    samples = page.locator(".cs-strip img")
    samples.nth(1).wait_for()
    assert samples.first.evaluate("one => one.decode().then(() => one.naturalWidth)") == 64


def test_the_cut_of_a_picture_is_moved_in_its_dialog(app, page, captioned):
    page.goto(address(app, "export", captioned))
    settled(page)
    page.get_by_role("button", name="Adjust").first.click()
    dialog = page.get_by_role("dialog")
    dialog.locator(".cs-large img").wait_for()
    dialog.get_by_role("radio", name="top left").check(force=True)
    dialog.get_by_role("button", name="Keep this cut").click()
    dialog.wait_for(state="detached")
    with captioned.catalog() as catalog:
        edits = [picture_edit(one) for one in catalog.pictures.each() if one.edit]
    assert [edit.focus for edit in edits] == [(0.0, 0.0)]


def test_the_pages_keep_the_dataset_and_ask_no_other_machine(app, page, captioned):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(app.url + f"/?dataset={quote(captioned.name)}")
    for name in ("Pictures", "Captions", "Export", "Train", "Try", "Home"):
        page.get_by_role("link", name=name, exact=True).click()
        settled(page)
        page.locator(".st-key-cs-here").get_by_text(name, exact=True).wait_for()
        assert f"dataset={captioned.name}" in page.url
    page.reload()
    settled(page)
    assert f"dataset={captioned.name}" in page.url
    elsewhere = {urlsplit(url).netloc for url in asked if url.startswith("http")} - {urlsplit(app.url).netloc}
    assert not elsewhere
