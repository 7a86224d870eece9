"""Placeholders of embeddings in text: expand them to their sub-tokens, and teach them to tokenisers."""

from typing import Any

import torch

from training.data.captions import sub_tokens
from training.errors import WeightsError


def expand_placeholders(text: str, tokenizer: Any) -> str:
    """The text with every known placeholder written as all its sub-tokens.

    Text that is expanded already stays as it is. diffusers' pipelines do this themselves when they get a
    prompt, so expanded text is for our own `encode_text` only.
    """
    known = tokenizer.get_added_vocab()
    for placeholder in [word for word in known if f"{word}_1" in known]:
        words = [placeholder]
        while f"{placeholder}_{len(words)}" in known:
            words.append(f"{placeholder}_{len(words)}")
        expanded = " ".join(words)
        text = text.replace(expanded, placeholder).replace(placeholder, expanded)
    return text


def add_placeholder(tokenizer: Any, text_encoder: Any, placeholder: str, vectors: torch.Tensor) -> list[int]:
    """Give a text encoder the vectors [n, d] behind a placeholder; returns their token ids.

    Raises:
        WeightsError: the vectors have another width than the encoder, or the word is taken.
    """
    width = text_encoder.get_input_embeddings().weight.shape[1]
    if vectors.ndim != 2 or vectors.shape[1] != width:
        raise WeightsError(
            f"The embedding {placeholder} has vectors of {vectors.shape[-1]} numbers, but the base model's text "
            f"encoder takes {width}. Use it with a base model of the family that it was made for."
        )
    words = sub_tokens(placeholder, vectors.shape[0])
    if set(words) & tokenizer.get_vocab().keys():
        raise WeightsError(f"The word {placeholder} is in the vocabulary already. Give the embedding another name.")
    ids = add_rows(tokenizer, text_encoder, words)
    table = text_encoder.get_input_embeddings().weight
    with torch.no_grad():
        table[ids] = vectors.to(table.device, table.dtype)
    table.requires_grad_(False)
    return ids


def add_rows(tokenizer: Any, text_encoder: Any, words: list[str]) -> list[int]:
    """Make room for new words in a tokenizer and its encoder's table; returns their token ids."""
    tokenizer.add_tokens(words)
    text_encoder.resize_token_embeddings(len(tokenizer), mean_resizing=False)
    _use_real_end_token(text_encoder, tokenizer)
    return tokenizer.convert_tokens_to_ids(words)


def _use_real_end_token(encoder: Any, tokenizer: Any) -> None:
    """Let the pooled output be read at the end token.

    Old CLIP configs name token 2 as the end, and transformers then takes the highest id, which a new token exceeds.
    """
    for module in encoder.modules():
        if getattr(module, "eos_token_id", None) == 2:
            module.eos_token_id = tokenizer.eos_token_id
