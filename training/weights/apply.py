"""Put trained files back onto a loaded base model, each with a strength."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.errors import WeightsError
from training.families.family import Family
from training.families.placeholders import add_placeholder
from training.weights.embedding_files import load_embedding
from training.weights.kind import kind_of_weights, placeholder_of
from training.weights.lora_files import read_lora


def apply_weights(family: Family, weights: Sequence[tuple[Path, float]]) -> None:
    """Apply (path, strength) pairs to the family's live modules; strength 1 is as trained.

    A LoRA's or DoRA's change of the weights is multiplied by its strength, so 0 has no effect. An embedding's vectors
    are multiplied; its placeholder must be in the prompt (see `placeholder_of`), and at 0 it is a word that says
    nothing, which is not the same as a prompt without it.

    Raises:
        WeightsError: a file is broken, or was made for another family.
    """
    adapters: dict[str, float] = {}
    pipeline = family.pipeline()
    for number, (path, strength) in enumerate(weights):
        if kind_of_weights(path) == "embedding":
            _apply_embedding(family, path, strength)
        else:
            name = f"weights_{number}"
            _apply_lora(pipeline, path, name)
            adapters[name] = strength
    if adapters:
        pipeline.set_adapters(list(adapters), list(adapters.values()))


def _apply_lora(pipeline: Any, path: Path, name: str) -> None:
    """Load through diffusers, from PEFT keys, so that a DoRA of either layout keeps its magnitudes."""
    tensors = read_lora(path).folded()
    try:
        pipeline.load_lora_weights(tensors, adapter_name=name)
    except (RuntimeError, ValueError, KeyError, AttributeError) as error:
        reason = str(error).strip().split("\n")[0][:160]
        raise WeightsError(
            f"{path} does not fit the base model ({reason}). Use it with a base model of the family that it was "
            "made for."
        ) from error


def _apply_embedding(family: Family, path: Path, strength: float) -> None:
    vectors = load_embedding(path)
    if len(vectors) != len(family.text_encoders):
        raise WeightsError(
            f"{path} holds vectors for {len(vectors)} text encoders, but {family.info.label} has "
            f"{len(family.text_encoders)}. Use it with a base model of the family that it was made for."
        )
    for tokenizer, encoder, tensor in zip(family.tokenizers, family.text_encoders, vectors, strict=True):
        add_placeholder(tokenizer, encoder, placeholder_of(path), tensor * strength)
