"""Flags of every picture, from its row: no picture is opened, so new thresholds show at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields

from studio.catalog import Catalog, Flag, Picture, Query
from studio.errors import BadInput
from studio.stages.flag_rules import Thresholds, flags_for
from studio.workspace import Dataset


def refresh_flags(dataset: Dataset, thresholds: Mapping[str, float] | None = None) -> dict[str, int]:
    """Compute all flags anew and return how many pictures that are not rejected carry each.

    `thresholds` (names and units as in `flag_rules.Thresholds`) are remembered for this dataset.

    Raises: BadInput for an unknown threshold or one that is no number.
    """
    with dataset.catalog() as catalog:
        if thresholds is not None:
            rules = {**stored_thresholds(catalog), **thresholds}
            catalog.settings.set("thresholds", asdict(_checked(rules)))
        rules_now = _checked(stored_thresholds(catalog))
        target = _resolution(catalog)
        catalog.findings.replace_flags(
            {picture.id: _flags(picture, rules_now, target) for picture in catalog.pictures.each(Query(decisions=()))}
        )
        return catalog.findings.flag_counts()


def stored_thresholds(catalog: Catalog) -> dict[str, float]:
    """The dataset's thresholds, defaults filled in."""
    return {**asdict(Thresholds()), **catalog.settings.get("thresholds", {})}


def _flags(picture: Picture, rules: Thresholds, target: int) -> list[Flag]:
    return [Flag(f.name, f.value, f.threshold, f.sentence) for f in flags_for(picture, rules, target)]


def _checked(values: Mapping[str, float]) -> Thresholds:
    known = {field.name for field in fields(Thresholds)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise BadInput(f"There is no threshold {unknown[0]}. There are: {', '.join(sorted(known))}.")
    wrong = [name for name, value in values.items() if isinstance(value, bool) or not isinstance(value, int | float)]
    if wrong:
        raise BadInput(f"The threshold {wrong[0]} must be a number, not {values[wrong[0]]!r}.")
    return Thresholds(**values)


def _resolution(catalog: Catalog) -> int:
    """The side a picture must fill: the dataset's own, else the base model's."""
    stored = catalog.settings.get("resolution")
    if stored:
        return int(stored)
    from training import detect_family  # late: it reads the base model's files

    return detect_family(str(catalog.settings.get("base_model", "pocket"))).resolution
