"""Where the vectors of a new embedding start: words, an earlier embedding, or the average word."""

from typing import Any

import torch

from training.errors import ConfigError
from training.methods.textual_inversion.config import TextualInversionConfig


def initial_vectors(
    settings: TextualInversionConfig, encoder: Any, tokenizer: Any, earlier: torch.Tensor | None
) -> torch.Tensor:
    """Start vectors [vectors, width] for one text encoder; `earlier` is the content of `initial_file`.

    Raises: ConfigError when words or file do not fit.
    """
    table = encoder.get_input_embeddings().weight.detach().float()
    if earlier is not None:
        return _checked(earlier, settings.vectors, table.shape[1])
    if settings.initial_phrase:
        return _from_words(settings.initial_phrase, settings.vectors, table, tokenizer)
    return _around(table.mean(dim=0), settings.vectors, table)


def _from_words(phrase: str, vectors: int, table: torch.Tensor, tokenizer: Any) -> torch.Tensor:
    """The words' vectors in order, repeated until there are enough; repeats are shifted a little."""
    ids = tokenizer(phrase, add_special_tokens=False).input_ids
    if not ids:
        raise ConfigError(f'method.initial_phrase "{phrase}" has no tokens. Write a word, or leave it empty.')
    rows = [table[ids[number % len(ids)]].clone() for number in range(vectors)]
    for number in range(len(ids), vectors):
        rows[number] += _small_shift(table)
    return torch.stack(rows)


def _around(centre: torch.Tensor, vectors: int, table: torch.Tensor) -> torch.Tensor:
    return torch.stack([centre + _small_shift(table) for _ in range(vectors)])


def _small_shift(table: torch.Tensor) -> torch.Tensor:
    """Noise of a tenth of the table's spread, drawn on the CPU so that every device starts alike."""
    return (torch.randn(table.shape[1]) * 0.1 * table.std().cpu()).to(table.device)


def _checked(earlier: torch.Tensor, vectors: int, width: int) -> torch.Tensor:
    if tuple(earlier.shape) != (vectors, width):
        raise ConfigError(
            f"method.initial_file holds {earlier.shape[0]} vectors of width {earlier.shape[-1]}, but {vectors} of "
            f"width {width} are wanted. Set method.vectors, or choose an embedding of this base model's family."
        )
    return earlier.float()
