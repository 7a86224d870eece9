"""Edits of the grid: one operation a request, on disk before it is answered, harmless when repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from studio.api import counts, fields, tokens
from studio.catalog import Catalog, Change
from studio.catalog.record import HUMAN, Applied, ChangeResult
from studio.errors import BadInput, ChangedElsewhere, NothingToDo
from studio.workspace import Dataset, open_dataset

CHANGE_LIMIT = 50_000
CAPTION_LIMIT = 20_000
_DECISIONS = frozenset({"undecided", "keep", "reject"})
_FIELDS = frozenset({"caption", "suggestion", "decision"})
_UNDOABLE = ("caption", "suggestion", "decision", "edit", "split", "tags", "licence", "author", "repeats")


def ops(body: dict[str, Any]) -> dict[str, Any]:
    """Apply `changes` as one operation; the same (client, seq) again gets the first answer again."""
    dataset = open_dataset(fields.text(body, "dataset"))
    client = fields.text(body, "client", limit=64)
    seq = fields.number(body, "seq")
    label = fields.text(body, "label", "Edit") or "Edit"
    changes = _changes(body.get("changes"))
    with dataset.catalog() as catalog:
        with catalog.transaction():
            adjusting = counts.Adjusting(catalog, dataset.catalog_path)
            adjusting.before([change.picture_id for change in changes])
            applied = catalog.journal.apply(changes, label=label, client=client, seq=seq)
            _refuse_another_edit(changes, applied)
            counted = _count_tokens(catalog, applied)
            adjusting.after()
        return _answer(dataset, catalog, applied, counted)


def _refuse_another_edit(changes: Sequence[Change], applied: Applied) -> None:
    """An answer that was kept under (client, seq) must be the answer to these very changes.

    Raises: ChangedElsewhere, because these changes were not applied.
    """
    pairs = zip(changes, applied.results, strict=False)
    if len(changes) != len(applied.results) or not all(_answers(result, change) for change, result in pairs):
        raise ChangedElsewhere("This edit was not saved: another one was sent under its number. Reload the page.")


def _answers(result: ChangeResult, change: Change) -> bool:
    same_place = (result.picture_id, result.field) == (change.picture_id, change.field)
    return same_place and (result.state not in ("ok", "same") or result.value == change.value)


def undo(body: dict[str, Any]) -> dict[str, Any]:
    """Take back the newest operation of a person (or `op`); with `redo`, bring back what was taken back last.

    `fields` (a list) narrows it to operations on captions, or on decisions.

    Raises: NothingToDo when there is none.
    """
    dataset = open_dataset(fields.text(body, "dataset"))
    wanted = _undo_fields(body.get("fields", []))
    with dataset.catalog() as catalog:
        with catalog.transaction():
            target = _target(catalog, body, wanted)
            adjusting = counts.Adjusting(catalog, dataset.catalog_path)
            adjusting.before(catalog.journal.pictures_of(target[0]))
            applied = catalog.journal.undo(target[0])
            if applied is None:
                raise NothingToDo("This was taken back already.")
            counted = _count_tokens(catalog, applied)
            adjusting.after()
        return _answer(dataset, catalog, applied, counted) | {"label": target[1]}


def _target(catalog: Catalog, body: Mapping[str, Any], wanted: Sequence[str]) -> tuple[int, str]:
    """The operation to take back: its number and label."""
    if body.get("op") is not None:
        return fields.number(body, "op", low=1), fields.text(body, "label", "")
    if body.get("redo") is True:
        found = catalog.journal.last_undone(wanted, by=HUMAN)
        if found is None:
            raise NothingToDo("There is nothing to redo.")
        return found
    found = catalog.journal.last(wanted, by=HUMAN)
    if found is None:
        raise NothingToDo("There is nothing to undo.")
    return found


def _answer(dataset: Dataset, catalog: Catalog, applied: Applied, counted: Mapping[int, int]) -> dict[str, Any]:
    pictures = {picture.id: picture for picture in catalog.pictures.many(_ids(applied))}
    results = []
    for result in applied.results:
        picture = pictures.get(result.picture_id)
        results.append(
            {
                "id": result.picture_id,
                "field": result.field,
                "state": result.state,
                "value": result.value,
                "rev": result.rev,
                "tokens": counted.get(result.picture_id, picture.tokens if picture else None),
                "by": picture.caption_by if picture else "",
                "suggestion": picture.suggestion if picture else "",
            }
        )
    return {"op": applied.op_id, "results": results, "counts": counts.current(catalog, dataset.catalog_path)}


def _count_tokens(catalog: Catalog, applied: Applied) -> dict[int, int]:
    written = [result for result in applied.results if result.field == "caption" and result.state == "ok"]
    if not written:
        return {}
    counted = tokens.count([result.value for result in written])
    catalog.pictures.set_tokens(
        (result.picture_id, result.rev, count) for result, count in zip(written, counted, strict=True)
    )
    return {result.picture_id: count for result, count in zip(written, counted, strict=True)}


def _ids(applied: Applied) -> list[int]:
    return list(dict.fromkeys(result.picture_id for result in applied.results))


def _changes(given: object) -> list[Change]:
    if not isinstance(given, list) or not given or len(given) > CHANGE_LIMIT:
        raise BadInput(f"An operation holds 1 to {CHANGE_LIMIT} changes. Send it in parts.")
    return [_change(one) for one in given]


def _change(one: object) -> Change:
    if not isinstance(one, dict) or fields.text(one, "field") not in _FIELDS:
        raise BadInput("A change names its picture, its field and its value. Reload the page.")
    field, value = one["field"], fields.text(one, "value", limit=CAPTION_LIMIT)
    if field == "decision" and value not in _DECISIONS:
        raise BadInput("A decision is keep, reject or undecided. Reload the page.")
    rev = None if one.get("rev") is None else fields.number(one, "rev")
    return Change(fields.number(one, "id"), field, value, old_rev=rev, reason=fields.text(one, "reason", ""))


def _undo_fields(given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(name in _UNDOABLE for name in given):
        raise BadInput("fields must be a list of field names. Reload the page.")
    return tuple(given)
