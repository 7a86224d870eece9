"""Whether a new export is needed."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from studio.catalog import Change
from studio.stages.export import export
from studio.stages.export_state import export_state
from studio.stages.ingest import ingest
from studio.workspace import create_dataset


def test_it_is_current_until_something_changes(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("CONCEPT_STUDIO_HOME", str(tmp_path))
    dataset = create_dataset("ink")
    assert export_state(dataset).pictures == 0
    folder = tmp_path / "raw"
    folder.mkdir()
    for number in range(3):
        Image.new("RGB", (80, 80), (80 * number, 40, 90)).save(folder / f"{number}.png")
    ingest(dataset, folder)
    before = export_state(dataset)
    assert (before.newest, before.is_current) == (None, False)
    assert any("without a caption" in sentence for sentence in before.warnings)
    report = export(dataset)
    now = export_state(dataset)
    assert (now.newest, now.is_current) == (report.folder, True)
    with dataset.catalog() as catalog:
        catalog.journal.apply([Change(catalog.pictures.ids()[0], "caption", "a thing")], label="test")
    assert not export_state(dataset).is_current
