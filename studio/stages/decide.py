"""Keep, reject, undecide and undo. A rejection is a mark in the catalog: no file is ever deleted or moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from studio.catalog import Catalog, Change, Query
from studio.catalog.record import Applied, Decision
from studio.errors import BadInput
from studio.workspace import Dataset

_DONE = {"keep": "Keep", "reject": "Reject", "undecided": "Undecide"}


def decide(dataset: Dataset, ids: Iterable[int], decision: Decision, reason: str = "") -> Applied:
    """Set the decision of these pictures; one operation that `undo` takes back as a whole.

    Raises: BadInput when `decision` is none of keep, reject, undecided.
    """
    if decision not in _DONE:
        raise BadInput(f"{decision!r} is no decision. Use keep, reject or undecided.")
    changes = [Change(number, "decision", decision, reason=reason) for number in ids]
    with dataset.catalog() as catalog:
        return catalog.journal.apply(changes, label=f"{_DONE[decision]} {_pictures(len(changes))}")


def accept_suggestions(dataset: Dataset, group_ids: Sequence[int] | None = None) -> Applied:
    """Follow the suggestions of these duplicate groups (all, when None) for pictures that are undecided.

    Raises: BadInput when a group does not exist.
    """
    with dataset.catalog() as catalog:
        groups = catalog.findings.groups()
        if group_ids is not None:
            missing = sorted(set(group_ids) - {group.id for group in groups})
            if missing:
                raise BadInput(f"There is no duplicate group {missing[0]}. Look at the list of duplicates again.")
            groups = [group for group in groups if group.id in group_ids]
        members = [member for group in groups for member in group.members]
        undecided = _undecided(catalog, [member.picture_id for member in members])
        changes = [
            Change(member.picture_id, "decision", member.suggestion, reason=member.reason)
            for member in members
            if member.picture_id in undecided
        ]
        return catalog.journal.apply(changes, label=f"Accept suggestions for {_pictures(len(changes))}")


def reject_flagged(dataset: Dataset, flag: str) -> Applied:
    """Reject every undecided picture that carries this flag, with the flag's own sentence as the reason."""
    with dataset.catalog() as catalog:
        ids = catalog.pictures.ids(Query(flag=flag, decisions=("undecided",)))
        reasons = {
            number: next((found.sentence for found in flags if found.name == flag), flag)
            for number, flags in catalog.findings.flags_of(ids).items()
        }
        changes = [Change(number, "decision", "reject", reason=reasons[number]) for number in ids]
        return catalog.journal.apply(changes, label=f"Reject {_pictures(len(changes))} flagged {flag}")


def keep_rest(dataset: Dataset) -> Applied:
    """Keep every picture that is still undecided."""
    with dataset.catalog() as catalog:
        changes = [Change(number, "decision", "keep") for number in catalog.pictures.ids(_open())]
        return catalog.journal.apply(changes, label=f"Keep {_pictures(len(changes))}")


def undo(dataset: Dataset, fields: Sequence[str] = (), op_id: int | None = None) -> Applied | None:
    """Take back the newest operation (of these fields, or the one named); None when there is nothing to undo."""
    with dataset.catalog() as catalog:
        return catalog.journal.undo(op_id, fields)


def _open() -> Query:
    return Query(decisions=("undecided",))


def _undecided(catalog: Catalog, ids: Sequence[int]) -> set[int]:
    return {picture.id for picture in catalog.pictures.many(ids) if picture.decision == "undecided"}


def _pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"
