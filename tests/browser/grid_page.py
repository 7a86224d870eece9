"""What a test does on the Captions page, in words."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from studio.workspace import Dataset


class GridPage:
    """The caption grid in one tab."""

    def __init__(self, tab: Any, url: str, dataset: Dataset) -> None:
        self.tab, self.url, self.dataset = tab, url, dataset

    def open(self, **filters: str) -> GridPage:
        self.tab.goto(f"{self.url}/captions?{urlencode({'dataset': self.dataset.name, **filters})}")
        return self.ready()

    def reload(self) -> GridPage:
        self.tab.reload()
        return self.ready()

    def ready(self) -> GridPage:
        self.tab.wait_for_selector(".cs.grid[data-ready=yes] .card img.there, .cs.grid .nothing h2")
        self.tab.wait_for_selector(".cs.grid .chip[data-chip=all]")
        return self

    def card(self, place: int) -> Any:
        row, column = place // 5 + 1, place % 5 + 1
        return self.tab.locator(f".row[aria-rowindex='{row}'] .card[aria-colindex='{column}']")

    def text(self, place: int) -> str:
        return self.card(place).locator(".cap").inner_text()

    def edit(self, place: int, text: str) -> GridPage:
        """Open the caption and type over what is there."""
        self.card(place).locator(".cap").click()
        self.tab.keyboard.press("Control+A")
        self.tab.keyboard.type(text)
        return self

    def saved(self) -> GridPage:
        self.tab.wait_for_selector(".cs.grid .status[data-state=saved]")
        return self

    def focus(self, place: int) -> GridPage:
        self.card(place).locator(".pic").click()
        return self

    def press(self, *keys: str) -> GridPage:
        for key in keys:
            self.tab.keyboard.press(key)
        return self

    def chip(self, key: str) -> int:
        return int(self.tab.locator(f".chip[data-chip='{key}'] b").inner_text().replace(",", ""))

    def stored(self, picture_id: int) -> str:
        """The caption in the catalog."""
        with self.dataset.catalog() as catalog:
            picture = catalog.pictures.get(picture_id)
            assert picture is not None
            return picture.caption
