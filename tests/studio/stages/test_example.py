"""The example folder, with real worker processes: every flaw is found, and the 44 drawings remain."""

from __future__ import annotations

from pathlib import Path

from studio.catalog import Query
from studio.stages.decide import accept_suggestions, keep_rest, reject_flagged
from studio.stages.flags import refresh_flags
from studio.stages.import_captions import import_captions
from studio.stages.ingest import ingest

EXAMPLE = Path(__file__).parents[3] / "datasets" / "example"


def fingerprint(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_mode) for path in files}


def test_the_road_of_the_example_up_to_captions(dataset):
    before = fingerprint(EXAMPLE / "raw")
    report = ingest(dataset, EXAMPLE / "raw")
    assert (report.added, report.copies, report.captions_imported) == (55, 1, 7)
    assert {row.name for row in report.refused} == {"unsorted/broken.jpg", "unsorted/not a picture.png"}
    assert [row.name for row in report.ignored] == ["unsorted/notes.txt"]
    assert sum(refresh_flags(dataset).values()) == 5
    accept_suggestions(dataset)
    for flag in refresh_flags(dataset):
        reject_flagged(dataset, flag)
    keep_rest(dataset)
    with dataset.catalog() as catalog:
        kept = {picture.name: picture for picture in catalog.pictures.each(Query(decisions=("keep",)))}
        groups = catalog.findings.groups()
    assert len(kept) == 44
    # Of the apple the larger copy is suggested; everything else in unsorted/ goes.
    assert [name for name in kept if name.startswith("unsorted/")] == ["unsorted/apple copy.jpg"]
    relations = {member.relation for group in groups for member in group.members}
    assert {"resized", "re-encoded", "mirrored", "cropped?", "stretched"} <= relations
    imported = import_captions(dataset, EXAMPLE / "edits.csv")
    assert (imported.captions, imported.problems) == (9, [])
    again = ingest(dataset, EXAMPLE / "raw")
    assert (again.added, again.known, again.captions_imported) == (0, 56, 0)
    assert fingerprint(EXAMPLE / "raw") == before
