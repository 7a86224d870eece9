"""Flags and duplicates after an ingest, computed only when pictures came since the last time."""

from __future__ import annotations

from studio.stages.duplicates import find_duplicates
from studio.stages.flags import refresh_flags
from studio.stages.progress import Progress
from studio.workspace import Dataset

_DONE_FOR = "findings_for"


def refresh_findings(dataset: Dataset, progress: Progress) -> bool:
    """Bring flags and duplicate groups up to date; returns whether there was work.

    The number of pictures they were computed for is stored last, so a crash on the way repeats the work.
    """
    with dataset.catalog() as catalog:
        pictures = sum(catalog.pictures.decisions().values())
        if catalog.settings.get(_DONE_FOR, 0) == pictures:
            return False
    progress.start(2, "flags and duplicates")
    refresh_flags(dataset)
    progress.step(1, "flags")
    find_duplicates(dataset)
    progress.step(1, "duplicates")
    with dataset.catalog() as catalog:
        catalog.settings.set(_DONE_FOR, pictures)
    return True
