"""Sizes: resolution and step come from the base model, and every picture gets a planned cut."""

from __future__ import annotations

import pytest

from studio.errors import BadInput
from studio.pictures.edit import Edit
from studio.stages.decide import undo
from studio.stages.ingest import ingest
from studio.stages.sizes import plan_sizes, set_edit, set_resolution


def test_the_built_in_model_sets_resolution_and_step(filled):
    plan = plan_sizes(filled)
    assert (plan.resolution, plan.step) == (64, 16)
    assert plan.buckets == {"64x64": 10} and plan.largest_cut == 0.0 and plan.too_small == []


def test_shapes_get_buckets_and_small_ones_are_told(dataset, folder, draw, measured):
    draw(folder / "wide.png", 1, (160, 80))
    draw(folder / "small.png", 2, (40, 40))
    ingest(dataset, folder)
    plan = plan_sizes(dataset)
    by_id = dict(plan.rows)
    assert by_id[2 if plan.rows[0][0] == 1 else 1].bucket.width >= 16
    assert len(plan.too_small) == 1
    assert sum(plan.buckets.values()) == 2


def test_an_edit_changes_the_plan_and_can_be_undone(filled):
    set_edit(filled, [1], Edit(crop=(0.0, 0.0, 1.0, 0.5)))
    assert dict(plan_sizes(filled).rows)[1].bucket.name != "64x64"
    undo(filled, fields=("edit",))
    assert dict(plan_sizes(filled).rows)[1].bucket.name == "64x64"


def test_a_new_resolution_is_remembered_and_flags_follow(filled):
    set_resolution(filled, 128)
    assert plan_sizes(filled).resolution == 128
    with filled.catalog() as catalog:
        assert catalog.findings.flag_counts()["too_small"] == 10
    with pytest.raises(BadInput, match="out of range"):
        set_resolution(filled, 5)
