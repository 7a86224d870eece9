"""Captions by a model: only where there is none, batch by batch on disk, and never in the place of a person's text."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from studio.captioners import Captioner, load_captioner
from studio.captioners.loops import repeats_itself
from studio.catalog import Catalog, Change, Picture, Query
from studio.errors import BadInput, StudioError, UnreadablePicture
from studio.stages.progress import Progress, Silent
from studio.stages.tokens import ensure_tokens
from studio.stages.trigger import checked_trigger, with_trigger
from studio.workspace import Dataset

if TYPE_CHECKING:
    from PIL import Image

Mode = Literal["empty", "suggest", "replace-machine", "replace-all"]
MODES = ("empty", "suggest", "replace-machine", "replace-all")
_SEEN_SIDE = 1024
"""Captioners look at a few hundred pixels; larger pictures are reduced while they are decoded."""


@dataclass(slots=True)
class CaptionReport:
    """What a captioning did. `refused` lists (name, reason); `retried_loops` counts captions asked for again."""

    written: int = 0
    suggested: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    retried_loops: int = 0
    seconds: float = 0.0
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """What is put around a model's words."""

    prefix: str = ""
    suffix: str = ""
    trigger: str = ""

    def around(self, words: str) -> str:
        return with_trigger(f"{self.prefix}{words}{self.suffix}", self.trigger)


def caption(
    dataset: Dataset,
    captioner: str | Captioner = "pocket",
    mode: Mode = "empty",
    prefix: str = "",
    suffix: str = "",
    trigger: str | None = None,
    batch_size: int = 8,
    progress: Progress | None = None,
) -> CaptionReport:
    """Caption pictures that are not rejected; a second run goes on with those that still have none.

    `mode`: `empty` writes captions where there are none; `suggest` writes nothing and leaves a suggestion beside
    every picture; `replace-machine` also replaces captions that a model wrote; `replace-all` replaces a person's
    too. A `trigger` is remembered for the dataset; None takes the one it has. Each batch is on disk before the
    next begins, and a picture that cannot be read or captioned costs itself only.

    Raises: BadInput for an unknown mode or captioner; ModelsMissing without the model packages.
    """
    began = time.monotonic()
    progress = progress or Silent()
    if mode not in MODES:
        raise BadInput(f"{mode!r} is no way to caption. Use {', '.join(MODES)}.")
    if batch_size < 1:
        raise BadInput(f"A batch of {batch_size} pictures is none. Use 1 or more.")
    with dataset.catalog() as catalog:
        wording = Wording(prefix, suffix, _trigger(catalog, trigger))
        waiting = _waiting(catalog, mode)
        progress.start(len(waiting), "pictures to caption")
        report = CaptionReport()
        if waiting:
            model = load_captioner(captioner) if isinstance(captioner, str) else captioner
            _Captioning(catalog, model, mode, wording, progress, report).run(waiting, batch_size)
            ensure_tokens(catalog)
    report.seconds = time.monotonic() - began
    return report


def _trigger(catalog: Catalog, trigger: str | None) -> str:
    if trigger is None:
        return str(catalog.settings.get("trigger", ""))
    trigger = checked_trigger(trigger)
    catalog.settings.set("trigger", trigger)
    return trigger


def _waiting(catalog: Catalog, mode: Mode) -> list[int]:
    """Ids of the pictures to caption, by name."""
    if mode == "empty":
        return catalog.pictures.ids(Query(show="empty"))
    if mode == "replace-machine":
        machine = set(catalog.pictures.ids(Query(show="by_machine")))
        wanted = machine | set(catalog.pictures.ids(Query(show="empty")))
        return [number for number in catalog.pictures.ids() if number in wanted]
    return catalog.pictures.ids()


class _Captioning:
    """One run over the waiting pictures."""

    def __init__(
        self,
        catalog: Catalog,
        model: Captioner,
        mode: Mode,
        wording: Wording,
        progress: Progress,
        report: CaptionReport,
    ) -> None:
        self._catalog = catalog
        self._model = model
        self._mode = mode
        self._wording = wording
        self._progress = progress
        self._report = report
        self._run = secrets.token_hex(8)

    def run(self, waiting: Sequence[int], batch_size: int) -> None:
        for start in range(0, len(waiting), batch_size):
            if self._progress.stopped():
                self._report.stopped = True
                return
            pictures = self._catalog.pictures.many(waiting[start : start + batch_size])
            readable = [(picture, image) for picture in pictures if (image := self._open(picture))]
            self._save([(picture, words) for picture, words in self._captions(readable)])
            self._progress.step(len(pictures), pictures[-1].name if pictures else "")

    def _open(self, picture: Picture) -> Image.Image | None:
        from studio.stages.see import seen_picture

        try:
            return seen_picture(picture, _SEEN_SIDE)
        except UnreadablePicture as error:
            self._refuse(picture, f"{error.cause}. {error.advice}")
        except StudioError as error:
            self._refuse(picture, str(error))
        return None

    def _captions(self, readable: list[tuple[Picture, Image.Image]]) -> Iterator[tuple[Picture, str]]:
        """Words for each picture; when a batch fails, its pictures are tried one by one."""
        if not readable:
            return
        try:
            words = self._ask([image for _, image in readable])
        except (RuntimeError, ValueError, TypeError, IndexError) as error:
            if len(readable) == 1:
                self._refuse(readable[0][0], f"the captioner failed on it ({_short(error)})")
                return
            for one in readable:
                yield from self._captions([one])
            return
        for (picture, image), text in zip(readable, words, strict=True):
            text = self._without_loop(image, text)
            if text:
                yield picture, text
            else:
                self._refuse(picture, "the captioner repeats itself or says nothing. Write its caption by hand")

    def _ask(self, images: list[Image.Image], careful: bool = False) -> list[str]:
        words = self._model.caption(images, careful) if careful else self._model.caption(images)
        if len(words) != len(images):
            raise ValueError(f"{len(words)} captions for {len(images)} pictures")
        return words

    def _without_loop(self, image: Image.Image, text: str) -> str:
        """The text, or another attempt at it when it repeats itself; empty when that fails too."""
        if not repeats_itself(text):
            return text
        self._report.retried_loops += 1
        try:
            (again,) = self._ask([image], careful=True)
        except (RuntimeError, ValueError, TypeError, IndexError):
            return ""
        return "" if repeats_itself(again) else again

    def _save(self, captions: list[tuple[Picture, str]]) -> None:
        """One batch, on disk before the next; a caption written by someone else meanwhile is left alone."""
        field: Literal["suggestion", "caption"] = "suggestion" if self._mode == "suggest" else "caption"
        changes = []
        for picture, words in captions:
            text = self._wording.around(words)
            rev = picture.caption_rev if field == "caption" else None
            changes.append(Change(picture.id, field, text, old_rev=rev))
        applied = self._catalog.journal.apply(
            changes,
            by=self._model.name,
            label="Caption pictures",
            replace_human=self._mode == "replace-all",
            run=self._run,
        )
        done = [result.field for result in applied.results if result.state == "ok"]
        self._report.written += done.count("caption")
        self._report.suggested += done.count("suggestion")

    def _refuse(self, picture: Picture, reason: str) -> None:
        self._report.refused.append((picture.name, reason))
        self._progress.note(f"{picture.name}: {reason}")


def _short(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
