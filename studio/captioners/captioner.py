"""What a captioner is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PIL import Image


class Captioner(Protocol):
    """Says what is on pictures; `name` is stored as the author of its captions."""

    name: str

    def caption(self, images: list[Image.Image], careful: bool = False) -> list[str]:
        """One caption a picture, in order. `images` are RGB, of any size.

        `careful` asks for another attempt after a caption that repeats itself.
        """
        ...
