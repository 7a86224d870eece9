"""Export: the plan, its settings, and the job that writes it."""

from __future__ import annotations

from studio.catalog import Change
from studio.stages.export import export


def test_it_tells_counts_shapes_and_cuts(open_page, said, filled):
    text = said(open_page("export", dataset=filled.name))
    assert "10 pictures: 9 for training, 1 held out to measure with" in text
    assert "64 × 64" in text
    assert "80 × 48" in text


def test_the_button_starts_the_job(open_page, filled, started):
    at = open_page("export", dataset=filled.name).button(key="write-export").click().run()
    assert not at.exception
    assert started == [("export", {})]


def test_missing_originals_are_left_out_when_asked(open_page, filled, started):
    at = open_page("export", dataset=filled.name)
    at.checkbox(key=f"allow-missing-{filled.name}").check().run()
    at.button(key="write-export").click().run()
    assert started == [("export", {"allow_missing": True})]


def test_a_changed_share_is_kept_and_drawn_again(open_page, said, filled):
    at = open_page("export", dataset=filled.name)
    at = at.slider(key=f"split-{filled.name}-share").set_value(30).run()
    assert not at.exception
    with filled.catalog() as catalog:
        assert catalog.settings.get("split")["validation"] == 0.3
        assert catalog.pictures.splits()["validation"] == 3
    assert "7 for training, 3 held out" in said(at)


def test_a_changed_resolution_is_kept(open_page, said, filled):
    at = open_page("export", dataset=filled.name)
    at = at.number_input[0].set_value(32).run()
    assert not at.exception
    with filled.catalog() as catalog:
        assert catalog.settings.get("resolution") == 32
    assert "32 × 32" in said(at)


def test_small_pictures_are_enlarged_when_asked(open_page, said, filled):
    at = open_page("export", dataset=filled.name)
    assert not [box for box in at.checkbox if box.key == f"upscale-{filled.name}"], "all fill their size"
    at = at.number_input[0].set_value(128).run()
    assert "trained smaller" in said(at)
    at = at.checkbox(key=f"upscale-{filled.name}").check().run()
    assert not at.exception and "enlarged" in said(at)
    with filled.catalog() as catalog:
        assert catalog.settings.get("upscale") is True


def test_the_cut_of_a_picture_opens_to_be_moved(open_page, filled):
    at = open_page("export", dataset=filled.name)
    with filled.catalog() as catalog:
        wide = next(one for one in catalog.pictures.each() if one.width == 192)
    at = at.button(key=f"adjust-{wide.id}").click().run()
    assert not at.exception
    assert at.radio(key=f"place-{wide.id}").value == "middle"


def test_a_current_export_leads_on_to_training(open_page, said, filled):
    report = export(filled)
    at = open_page("export", dataset=filled.name)
    assert not at.exception
    assert "Export 1 is current" in said(at)
    assert str(report.folder) in [code.value for code in at.code]
    assert at.button(key="to-training").label == "Train on export 1"


def test_a_changed_caption_asks_for_a_new_export(open_page, said, filled):
    export(filled)
    with filled.catalog() as catalog:
        catalog.journal.apply([Change(catalog.pictures.ids()[0], "caption", "other, ink style")], label="edit")
    at = open_page("export", dataset=filled.name)
    assert at.button(key="write-export").label == "Write export 2"
