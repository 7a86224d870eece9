"""Pages of the caption grid: rows of a view, and the next picture without a caption."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args

from starlette.requests import Request

from studio.api import fields, tokens
from studio.api.id_lists import IdList, IdLists
from studio.catalog import Catalog, Flag, Picture, Query
from studio.catalog.query import Show, Sort
from studio.errors import BadInput
from studio.workspace import Dataset, open_dataset

PAGE_LIMIT = 500
_VIEWS = IdLists()
_DECISIONS = frozenset({"undecided", "keep", "reject"})


def items(request: Request) -> dict[str, Any]:
    """`n` rows from `start` on. `view` names an earlier answer's view; `item` starts at the page of that picture."""
    values = request.query_params
    n = fields.number(values, "n", 200, low=1, high=PAGE_LIMIT)
    start = fields.number(values, "start", 0)
    item = fields.number(values, "item", 0)
    dataset = open_dataset(fields.text(values, "dataset"))
    with dataset.catalog() as catalog:
        view = _view(dataset, catalog, values)
        place = _place(view, item)
        if place is not None:
            start = place - place % n
        ids = view.ids[start : start + n]
        return {
            "total": len(view.ids),
            "start": start,
            "place": place,
            "view": view.name,
            "stamp": catalog.pictures.stamp(),
            "rows": rows_of(catalog, ids),
        }


def ids(request: Request) -> dict[str, Any]:
    """Every id of a view, in order: for a choice that goes beyond the loaded pages."""
    values = request.query_params
    dataset = open_dataset(fields.text(values, "dataset"))
    with dataset.catalog() as catalog:
        view = _view(dataset, catalog, values)
        return {"view": view.name, "ids": view.ids.tolist()}


def next_empty(request: Request) -> dict[str, Any]:
    """The place of the next picture without a caption after place `after` of a view, round the end; or null."""
    values = request.query_params
    after = fields.number(values, "after", -1, low=-1)
    dataset = open_dataset(fields.text(values, "dataset"))
    with dataset.catalog() as catalog:
        view = _view(dataset, catalog, values)
        empty = set(catalog.pictures.ids(Query(show="empty")))
    count = len(view.ids)
    places = (place % count for place in range(after + 1, after + 1 + count))
    return {"view": view.name, "place": next((place for place in places if view.ids[place] in empty), None)}


def rows_of(catalog: Catalog, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Rows as the grid shows them, with token counts filled in."""
    pictures = catalog.pictures.many(list(ids))
    if any(picture.tokens is None for picture in pictures):
        counted = {picture.id: count for picture, count in _counted(catalog, pictures)}
    else:
        counted = {}
    flags = catalog.findings.flags_of([picture.id for picture in pictures])
    return [_row(picture, flags.get(picture.id, []), counted.get(picture.id)) for picture in pictures]


def query_of(values: Mapping[str, Any], trigger: str) -> Query:
    """The filter that a request asks for.

    Raises: BadInput for a filter or an order that does not exist.
    """
    show, sort = values.get("show") or "all", values.get("sort") or "name"
    decisions = tuple(word for word in (values.get("decision") or "").split(",") if word)
    if show not in get_args(Show) or sort not in get_args(Sort) or not _DECISIONS.issuperset(decisions):
        raise BadInput("There is no such filter or order. Reload the page.")
    return Query(
        text=fields.text(values, "text", ""),
        show=cast(Show, show),
        flag=fields.text(values, "flag", ""),
        split=fields.text(values, "split", ""),
        decisions=decisions or Query().decisions,
        sort=cast(Sort, sort),
        trigger=trigger if show == "no_trigger" else "",
    )


def _view(dataset: Dataset, catalog: Catalog, values: Mapping[str, Any]) -> IdList:
    query = query_of(values, catalog.settings.get("trigger", ""))
    if query.show == "long":
        tokens.count_missing(catalog)
    found = _VIEWS.get(fields.text(values, "view", ""), dataset.catalog_path, query)
    return found or _VIEWS.make(catalog, dataset.catalog_path, query)


def _place(view: IdList, item: int) -> int | None:
    try:
        return view.ids.index(item) if item else None
    except ValueError:
        return None


def _counted(catalog: Catalog, pictures: Sequence[Picture]) -> list[tuple[Picture, int]]:
    missing = [picture for picture in pictures if picture.tokens is None]
    counted = list(zip(missing, tokens.count([picture.caption for picture in missing]), strict=True))
    catalog.pictures.set_tokens((picture.id, picture.caption_rev, count) for picture, count in counted)
    return counted


def _row(picture: Picture, flags: Sequence[Flag], counted: int | None) -> dict[str, Any]:
    return {
        "id": picture.id,
        "sha": picture.sha256,
        "w": picture.width,
        "h": picture.height,
        "name": picture.name,
        "caption": picture.caption,
        "by": picture.caption_by,
        "rev": picture.caption_rev,
        "suggestion": picture.suggestion,
        "suggestion_by": picture.suggestion_by,
        "tokens": picture.tokens if counted is None else counted,
        "decision": picture.decision,
        "reason": picture.decision_reason,
        "flags": [{"name": flag.name, "sentence": flag.sentence} for flag in flags],
        "split": picture.split,
    }
