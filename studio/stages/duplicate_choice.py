"""Which of several copies to keep, and the sentences that say why."""

from __future__ import annotations

import math
from collections.abc import Sequence

from studio.stages.duplicate_rows import HashRow, Relation
from studio.stages.flag_rules import DEFAULT_THRESHOLDS

_DECISION_RANK = {"keep": 2, "undecided": 1, "reject": 0}
_CLEARLY_SHARPER = 1.1


def is_blurred(row: HashRow) -> bool:
    """Tell whether the picture would get the flag `blurred`."""
    return row.sharpness < DEFAULT_THRESHOLDS.min_sharpness


def quality(row: HashRow) -> tuple[int, bool, int, int, bool]:
    """Return a value that is larger for the better copy.

    The user's decision counts most, then not being blurred, size, sharpness in coarse steps (noise of a strong
    compression must not win), and having a caption.
    """
    sharpness_step = round(2 * math.log2(1 + max(0.0, row.sharpness)))
    rank = _DECISION_RANK.get(row.decision, 1)
    return rank, not is_blurred(row), row.pixels, sharpness_step, row.has_caption


def reason_to_keep(keeper: HashRow, others: Sequence[HashRow]) -> str:
    """Return what makes the keeper better than the other copies, such as "largest, has the caption"."""
    reasons = []
    if keeper.decision == "keep" and any(other.decision != "keep" for other in others):
        reasons.append("you kept it")
    if all(keeper.pixels > other.pixels for other in others):
        reasons.append("largest")
    if all(keeper.sharpness > _CLEARLY_SHARPER * other.sharpness for other in others):
        reasons.append("sharpest")
    if keeper.has_caption and not any(other.has_caption for other in others):
        reasons.append("has the caption")
    return ", ".join(reasons) or "as good as the others, and first in the list"


def reason_to_reject(keeper: HashRow, other: HashRow, relation: Relation, distance: int) -> str:
    """Return how a copy relates to the keeper, and what speaks against it or for it."""
    reasons = [_RELATION_TEXT[relation].format(size=other.size, distance=distance)]
    if is_blurred(other) and not is_blurred(keeper):
        reasons.append("blurred")
    if other.has_caption and not keeper.has_caption:
        reasons.append("but it has the caption")
    return ", ".join(reasons)


_RELATION_TEXT: dict[Relation, str] = {
    "identical": "the same file",
    "re-encoded": "the same picture, saved again",
    "resized": "the same picture at {size}",
    "cropped?": "looks like a cut-out of the same picture",
    "stretched": "the same picture in another shape ({size})",
    "mirrored": "the same picture, mirrored",
    "similar": "looks much the same ({distance} of 64 bits differ)",
}
