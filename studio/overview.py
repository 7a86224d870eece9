"""One dataset at a glance: what it holds, what was made from it, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from studio.catalog import Job, Query
from studio.errors import StudioError
from studio.workspace import Dataset
from training import TrainingError

if TYPE_CHECKING:
    from training import RunView

Page = Literal["Pictures", "Captions", "Export", "Train", "Try"]


@dataclass(frozen=True, slots=True)
class NextStep:
    """The page to go to, what its button says, and why."""

    page: Page
    label: str
    reason: str
    run: str = ""
    """The run to show, on the Train page."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of one dataset; pictures that are rejected count only as such."""

    dataset: Dataset
    pictures: int
    rejected: int
    captioned: int
    groups_to_decide: int
    thumbnails: tuple[str, ...]
    """Content hashes of up to four pictures, kept ones first."""
    exports: int
    runs: tuple[RunView, ...]
    """Newest first."""
    jobs: tuple[Job, ...]
    """Work that goes on now."""

    @property
    def next_step(self) -> NextStep:
        """What brings the dataset one step on its way from pictures to a trained file."""
        return _about_pictures(self) or _about_captions(self) or _about_training(self)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A dataset that cannot be opened, with the sentence that says why and what to do."""

    dataset: Dataset
    sentence: str


def look_at_all(datasets: Iterable[Dataset]) -> tuple[list[Overview], list[Unreadable]]:
    """The overviews, in order, and the datasets that cannot be read: one of them never hides the others."""
    seen, unreadable = [], []
    for dataset in datasets:
        try:
            seen.append(look_at(dataset))
        except (StudioError, TrainingError) as error:
            unreadable.append(Unreadable(dataset, str(error)))
    return seen, unreadable


def look_at(dataset: Dataset) -> Overview:
    """Read the overview of a dataset; reads rows only, no picture."""
    from studio.stages.plan_training import list_exports
    from training import list_runs

    with dataset.catalog() as catalog:
        decisions = catalog.pictures.decisions()
        kept = decisions["keep"] + decisions["undecided"]
        return Overview(
            dataset=dataset,
            pictures=kept,
            rejected=decisions["reject"],
            captioned=kept - catalog.pictures.count(Query(show="empty")),
            groups_to_decide=len(catalog.findings.groups(open_only=True)),
            thumbnails=tuple(p.sha256 for p in catalog.pictures.many(_four(catalog.pictures.ids()))),
            exports=len(list_exports(dataset)),
            runs=tuple(sorted(list_runs(dataset.runs), key=lambda run: run.id, reverse=True)),
            jobs=tuple(catalog.jobs.active()),
        )


def _four(ids: list[int]) -> list[int]:
    """Four of a list, spread over it."""
    if len(ids) <= 4:
        return ids
    return [ids[round(place * (len(ids) - 1) / 3)] for place in range(4)]


def _about_pictures(seen: Overview) -> NextStep | None:
    if not seen.pictures and not seen.rejected:
        return NextStep("Pictures", "Add pictures", "The dataset is empty.")
    if seen.groups_to_decide:
        groups = f"{seen.groups_to_decide} group{'s' * (seen.groups_to_decide > 1)}"
        wait = "wait" if seen.groups_to_decide > 1 else "waits"
        return NextStep("Pictures", "Decide on look-alikes", f"{groups} of look-alikes {wait} for a decision.")
    if not seen.pictures:
        return NextStep("Pictures", "Look at the pictures", "Every picture is rejected.")
    return None


def _about_captions(seen: Overview) -> NextStep | None:
    missing = seen.pictures - seen.captioned
    if not missing:
        return None
    return NextStep("Captions", f"Caption {missing} picture{'s' * (missing > 1)}", f"{missing} have no caption yet.")


def _about_training(seen: Overview) -> NextStep:
    if not seen.exports:
        return NextStep("Export", "Write an export", "Every picture has a caption.")
    if not seen.runs:
        return NextStep("Train", "Train", f"Export {seen.exports} is ready to learn from.")
    newest = seen.runs[0]
    if newest.state in ("starting", "running"):
        return NextStep("Train", "Watch the training", f"Step {newest.step} of {newest.total}.", newest.id)
    if newest.state == "finished":
        return NextStep("Try", "Try it", "The newest training is finished.", newest.id)
    return NextStep("Train", "Look at the run", f"The newest run is {newest.state}.", newest.id)
