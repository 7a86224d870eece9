"""Read and write whole safetensors files: checked on the way in, atomic on the way out."""

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from training.atomic_files import write_bytes_atomic
from training.errors import WeightsError
from training.weights.read_header import read_weights_header


def write_tensors(path: str | Path, tensors: dict[str, torch.Tensor], metadata: dict[str, str]) -> None:
    """Write tensors and header in one step: the file is whole or not there.

    Raises:
        WeightsError: a tensor holds NaN or infinity; nothing is written.
        CannotWrite: the place is full or read-only.
    """
    broken = [name for name, tensor in tensors.items() if not torch.isfinite(tensor).all()]
    if broken:
        raise WeightsError(
            f"{Path(path).name} was not written: {len(broken)} of its tensors hold NaN or infinity, {broken[0]} "
            "for one. Train again with a lower learning rate, or take the last good checkpoint."
        )
    copies = {name: tensor.detach().to("cpu").contiguous().clone() for name, tensor in tensors.items()}
    write_bytes_atomic(Path(path), save(copies, metadata=metadata))


def read_tensors(path: str | Path) -> tuple[dict[str, torch.Tensor], dict[str, str]]:
    """All tensors of a file on the CPU, and its header.

    Raises:
        WeightsError: the file is missing, torn, a pickle, or otherwise no safetensors file.
    """
    metadata = read_weights_header(path)
    try:
        return load(Path(path).read_bytes()), metadata
    except (SafetensorError, OSError, ValueError) as error:
        raise WeightsError(f"{path} cannot be read: {error}. Copy or download it again.") from error
