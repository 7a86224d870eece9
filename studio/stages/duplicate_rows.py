"""The records that duplicate detection takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PictureId = int | str
Relation = Literal["identical", "re-encoded", "resized", "cropped?", "stretched", "mirrored", "similar"]
Suggestion = Literal["keep", "reject"]


@dataclass(frozen=True, slots=True)
class HashRow:
    """What duplicate detection knows of one picture; fields as in `PictureFacts`, `decision` as in the catalog."""

    id: PictureId
    sha256: str
    phash: str
    phash_mirrored: str
    phash_trimmed: str
    dhash: str
    width: int
    height: int
    sharpness: float
    contrast: float
    has_caption: bool = False
    decision: str = "undecided"

    @property
    def pixels(self) -> int:
        """Width times height."""
        return self.width * self.height

    @property
    def size(self) -> str:
        """The size as people write it."""
        return f"{self.width} x {self.height}"


@dataclass(frozen=True, slots=True)
class Member:
    """One picture of a group: how it relates to the keeper, how many of 64 bits differ, what to do and why.

    For the keeper itself `distance` is 0 and `relation` is None.
    """

    id: PictureId
    distance: int
    relation: Relation | None
    suggestion: Suggestion
    reason: str


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Pictures that show the same thing, the suggested keeper first. Every member is close to the keeper."""

    members: tuple[Member, ...]
    keeper_id: PictureId
    reason: str
