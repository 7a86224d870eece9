"""Write embeddings as other tools expect them, and read what those tools write."""

from pathlib import Path

import torch

from training.errors import WeightsError
from training.weights.model_hashes import with_hashes
from training.weights.safetensors_file import read_tensors, write_tensors

ONE_ENCODER = "emb_params"
TWO_ENCODERS = ("clip_l", "clip_g")


def save_embedding(vectors: list[torch.Tensor], path: Path, metadata: dict[str, str]) -> None:
    """Write float32 vectors [n, d], one tensor per text encoder: `emb_params`, or `clip_l` and `clip_g`.

    A1111 and ComfyUI use the file's name as the word for prompts.

    Raises:
        WeightsError: the vectors hold NaN or infinity, or there are not one or two tensors [n, d].
        CannotWrite: the place is full or read-only.
    """
    if len(vectors) not in (1, 2) or any(tensor.ndim != 2 for tensor in vectors):
        raise WeightsError(f"{path.name} was not written: an embedding is one or two tensors of vectors.")
    names = (ONE_ENCODER,) if len(vectors) == 1 else TWO_ENCODERS
    tensors = {name: tensor.float() for name, tensor in zip(names, vectors, strict=True)}
    write_tensors(path, tensors, with_hashes(tensors, metadata))


def load_embedding(path: str | Path) -> list[torch.Tensor]:
    """Float32 vectors [n, d] per text encoder, of our files and those of other tools.

    Read are `clip_l` + `clip_g`, `emb_params` (also as OneTrainer misspells it), a file with one tensor under
    the token's name, and else the first tensor.

    Raises:
        WeightsError: the file is broken or holds no vectors.
    """
    tensors, _ = read_tensors(path)
    if all(name in tensors for name in TWO_ENCODERS):
        chosen = [tensors[name] for name in TWO_ENCODERS]
    else:
        known = [name for name in (ONE_ENCODER, "emp_params", "clip_l") if name in tensors]
        chosen = [tensors[known[0]]] if known else list(tensors.values())[:1]
    vectors = [tensor.unsqueeze(0) if tensor.ndim == 1 else tensor for tensor in chosen]
    if not vectors or any(tensor.ndim != 2 or not tensor.is_floating_point() for tensor in vectors):
        raise WeightsError(f"{path} is no embedding: it holds no vectors. Give a textual-inversion file.")
    return [tensor.float() for tensor in vectors]
