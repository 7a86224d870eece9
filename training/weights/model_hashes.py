"""The two hashes that kohya's tools write into a file's header to tell models apart."""

import hashlib

import torch
from safetensors.torch import save


def with_hashes(tensors: dict[str, torch.Tensor], metadata: dict[str, str]) -> dict[str, str]:
    """The metadata with `sshs_model_hash`, `sshs_legacy_hash` and ModelSpec's `hash_sha256` added.

    Both are computed on the file as it would be with only the `ss_` keys in its header: the first is the
    sha256 of the tensor bytes, the second the first 8 digits of the sha256 of 64 KiB at offset 1 MiB.
    """
    copies = {name: tensor.detach().to("cpu").contiguous().clone() for name, tensor in tensors.items()}
    raw = save(copies, metadata={key: value for key, value in metadata.items() if key.startswith("ss_")})
    digest = tensor_hash(raw)
    return {
        **metadata,
        "sshs_model_hash": digest,
        "sshs_legacy_hash": legacy_hash(raw),
        "modelspec.hash_sha256": f"0x{digest}",
    }


def tensor_hash(raw: bytes) -> str:
    """sha256 of everything behind the header of a safetensors file."""
    header = int.from_bytes(raw[:8], "little")
    return hashlib.sha256(raw[8 + header :]).hexdigest()


def legacy_hash(raw: bytes) -> str:
    """The short hash of older web interfaces; of nothing when the file is smaller than 1 MiB."""
    return hashlib.sha256(raw[0x100000 : 0x100000 + 0x10000]).hexdigest()[:8]
