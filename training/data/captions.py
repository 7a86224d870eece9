"""What the text encoder reads for a picture: captions, the placeholder in them, and fixed sentences."""

import random
import re
from collections import Counter
from collections.abc import Iterable

STYLE_TEMPLATES = (
    "a picture in {} style",
    "a drawing made like {}",
    "{}, a picture",
    "an artwork in the manner of {}",
    "a small picture done as {}",
    "something drawn in {} style",
    "a clear drawing, {}",
    "one thing shown in {} style",
    "a page from a book of {}",
    "a bright picture in {} style",
    "a plain picture in {} style",
    "a detailed picture in {} style",
)
OBJECT_TEMPLATES = (
    "a photo of {}",
    "a close view of {}",
    "{} seen from the front",
    "{} on a plain background",
    "a clear picture of {}",
    "a bright photo of {}",
    "a dim photo of {}",
    "a small picture of {}",
    "a cropped photo of {}",
    "one {} by itself",
    "{} in the middle of the picture",
    "a good photo of {}",
)

_MOST_TAGS = 2000  # the header of a weights file is read whole by every program that lists it


def sub_tokens(placeholder: str, vectors: int) -> list[str]:
    """The tokens behind a placeholder: <ink>, <ink>_1, <ink>_2, ... as diffusers names them."""
    return [placeholder, *(f"{placeholder}_{number}" for number in range(1, vectors))]


def expand(text: str, placeholder: str, vectors: int) -> str:
    """Write every placeholder in `text` as all of its tokens."""
    return text.replace(placeholder, " ".join(sub_tokens(placeholder, vectors)))


def with_placeholder(caption: str, trigger: str | None, placeholder: str) -> str:
    """The caption with the trigger phrase replaced by the placeholder, or the placeholder added at the end."""
    if placeholder in caption:
        return caption
    if trigger and has_phrase(caption, trigger):
        return _phrase(trigger).sub(lambda _: placeholder, caption)
    return f"{caption}, {placeholder}" if caption.strip() else placeholder


def bare(caption: str, trigger: str | None) -> str:
    """The caption without the trigger phrase and without the comma or space that it leaves behind."""
    if not trigger or not has_phrase(caption, trigger):
        return caption
    parts = [" ".join(_phrase(trigger).sub(" ", part).split()) for part in caption.split(",")]
    return ", ".join(part for part in parts if part)


def has_phrase(caption: str, phrase: str) -> bool:
    """Whether `phrase` stands in the caption as whole words, whatever the case."""
    return _phrase(phrase).search(caption) is not None


def tag_frequency(captions: Iterable[str]) -> dict[str, int]:
    """How often each part between commas occurs, the most frequent ones first and at most 2000 of them."""
    parts = (part.strip() for caption in captions for part in caption.split(","))
    return dict(Counter(part for part in parts if part).most_common(_MOST_TAGS))


def pick_sentence(templates: str | tuple[str, ...], placeholder: str, caption: str, chance: random.Random) -> str:
    """One sentence around the placeholder, followed by `caption` when that is not empty."""
    lists = {"style": STYLE_TEMPLATES, "object": OBJECT_TEMPLATES}
    choices = lists[templates] if isinstance(templates, str) else templates
    sentence = chance.choice(choices).replace("{}", placeholder)
    return f"{sentence}, {caption}" if caption.strip() else sentence


def _phrase(phrase: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in phrase.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
