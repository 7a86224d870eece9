"""What can be taught, in the words of the pages."""

from __future__ import annotations

from typing import NamedTuple


class Concept(NamedTuple):
    """A kind of thing to teach: its name and half a sentence about it."""

    title: str
    about: str


CONCEPTS: dict[str, Concept] = {
    "style": Concept("A style", "how things are drawn"),
    "object": Concept("An object or character", "one thing, recognisable anywhere"),
    "concept": Concept("A concept", "something the model has no idea of"),
}
