"""Home: making a dataset, the example, and the one button that says what to do next."""

from __future__ import annotations

import pytest

from studio.workspace import list_datasets, open_dataset


def button(at, label: str):
    return next(one for one in at.button if one.label == label)


def test_the_form_makes_a_dataset_with_its_settings(open_page, said):
    at = open_page("")
    at.text_input[0].set_value("my cat")
    at.text_input[1].set_value("sks cat")
    at.selectbox[0].set_value("object")
    at = button(at, "Make dataset").click().run()
    assert not at.exception
    with open_dataset("my cat").catalog() as catalog:
        assert catalog.settings.get("trigger") == "sks cat"
        assert catalog.settings.get("concept") == "object"


def test_an_impossible_name_is_refused_in_one_sentence(open_page, said):
    at = open_page("")
    at.text_input[0].set_value("../outside")
    at = button(at, "Make dataset").click().run()
    assert not at.exception
    assert "cannot be a dataset&#x27;s name" in said(at)
    assert list_datasets() == []


def test_the_example_is_read_by_a_job(open_page, started):
    at = button(open_page(""), "Try the example").click().run()
    assert not at.exception
    assert [kind for kind, _ in started] == ["ingest"]
    assert started[0][1]["folder"].endswith("raw")
    with open_dataset("example").catalog() as catalog:
        assert catalog.settings.get("trigger") == "ink style"


@pytest.mark.parametrize(("name", "label"), [("nothing", "Add pictures"), ("drawings", "Write an export")])
def test_the_main_button_says_what_is_next(open_page, empty, filled, name, label):
    at = open_page("", dataset=name)
    main = [one for one in at.button if one.proto.type == "primary"]
    assert [one.label for one in main] == [label]


def test_the_picker_changes_the_dataset_in_the_address(open_page, empty, filled):
    at = open_page("", dataset=filled.name)
    at = at.selectbox(key="dataset-picker").set_value(empty.name).run()
    assert not at.exception
    assert at.query_params["dataset"] == empty.name


def test_a_damaged_dataset_is_a_card_with_its_sentence(open_page, empty, filled, said):
    empty.catalog_path.write_text("plain text " * 200)
    at = open_page("", dataset=filled.name)
    assert not at.exception
    assert [one.label for one in at.button if one.proto.type == "primary"] == ["Write an export"]
    assert "cannot be read as a catalog" in said(at)
