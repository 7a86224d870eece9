"""Every page opens: without any dataset, with an empty one, with a filled one, and with a wrong name in the address."""

from __future__ import annotations

import pytest

PAGES = ["", "pictures", "captions", "export", "train", "try"]


@pytest.mark.parametrize("page", PAGES)
def test_without_any_dataset(open_page, said, page):
    at = open_page(page)
    assert not at.exception
    assert "cs-problem" not in said(at)
    assert ("Welcome" if not page else "There is no dataset yet") in said(at)


@pytest.mark.parametrize("page", PAGES)
def test_with_an_empty_dataset(open_page, said, empty, page):
    at = open_page(page, dataset=empty.name)
    assert not at.exception
    assert "cs-problem" not in said(at)


@pytest.mark.parametrize("page", PAGES)
def test_with_pictures(open_page, said, filled, page):
    at = open_page(page, dataset=filled.name)
    assert not at.exception
    assert "cs-problem" not in said(at)
    assert at.query_params["dataset"] == filled.name


def test_an_unknown_dataset_is_named_and_another_one_is_shown(open_page, said, empty):
    at = open_page("", dataset="gone")
    assert not at.exception
    assert "There is no dataset named gone" in said(at)
    assert at.selectbox(key="dataset-picker").value == empty.name


def test_names_appear_literally(open_page, said, empty):
    text = said(open_page("", dataset="<script>alert(1)</script>"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>" not in text
