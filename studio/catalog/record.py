"""Frozen records of the catalog: what travels between stages, views and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Decision = Literal["undecided", "keep", "reject"]
HUMAN = frozenset({"you", "import"})
"""Authors whose captions a machine run never replaces without an explicit flag."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its facts (from one decode), its decisions and its caption now."""

    id: int
    sha256: str
    source: str
    """Absolute path of the file it was first seen as; read only."""
    name: str
    """Path below the ingested folder, with forward slashes (`food/red_apple.jpg`)."""
    size_bytes: int
    format: str
    mode: str
    width: int
    """Upright width in pixels (EXIF orientation applied)."""
    height: int
    has_alpha: bool
    frames: int
    notes: tuple[str, ...]
    phash: str
    phash_mirrored: str
    phash_trimmed: str
    dhash: str
    sharpness: float
    brightness: float
    contrast: float
    entropy: float
    saturation: float
    decision: Decision
    decision_reason: str
    caption: str
    caption_by: str
    """Who wrote the caption: `you`, `import`, a captioner's name, or empty."""
    caption_rev: int
    """Grows by one with every change of the caption; a save names the one it started from."""
    suggestion: str
    suggestion_by: str
    tokens: int | None
    """CLIP tokens of the caption without start and end, or None when not counted yet."""
    edit: str
    """JSON of `studio.pictures.edit.Edit`, empty when the picture is used as it is."""
    split: str
    """`train`, `validation`, `test` or empty when not split yet."""
    tags: tuple[str, ...]
    licence: str
    author: str
    repeats: int
    extra: Mapping[str, object] = field(default_factory=dict)
    """Keys of an imported row that we do not know; exported again unchanged."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file ever seen by an ingest: a picture, a copy of one, a caption file, or refused with a reason."""

    path: str
    name: str
    size_bytes: int
    mtime_ns: int
    sha256: str
    state: Literal["picture", "copy", "caption", "ignored", "refused"]
    reason: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A reason to look at a picture, with the number and the threshold that raised it."""

    name: str
    value: float
    threshold: float
    sentence: str


@dataclass(frozen=True, slots=True)
class GroupMember:
    """One picture of a duplicate group; `distance` is the Hamming distance to the keeper (0..64)."""

    picture_id: int
    distance: int
    relation: str
    suggestion: Literal["keep", "reject"]
    reason: str


@dataclass(frozen=True, slots=True)
class Group:
    """Pictures that look alike, keeper first."""

    id: int
    reason: str
    members: tuple[GroupMember, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One wanted change of one field of one picture.

    `old_rev` is the caption revision the writer saw (None: do not check). `by` overrides the author of a
    caption: a batch edit of machine text leaves it machine text.
    """

    picture_id: int
    field: Literal["caption", "suggestion", "decision", "edit", "split", "tags", "licence", "author", "repeats"]
    value: str
    old_rev: int | None = None
    by: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ChangeResult:
    """What became of a change: `ok`, `same` (nothing to do), `conflict` (changed elsewhere) or `gone`."""

    picture_id: int
    field: str
    state: Literal["ok", "same", "conflict", "gone"]
    value: str
    """The value that the catalog holds now."""
    rev: int
    """The caption revision now."""


@dataclass(frozen=True, slots=True)
class Applied:
    """The answer to one operation: its number (0 when nothing changed) and a result per change."""

    op_id: int
    results: tuple[ChangeResult, ...]
    label: str = ""
    """Of an undo: what was taken back."""

    @property
    def changed(self) -> int:
        """How many pictures were changed."""
        return self._pictures("ok")

    @property
    def conflicts(self) -> int:
        """How many pictures had been changed elsewhere."""
        return self._pictures("conflict")

    def _pictures(self, state: str) -> int:
        return len({result.picture_id for result in self.results if result.state == state})


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of a picture's journal."""

    op_id: int
    at: str
    label: str
    by: str
    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Operation:
    """What one undo takes back: an edit of any number of pictures, or a whole run of a captioner."""

    op_id: int
    at: str
    by: str
    label: str
    pictures: int
    undone: bool


@dataclass(frozen=True, slots=True)
class Job:
    """Long work as its own process; `done` of `total` units, `heartbeat` in Unix seconds."""

    id: str
    kind: str
    state: Literal["starting", "running", "finished", "failed", "stopped"]
    args: Mapping[str, object]
    pid: int
    pid_created: float
    started_at: str
    heartbeat: float
    done: int
    total: int
    message: str
    seconds_left: float | None
    stop_requested: bool
    result: Mapping[str, object] = field(default_factory=dict)

    @property
    def active(self) -> bool:
        return self.state in ("starting", "running")
