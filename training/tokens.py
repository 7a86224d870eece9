"""Count tokens the way the text encoder will, without loading torch."""

from functools import lru_cache
from pathlib import Path
from typing import Any

POCKET_TOKENIZER = Path(__file__).parent / "families" / "pocket" / "tokenizer" / "tokenizer.json"


def count_tokens(texts: list[str], tokenizer: Path | None = None) -> list[int]:
    """Number of CLIP tokens of each text, without the start and end tokens; 75 fit into one prompt.

    `tokenizer` is a tokenizer.json; by default the embedded one, whose vocabulary all Stable Diffusion families share.
    """
    return [len(ids) for ids in token_ids(texts, tokenizer)]


def token_ids(texts: list[str], tokenizer: Path | None = None) -> list[list[int]]:
    """CLIP token ids of each text, without the start and end tokens."""
    encode = _tokenizer(tokenizer or POCKET_TOKENIZER).encode_batch
    return [encoding.ids for encoding in encode([str(text) for text in texts], add_special_tokens=False)]


def is_known_token(word: str, tokenizer: Path | None = None) -> bool:
    """Whether `word` is one entry of the vocabulary, with or without the mark for the end of a word."""
    vocabulary = _tokenizer(tokenizer or POCKET_TOKENIZER)
    return any(vocabulary.token_to_id(text) is not None for text in (word, f"{word}</w>"))


@lru_cache(maxsize=4)
def _tokenizer(path: Path) -> Any:
    # Imported here: the app must start without it.
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
