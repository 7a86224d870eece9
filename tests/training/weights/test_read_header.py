"""Headers are read without torch, and broken files are refused in one sentence that names them."""

import json
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save, save_file

from training.errors import WeightsError
from training.weights.read_header import read_safetensors_header, read_weights_header

WHOLE = save({"a": np.zeros((4, 4), np.float32)}, {"ss_v2": "False"})


def header_of(content: object) -> bytes:
    raw = json.dumps(content).encode()
    return struct.pack("<Q", len(raw)) + raw


def test_metadata_and_tensors_are_read(tmp_path: Path) -> None:
    save_file({"a": np.zeros((2, 3), np.float16)}, tmp_path / "x.safetensors", {"ss_v2": "True", "text": "ü \u2028"})
    assert read_weights_header(tmp_path / "x.safetensors") == {"ss_v2": "True", "text": "ü \u2028"}
    facts = read_safetensors_header(tmp_path / "x.safetensors").tensors["a"]
    assert (facts.dtype, facts.shape, facts.end - facts.begin) == ("F16", (2, 3), 12)


def test_reading_loads_no_torch() -> None:
    code = "import sys, training.weights.read_header, training.weights.inspect; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "only 0 bytes long"),
        (b"\x80\x04\x95\x05\x00\x00\x00\x00", "is a pickle file"),
        (b"PK\x03\x04" + b"\0" * 40, "is a pickle file"),
        (b"\xff" * 64, "not a safetensors file"),
        (struct.pack("<Q", 500) + b"{}", "ends inside its header"),
        (struct.pack("<Q", 4) + b"{]}}", "header is unreadable"),
        (header_of([1, 2]), "header is unreadable"),
        (header_of({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}) + b"\0" * 8, "header is unreadable"),
        (header_of({"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}) + b"\0" * 8, "header is unreadable"),
        (header_of({"__metadata__": 3}), "header is unreadable"),
        (WHOLE[:-5], "is cut off"),
    ],
)
def test_broken_files_are_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "bad.safetensors"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=sentence) as caught:
        read_weights_header(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="cannot be read"):
        read_weights_header(tmp_path / "nothing")
    with pytest.raises(WeightsError, match="is a folder"):
        read_weights_header(tmp_path)


def test_every_cut_of_a_whole_file_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "cut.safetensors"
    for length in range(len(WHOLE)):
        path.write_bytes(WHOLE[:length])
        with pytest.raises(WeightsError):
            read_weights_header(path)
    path.write_bytes(WHOLE)
    assert read_weights_header(path) == {"ss_v2": "False"}
