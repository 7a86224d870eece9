"""The Captions page and its dialogs, against a small real catalog."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from studio.catalog import Change
from studio.workspace import Dataset
from tests.studio.api.conftest import add_picture

WAIT = 30


@pytest.fixture
def filled(dataset: Dataset, tmp_path) -> Dataset:
    """Three pictures, two captions, a trigger."""
    for number, name in enumerate(["apple.png", "bear.png", "cat.png"], start=1):
        add_picture(dataset, tmp_path / "raw" / name, number)
    with dataset.catalog() as catalog:
        catalog.settings.set("trigger", "ink style")
        changes = [Change(1, "caption", "a red apple, ink style"), Change(2, "caption", "a red bear, ink style")]
        catalog.journal.apply(changes, label="Edit")
    return dataset


def captions_page(name: str) -> None:
    from studio.views import captions
    from studio.workspace import open_dataset

    captions.show(open_dataset(name))


def caption_form(name: str) -> None:
    from studio.views.widgets import caption_dialog
    from studio.workspace import open_dataset

    caption_dialog.form(open_dataset(name))


def replace_form(name: str, asked: dict) -> None:
    from studio.views.widgets import replace_dialog
    from studio.workspace import open_dataset

    replace_dialog.form(open_dataset(name), asked)


def run(function, *args) -> AppTest:
    test = AppTest.from_function(function, args=args, default_timeout=WAIT).run()
    assert not test.exception, test.exception
    return test


def test_the_page_mounts_the_grid(filled):
    test = run(captions_page, filled.name)
    assert [element.type for element in test.main.children.values()] == ["bidi_component"]


def test_the_page_mounts_without_pictures(dataset):
    run(captions_page, dataset.name)


def test_a_failed_captioning_is_shown_until_it_is_closed(filled, said):
    with filled.catalog() as catalog:
        catalog.jobs.add("caption-1", "caption", {}, "2026-01-01T00:00:00", 0.0)
        catalog.jobs.update("caption-1", state="failed", message="The captioner cannot be loaded.")
    test = run(captions_page, filled.name)
    assert "The captioner cannot be loaded." in said(test)
    test.button(key="close-failure").click().run()
    assert "The captioner cannot be loaded." not in said(test)


def test_captioning_starts_with_what_was_chosen(filled, started):
    test = run(caption_form, filled.name)
    assert test.button(key="caption-start").label == "Caption 1 picture"
    test.radio(key="caption-mode").set_value("suggest").run()
    test.text_input(key="caption-prefix").input("a drawing of ").run()
    assert test.button(key="caption-start").label == "Caption 3 pictures"
    test.button(key="caption-start").click().run()
    wanted = {"captioner": "pocket", "mode": "suggest", "prefix": "a drawing of ", "trigger": "ink style"}
    assert started == [("caption", wanted)]


def test_another_captioner_needs_its_name(filled, started):
    test = run(caption_form, filled.name)
    test.selectbox(key="caption-captioner").set_value("other").run()
    assert test.button(key="caption-start").disabled
    test.text_input(key="caption-other").input("me/my-blip").run()
    test.button(key="caption-start").click().run()
    assert started[0][1]["captioner"] == "me/my-blip"


def test_find_and_replace_shows_every_change_first(filled, said):
    test = run(replace_form, filled.name, {})
    assert test.button(key="replace-apply").disabled
    test.text_input(key="replace-find").input("red").run()
    test.text_input(key="replace-new").input("green").run()
    assert test.button(key="replace-apply").label == "Change 2 captions"
    assert "a green bear, ink style" in said(test)
    with filled.catalog() as catalog:
        assert catalog.pictures.get(1).caption == "a red apple, ink style"
    test.button(key="replace-apply").click().run()
    assert not test.exception
    with filled.catalog() as catalog:
        assert [catalog.pictures.get(number).caption for number in (1, 2)] == [
            "a green apple, ink style",
            "a green bear, ink style",
        ]
        assert catalog.journal.undo().changed == 2


def test_the_filter_in_use_narrows_the_replacement(filled):
    test = run(replace_form, filled.name, {"text": "bear"})
    test.text_input(key="replace-find").input("red").run()
    assert test.button(key="replace-apply").label == "Change 1 caption"
    test.toggle(key="replace-filtered").set_value(False).run()
    assert test.button(key="replace-apply").label == "Change 2 captions"


def test_a_broken_expression_is_explained(filled):
    test = run(replace_form, filled.name, {})
    test.text_input(key="replace-find").input("(").run()
    test.checkbox(key="replace-regex").check().run()
    assert test.error and not test.exception
