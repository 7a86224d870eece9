"""Teach an embedding: the new tokens, the captions around them, what is saved."""

import random
from pathlib import Path
from typing import Any

import torch

from training.data.captions import bare, expand, pick_sentence, sub_tokens, with_placeholder
from training.data.read_dataset import Row
from training.errors import ConfigError
from training.families.family import Family
from training.methods.method import checkpoint_gradients
from training.methods.textual_inversion.config import TextualInversionConfig
from training.methods.textual_inversion.initial_vectors import initial_vectors
from training.methods.textual_inversion.learned_rows import LearnedRows
from training.weights.embedding_files import save_embedding


class TextualInversionTraining:
    """A few vectors behind a placeholder; UNet, VAE and all known words stay as they are."""

    live_text = True

    def __init__(
        self, family: Family, settings: TextualInversionConfig, trigger: str, gradient_checkpointing: bool
    ) -> None:
        self._family = family
        self._settings = settings
        self._trigger = settings.replaces or trigger or None
        tokens = sub_tokens(settings.placeholder, settings.vectors)
        _refuse_known_tokens(family, tokens)
        earlier = _earlier_vectors(settings, len(family.text_encoders))
        self._rows = [
            LearnedRows(encoder, tokenizer, tokens, initial_vectors(settings, encoder, tokenizer, start))
            for encoder, tokenizer, start in zip(family.text_encoders, family.tokenizers, earlier, strict=True)
        ]
        if gradient_checkpointing:
            checkpoint_gradients(family, text_too=True)
        names = ["text_encoder", "text_encoder_2"][: len(self._rows)]
        self.trainable = {name: rows.vectors for name, rows in zip(names, self._rows, strict=True)}

    def groups(self, rate: float) -> list[dict[str, Any]]:
        """All vectors at one rate."""
        return [{"params": list(self.trainable.values()), "lr": rate}]

    def caption(self, row: Row, chance: random.Random) -> str:
        """The caption or a fixed sentence with the placeholder in it, written as all of its tokens."""
        settings = self._settings
        if settings.text == "captions":
            return self._expand(with_placeholder(row.text, self._trigger, settings.placeholder))
        rest = bare(row.text, self._trigger) if settings.text == "both" else ""
        return self._expand(pick_sentence(settings.templates, settings.placeholder, rest, chance))

    def validation_caption(self, row: Row) -> str:
        """The caption with the placeholder in the trigger's place."""
        return self._expand(with_placeholder(row.text, self._trigger, self._settings.placeholder))

    def baseline_caption(self, row: Row) -> str:
        """The bare caption: what one would ask of the base model without the embedding."""
        return bare(row.text, self._trigger)

    def sample_prompt(self, prompt: str, baseline: bool) -> str:
        """The prompt as it is; without the placeholder for the base model. Drawing expands the placeholder."""
        return bare(prompt, self._settings.placeholder) if baseline else prompt

    def train_mode(self, on: bool) -> None:
        """Gradient checkpointing acts in training mode only; no part of these models has dropout."""
        for module in [self._family.unet, *self._family.text_encoders]:
            module.train(on)

    def save(self, folder: Path, name: str, metadata: dict[str, str]) -> list[Path]:
        """Write `<name>.safetensors`, float32, one tensor for each text encoder."""
        path = folder / f"{name}.safetensors"
        vectors = [rows.vectors.detach().cpu() for rows in self._rows]
        save_embedding(vectors, path, metadata)
        return [path]

    def _expand(self, text: str) -> str:
        return expand(text, self._settings.placeholder, self._settings.vectors)


def _refuse_known_tokens(family: Family, tokens: list[str]) -> None:
    for tokenizer in family.tokenizers:
        known = [token for token in tokens if token in tokenizer.get_vocab()]
        if known:
            raise ConfigError(
                f'method.placeholder: "{known[0]}" is a token of this base model already, and training would '
                "mix the two. Choose another placeholder."
            )


def _earlier_vectors(settings: TextualInversionConfig, encoders: int) -> list[torch.Tensor | None]:
    if settings.initial_file is None:
        return [None] * encoders
    from training.weights.embedding_files import load_embedding

    vectors = load_embedding(settings.initial_file)
    if len(vectors) != encoders:
        raise ConfigError(
            f"method.initial_file holds vectors for {len(vectors)} text encoders, but this base model has "
            f"{encoders}. Choose an embedding of the same family."
        )
    return list(vectors)
