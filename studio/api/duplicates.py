"""Duplicate groups with all that a person needs to choose, and the sensitivity they were found with."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from studio.api import fields
from studio.catalog import Catalog, Group, GroupMember, Picture
from studio.stages.duplicates import find_duplicates
from studio.workspace import open_dataset

SENSITIVITIES = ("strict", "balanced", "loose")


def duplicates(request: Request) -> dict[str, Any]:
    """Groups, keeper first; only those with an undecided picture when `open` is 1."""
    values = request.query_params
    open_only = fields.number(values, "open", 0, high=1) == 1
    dataset = open_dataset(fields.text(values, "dataset"))
    with dataset.catalog() as catalog:
        return _answer(catalog, open_only)


def search_again(body: dict[str, Any]) -> dict[str, Any]:
    """Find duplicates anew with another sensitivity; decisions stay as they are."""
    dataset = open_dataset(fields.text(body, "dataset"))
    find_duplicates(dataset, sensitivity=fields.text(body, "sensitivity"))
    with dataset.catalog() as catalog:
        return _answer(catalog, open_only=True)


def _answer(catalog: Catalog, open_only: bool) -> dict[str, Any]:
    groups = catalog.findings.groups(open_only)
    ids = [member.picture_id for group in groups for member in group.members]
    pictures = {picture.id: picture for picture in catalog.pictures.many(ids)}
    return {
        "groups": [_group(catalog, group, pictures) for group in groups],
        "sensitivity": catalog.settings.get("sensitivity", "balanced"),
        "sensitivities": list(SENSITIVITIES),
        "stamp": catalog.pictures.stamp(),
    }


def _group(catalog: Catalog, group: Group, pictures: dict[int, Picture]) -> dict[str, Any]:
    members = [_member(catalog, member, pictures[member.picture_id]) for member in group.members]
    return {"id": group.id, "reason": group.reason, "members": members}


def _member(catalog: Catalog, member: GroupMember, picture: Picture) -> dict[str, Any]:
    files = [row.name for row in catalog.files.of_picture(picture.sha256)]
    return {
        "id": picture.id,
        "sha": picture.sha256,
        "name": picture.name,
        "w": picture.width,
        "h": picture.height,
        "bytes": picture.size_bytes,
        "format": picture.format,
        "sharpness": round(picture.sharpness),
        "caption": picture.caption,
        "decision": picture.decision,
        "distance": member.distance,
        "relation": member.relation,
        "suggestion": member.suggestion,
        "reason": member.reason,
        "copies": [name for name in files if name != picture.name],
    }
