"""When a caption holds the trigger: as whole words, in any case, with any spaces between them."""

from __future__ import annotations

import re
from functools import lru_cache


def count_trigger(caption: str, trigger: str) -> int:
    """How often the trigger stands in the caption as whole words, in any case."""
    return len(trigger_pattern(trigger).findall(caption)) if trigger.strip() else 0


def lacks_trigger(caption: str, trigger: str) -> bool:
    """Whether there is a caption and a trigger, and the one does not hold the other."""
    return bool(caption and trigger.strip()) and trigger_pattern(trigger).search(caption) is None


@lru_cache(maxsize=64)
def trigger_pattern(trigger: str) -> re.Pattern[str]:
    """What finds the trigger in a caption."""
    words = r"\s+".join(re.escape(word) for word in trigger.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
