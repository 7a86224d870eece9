"""The header of a safetensors file, read without torch and without trusting the file."""

import json
import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.errors import WeightsError

MAX_HEADER_BYTES = 100_000_000  # the limit of the safetensors library itself
BYTES_PER_VALUE = {
    "F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2, "U16": 2,
    "I8": 1, "U8": 1, "BOOL": 1, "F8_E4M3": 1, "F8_E5M2": 1,
}  # fmt: skip


@dataclass(frozen=True)
class TensorFacts:
    """Type, shape and place of one tensor in the file."""

    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


@dataclass(frozen=True)
class SafetensorsHeader:
    """What a safetensors file says about itself before any weight is read."""

    metadata: dict[str, str]
    tensors: dict[str, TensorFacts]
    data_offset: int


def read_weights_header(path: str | Path) -> dict[str, str]:
    """The free-text metadata of a weights file, empty when it has none.

    Raises:
        WeightsError: the file is missing, torn, or not a safetensors file.
    """
    return read_safetensors_header(path).metadata


def read_safetensors_header(path: str | Path) -> SafetensorsHeader:
    """Metadata and tensor list of a safetensors file, checked against the file's real size.

    Raises:
        WeightsError: the file is missing, torn, or not a safetensors file.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
            _refuse_other_formats(path, start)
            length = _header_length(path, start, size)
            raw = file.read(length)
    except IsADirectoryError:
        raise WeightsError(f"{path} is a folder, not a weights file. Name the .safetensors file.") from None
    except OSError as error:
        raise WeightsError(f"{path} cannot be read: {error.strerror or error}. Check the path.") from error
    return _parse(path, raw, data_offset=8 + length, size=size)


def _refuse_other_formats(path: Path, start: bytes) -> None:
    if start[:2] == b"PK" or (start[:1] == b"\x80" and start[1:2] in b"\x02\x03\x04\x05" and start[2:3] != b"\0"):
        raise WeightsError(
            f"{path} is a pickle file (.ckpt, .pt or .bin), which can run code when opened, so it is never "
            "opened here. Use the .safetensors version of the same weights."
        )


def _header_length(path: Path, start: bytes, size: int) -> int:
    if len(start) < 8:
        raise WeightsError(f"{path} is only {size} bytes long and no weights file. Download or save it again.")
    length = struct.unpack("<Q", start)[0]
    if length < 2 or length > MAX_HEADER_BYTES:
        raise WeightsError(f"{path} is not a safetensors file: it does not start with a header. Check the file.")
    if 8 + length > size:
        raise WeightsError(f"{path} is cut off: it ends inside its header. Copy or download it again.")
    return length


def _parse(path: Path, raw: bytes, data_offset: int, size: int) -> SafetensorsHeader:
    try:
        content = json.loads(raw.decode("utf-8"))
        metadata = {str(key): str(value) for key, value in content.pop("__metadata__", {}).items()}
        tensors = {name: _tensor_facts(entry) for name, entry in content.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise WeightsError(f"{path} is not a safetensors file: its header is unreadable. Check the file.") from None
    end = max((facts.end for facts in tensors.values()), default=0)
    if data_offset + end > size:
        raise WeightsError(
            f"{path} is cut off: its weights should end at byte {data_offset + end:,}, but the file has {size:,} "
            "bytes. Copy or download it again."
        )
    return SafetensorsHeader(metadata=metadata, tensors=tensors, data_offset=data_offset)


def _tensor_facts(entry: dict[str, Any]) -> TensorFacts:
    """One entry of the header; ValueError where its numbers contradict each other."""
    begin, end = (int(value) for value in entry["data_offsets"])
    shape = tuple(int(value) for value in entry["shape"])
    dtype = str(entry["dtype"])
    if begin < 0 or end < begin or any(value < 0 for value in shape):
        raise ValueError("impossible place or shape")
    if dtype in BYTES_PER_VALUE and end - begin != math.prod(shape) * BYTES_PER_VALUE[dtype]:
        raise ValueError("size and shape disagree")
    return TensorFacts(dtype=dtype, shape=shape, begin=begin, end=end)
