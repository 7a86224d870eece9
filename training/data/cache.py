"""Keep tensors that are costly to make: in memory up to a limit, and on disk when a folder is given."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from training.atomic_files import write_bytes_atomic

Tensors = dict[str, torch.Tensor]


class TensorCache:
    """Tensors by key. What memory cannot hold is read from `folder`, or made again when there is none."""

    def __init__(self, folder: Path | None, memory_mb: int) -> None:
        self.folder = folder
        self._limit = memory_mb * 1_000_000
        self._held = 0
        self._entries: OrderedDict[str, Tensors] = OrderedDict()

    def get(self, key: str, make: Callable[[], Tensors]) -> Tensors:
        """The tensors (on the CPU) of `key`, made and kept on first use."""
        if key in self._entries:
            self._entries.move_to_end(key)
            return self._entries[key]
        tensors = self._read(key)
        if tensors is None:
            # clone: a view would keep a whole batch alive, and safetensors refuses shared memory
            tensors = {name: value.detach().cpu().contiguous().clone() for name, value in make().items()}
            self._write(key, tensors)
        self._keep(key, tensors)
        return tensors

    @property
    def held_bytes(self) -> int:
        """Bytes of tensors in memory now."""
        return self._held

    def _keep(self, key: str, tensors: Tensors) -> None:
        self._entries[key] = tensors
        self._held += _size(tensors)
        while self._held > self._limit and len(self._entries) > 1:
            _, oldest = self._entries.popitem(last=False)
            self._held -= _size(oldest)

    def _file(self, key: str) -> Path | None:
        return self.folder / key[:2] / f"{key}.safetensors" if self.folder else None

    def _read(self, key: str) -> Tensors | None:
        path = self._file(key)
        if path is None or not path.is_file():
            return None
        try:
            return load(path.read_bytes())
        except SafetensorError:
            # A damaged cache file is no loss: it is made again and replaced.
            return None

    def _write(self, key: str, tensors: Tensors) -> None:
        path = self._file(key)
        if path is not None:
            write_bytes_atomic(path, save(tensors))


def cache_key(*parts: str) -> str:
    """One hex key for everything that decides a cached value."""
    return hashlib.sha256("\0".join(parts).encode("utf-8")).hexdigest()


def modules_digest(modules: Iterable[torch.nn.Module]) -> str:
    """Sha256 over all weights, so that another VAE or text encoder never meets old entries."""
    digest = hashlib.sha256()
    for module in modules:
        for name, tensor in module.state_dict().items():
            digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
            digest.update(tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def _size(tensors: Tensors) -> int:
    return sum(value.numel() * value.element_size() for value in tensors.values())
