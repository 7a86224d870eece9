"""The README.md of an export: what it holds, how to read it, and whose pictures they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from studio.catalog import Picture

_EXAMPLES = 5
_HOW_TO_READ = """\
```python
from datasets import load_dataset

data = load_dataset("imagefolder", data_dir="PATH/TO/THIS/FOLDER")
```

A line of `metadata.jsonl` holds `file_name`, `text`, `width` and `height` of the picture here, `sha256` of the original
file, `tags`, `source` (the original's name), `licence`, `author`, `repeats`, and what came along from imported tables.
`sha256sum -c manifest.sha256` checks that every file is whole.
"""


def dataset_card(
    facts: Mapping[str, Any], counts: Mapping[str, int], buckets: Mapping[str, int], pictures: Sequence[Picture]
) -> str:
    """The card as Markdown; the same export gives the same text."""
    sizes = ", ".join(f"{name} ({count})" for name, count in buckets.items())
    parts = [
        "---\ntask_categories:\n- text-to-image\n---\n",
        f"# {_plain(facts['dataset'])}\n",
        f"Pictures with captions, written by Concept Studio for teaching a {facts['concept']} to an image model.\n",
        _table(("split", "pictures"), [(name, count) for name, count in counts.items() if count]),
        f"- Trigger: {_code(facts['trigger'])}\n- Resolution: {facts['resolution']} px; sizes: {sizes}\n"
        f"- Pictures are sRGB PNG, upright, without metadata; transparency lies on white.\n",
        "## Reading it\n",
        _HOW_TO_READ,
        "## Captions\n",
        "".join(f"- {_plain(text)}\n" for text in sorted({p.caption for p in pictures if p.caption})[:_EXAMPLES]),
        "## Rights\n",
        _table(("licence", "author", "pictures"), _rights(pictures)),
    ]
    return "\n".join(parts)


def _rights(pictures: Sequence[Picture]) -> list[tuple[str, str, int]]:
    found = Counter((p.licence or "not stated", p.author or "not stated") for p in pictures)
    return [(licence, author, count) for (licence, author), count in sorted(found.items())]


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join("| " + " | ".join(_plain(str(cell)) for cell in line) + " |\n" for line in lines)


def _plain(text: str) -> str:
    """Text that Markdown takes literally and that stays on one line."""
    one_line = " ".join(text.split())
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#" else c for c in one_line)


def _code(text: str) -> str:
    return f"`{text.replace('`', '')}`" if text else "none"
