"""What an export will hold, decided from the catalog before a single picture is opened."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from studio.catalog import Catalog, Picture, Query
from studio.pictures.crop import CropPlan
from studio.pictures.edit import Edit
from studio.stages.export_extras import extra_columns
from studio.stages.sizes import TrainingSize, picture_edit, plan_picture
from studio.stages.split import DEFAULT_SPLIT
from studio.stages.trigger import count_trigger, with_trigger

FORMAT = "concept-studio-export/1"
RENDERER = 1
"""Grows when the same picture and edit would give other bytes, so that no export counts as unchanged then."""

_LONGEST_STEM = 48


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One picture of an export: where it goes, how it is cut, and its line of metadata.jsonl."""

    split: str
    picture: Picture
    edit: Edit
    plan: CropPlan
    content: Mapping[str, Any]

    @property
    def path(self) -> str:
        """Where the picture goes in the export, with forward slashes."""
        return f"{self.split}/{self.content['file_name']}"


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """All rows in the order they are written, and the facts that dataset.json repeats."""

    rows: list[ExportRow]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(row.split for row in self.rows)
        return {name: found.get(name, 0) for name in ("train", "validation", "test")}

    @property
    def buckets(self) -> dict[str, int]:
        return dict(sorted(Counter(row.plan.bucket.name for row in self.rows).items()))

    @property
    def digest(self) -> str:
        """Equal plans give equal exports; this tells before anything is rendered."""
        rows = [[row.path, dict(row.content), row.edit.to_json(), asdict(row.plan)] for row in self.rows]
        return hashlib.sha256(canonical([RENDERER, self.facts, rows])).hexdigest()


def plan_export(catalog: Catalog, size: TrainingSize, name: str) -> ExportPlan:
    """Plan an export of every picture that is not rejected; each has its split already."""
    trigger = str(catalog.settings.get("trigger", ""))
    held_out = {**DEFAULT_SPLIT, **catalog.settings.get("split", {})}
    pictures = sorted(catalog.pictures.each(Query()), key=lambda picture: (picture.name, picture.sha256))
    file_names = _file_names(pictures)
    extras = extra_columns(pictures)
    # An empty list has no type for readers that look at one split only.
    no_tags = [""] if any(picture.tags for picture in pictures) else []
    rows = []
    for picture in pictures:
        plan = plan_picture(picture, size)
        content = _content(picture, plan, file_names[picture.id], trigger)
        content["tags"] = content["tags"] or no_tags
        content.update(extras.of(picture))
        rows.append(ExportRow(picture.split, picture, picture_edit(picture), plan, content))
    facts = {
        "format": FORMAT,
        "dataset": name,
        "seed": held_out["seed"],
        "trigger": trigger,
        "concept": str(catalog.settings.get("concept", "style")),
        "resolution": size.resolution,
        "bucket_step": size.step,
        "settings": {
            "max_aspect": size.max_aspect,
            "upscale": size.upscale,
            "validation": held_out["validation"],
            "test": held_out["test"],
            "background": "#ffffff",
            "picture_format": "PNG",
        },
    }
    return ExportPlan(rows, facts)


def warnings(plan: ExportPlan) -> list[str]:
    """What a person may want to change before training on this, as sentences."""
    pictures = [row.picture for row in plan.rows]
    trigger = plan.facts["trigger"]
    found = []
    empty = sum(not p.caption.strip() for p in pictures)
    if empty:
        text = f"the trigger ({trigger})" if trigger else "empty, since there is no trigger"
        found.append(f"{_pictures(empty)} without a caption; the text is {text}.")
    captioned = [p for p in pictures if p.caption.strip()]
    added = sum(count_trigger(p.caption, trigger) != 1 for p in captioned) if trigger else 0
    if added:
        captions = "1 caption" if added == 1 else f"{added} captions"
        found.append(f"The trigger did not stand exactly once in {captions}; the export corrects it.")
    smaller = sum(row.plan.reduced_bucket for row in plan.rows)
    if smaller:
        found.append(f"{_pictures(smaller)} too small for the resolution; a smaller size is used for them.")
    enlarged = sum(row.plan.upscaled and not row.plan.reduced_bucket for row in plan.rows)
    if enlarged:
        found.append(f"{_pictures(enlarged)} too small for the resolution, and enlarged.")
    undecided = sum(p.decision == "undecided" for p in pictures)
    if undecided:
        found.append(f"{_pictures(undecided)} not decided yet, exported all the same; reject what should stay out.")
    if not plan.counts["validation"]:
        found.append(
            "No picture is held out, so training cannot measure itself. `concept-studio split` holds some out."
        )
    return found


def canonical(value: object) -> bytes:
    """JSON with one spelling a value, for digests."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode("ascii")


def _content(picture: Picture, plan: CropPlan, file_name: str, trigger: str) -> dict[str, Any]:
    return {
        "file_name": file_name,
        "text": with_trigger(picture.caption, trigger),
        "width": plan.bucket.width,
        "height": plan.bucket.height,
        "sha256": picture.sha256,
        "tags": list(picture.tags),
        "source": picture.name,
        "licence": picture.licence,
        "author": picture.author,
        "repeats": picture.repeats,
    }


def _file_names(pictures: list[Picture]) -> dict[int, str]:
    """A readable name and enough of the hash that no two are the same, not even where case does not count."""
    names = {p.id: f"{_plain(p.name)}-{p.sha256[:8]}" for p in pictures}
    taken = Counter(names.values())
    return {
        p.id: f"{names[p.id]}.png" if taken[names[p.id]] == 1 else f"{_plain(p.name)}-{p.sha256}.png" for p in pictures
    }


def _plain(name: str) -> str:
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    ascii_only = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9_]+", "-", ascii_only).strip("-_")[:_LONGEST_STEM].strip("-_") or "picture"


def _pictures(count: int) -> str:
    return "1 picture is" if count == 1 else f"{count} pictures are"
