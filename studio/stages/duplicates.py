"""Pictures that show the same thing, grouped from their rows; the groups are stored, decisions are not touched."""

from __future__ import annotations

from studio.catalog import Catalog, Group, GroupMember, Picture, Query
from studio.stages.duplicate_groups import DuplicateGroup, HashRow, find_groups, radius_of
from studio.workspace import Dataset

DEFAULT_SENSITIVITY = "balanced"


def find_duplicates(dataset: Dataset, sensitivity: str | int | None = None) -> list[Group]:
    """Group look-alikes anew and return the groups, each with its suggested keeper first.

    `sensitivity` is strict, balanced, loose or a largest distance in bits (0 to 16), and is remembered. Rejected
    pictures take part, so that a rejected copy does not come back as a discovery.

    Raises: BadInput for another sensitivity.
    """
    with dataset.catalog() as catalog:
        if sensitivity is not None:
            radius_of(sensitivity)
            catalog.settings.set("sensitivity", sensitivity)
        catalog.findings.replace_groups(_stored(number, g) for number, g in enumerate(_groups(catalog), start=1))
        return catalog.findings.groups()


def _groups(catalog: Catalog) -> list[DuplicateGroup]:
    sensitivity = catalog.settings.get("sensitivity", DEFAULT_SENSITIVITY)
    # Ordered by name, so that the same pictures give the same groups whatever order they were read in.
    return find_groups([_row(picture) for picture in catalog.pictures.each(Query(decisions=()))], sensitivity)


def _row(picture: Picture) -> HashRow:
    return HashRow(
        id=picture.id,
        sha256=picture.sha256,
        phash=picture.phash,
        phash_mirrored=picture.phash_mirrored,
        phash_trimmed=picture.phash_trimmed,
        dhash=picture.dhash,
        width=picture.width,
        height=picture.height,
        sharpness=picture.sharpness,
        contrast=picture.contrast,
        has_caption=bool(picture.caption),
        decision=picture.decision,
    )


def _stored(number: int, group: DuplicateGroup) -> Group:
    members = tuple(
        GroupMember(int(member.id), member.distance, member.relation or "keeper", member.suggestion, member.reason)
        for member in group.members
    )
    return Group(number, group.reason, members)
