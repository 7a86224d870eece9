"""Which pictures a view shows, as one small value that becomes SQL in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Show = Literal["all", "empty", "suggestions", "long", "by_you", "by_machine", "no_trigger"]
Sort = Literal["name", "newest", "longest", "shortest", "sharpness", "smallest"]

TOKEN_LIMIT = 75
"""CLIP reads 77 tokens, two of which are start and end."""

_ORDER = {
    "name": "name COLLATE NOCASE, id",
    "newest": "id DESC",
    "longest": "length(caption) DESC, id",
    "shortest": "length(caption), id",
    "sharpness": "sharpness, id",
    "smallest": "width * height, id",
}
_SHOW = {
    "all": "1",
    "empty": "caption = ''",
    "suggestions": "suggestion <> ''",
    "long": f"tokens > {TOKEN_LIMIT}",
    "by_you": "caption_by = 'you'",
    "no_trigger": "lacks_trigger(caption, ?)",
    "by_machine": "caption <> '' AND caption_by NOT IN ('you', 'import')",
}


@dataclass(frozen=True, slots=True)
class Query:
    """A filter and an order. `decisions` empty means every decision; default leaves rejected pictures out."""

    text: str = ""
    """Words to find in caption, name or tags; all of them, any case."""
    show: Show = "all"
    flag: str = ""
    split: str = ""
    decisions: tuple[str, ...] = ("undecided", "keep")
    sort: Sort = "name"
    trigger: str = ""
    """Used by `show="no_trigger"`."""

    def sql(self) -> tuple[str, list[object]]:
        """The WHERE clause and its values."""
        clauses: list[str] = ["1"]
        values: list[object] = []
        clauses.append(self.clause())
        if self.show == "no_trigger":
            values.append(self.trigger)
        for word in self.text.split():
            clauses.append("(caption LIKE ? ESCAPE '\\' OR name LIKE ? ESCAPE '\\' OR tags LIKE ? ESCAPE '\\')")
            values += [f"%{_escaped(word)}%"] * 3
        if self.flag:
            clauses.append("id IN (SELECT picture_id FROM flags WHERE flags.name = ?)")
            values.append(self.flag)
        if self.split:
            clauses.append("split = ?")
            values.append(self.split)
        if self.decisions:
            clauses.append(f"decision IN ({', '.join('?' * len(self.decisions))})")
            values += self.decisions
        return " AND ".join(f"({clause})" for clause in clauses), values

    def clause(self) -> str:
        """The condition of `show` alone; that of `no_trigger` takes the trigger as its one value."""
        return _SHOW[self.show]

    def order(self) -> str:
        return _ORDER[self.sort]


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
