import json
from pathlib import Path

import pytest
from PIL import Image

from tests.training.small_export import write_export
from training.data.read_dataset import read_dataset
from training.errors import DataError


def _foreign(folder: Path, lines: list[str]) -> Path:
    folder.mkdir(exist_ok=True)
    Image.new("RGB", (20, 10)).save(folder / "a.png")
    (folder / "metadata.jsonl").write_bytes("\n".join(lines).encode())
    return folder


def test_reads_an_export(tmp_path: Path) -> None:
    dataset = read_dataset(write_export(tmp_path / "e", train=3, validation=2))
    assert [row.text for row in dataset.train] == ["a apple, ink style", "a cat, ink style", "a rocket, ink style"]
    assert len(dataset.validation) == 2
    assert dataset.trigger == "ink style"
    assert (dataset.train[0].width, dataset.train[0].height) == (64, 64)


def test_reads_a_foreign_folder_with_other_keys_blank_lines_and_a_line_separator(tmp_path: Path) -> None:
    lines = ['\ufeff{"image": "a.png", "caption": "one \u2028 line"}', "", '{"image": "a.png", "caption": "two"}', ""]
    dataset = read_dataset(_foreign(tmp_path / "f", lines), "image", "caption")
    assert [row.text for row in dataset.train] == ["one \u2028 line", "two"]
    assert dataset.validation == []
    assert dataset.facts == {}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: is not valid JSON"),
        ("[1]", "line 2: is not a JSON object"),
        ('{"file_name": "a.png"}', 'line 2: "text" is missing'),
        ('{"text": "x"}', 'line 2: "file_name" is missing'),
        ('{"file_name": "a.png", "text": 5}', 'line 2: "text" must be text'),
        ('{"file_name": "../a.png", "text": "x"}', "line 2: .*leads out"),
        ('{"file_name": "/etc/passwd", "text": "x"}', "line 2: .*leads out"),
        ('{"file_name": "C:\\\\a.png", "text": "x"}', "line 2: .*leads out"),
        ('{"file_name": "..\\\\a.png", "text": "x"}', "line 2: .*leads out"),
        ('{"file_name": "b.png", "text": "x"}', 'line 2: the picture "b.png" is missing'),
        ('{"file_name": "metadata.jsonl", "text": "x"}', "line 2: metadata.jsonl cannot be opened as a picture"),
        ('{"file_name": ".", "text": "x"}', "line 2: "),
        ('{"file_name": "a.png", "text": "x", "repeats": 0}', "line 2: .*repeats"),
    ],
)
def test_a_bad_line_is_refused_with_its_number(tmp_path: Path, line: str, message: str) -> None:
    folder = _foreign(tmp_path / "f", ['{"file_name": "a.png", "text": "fine"}', line])
    with pytest.raises(DataError, match=message):
        read_dataset(folder)


def test_links_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    Image.new("RGB", (5, 5)).save(tmp_path / "secret.png")
    folder = _foreign(tmp_path / "f", ['{"file_name": "link.png", "text": "x"}'])
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(DataError, match="link out of the dataset"):
        read_dataset(folder)


def test_missing_and_empty_datasets_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no dataset folder"):
        read_dataset(tmp_path / "nowhere")
    with pytest.raises(DataError, match=r"no metadata\.jsonl"):
        read_dataset(tmp_path)
    with pytest.raises(DataError, match="no training pictures"):
        read_dataset(_foreign(tmp_path / "f", [""]))


def test_the_example_row_of_the_contract_is_read(tmp_path: Path) -> None:
    row = {"file_name": "a.png", "text": "x", "width": 1, "sha256": "00", "tags": ["t"], "repeats": 3, "later": None}
    (read,) = read_dataset(_foreign(tmp_path / "f", [json.dumps(row)])).train
    assert (read.repeats, read.tags, read.width) == (3, ("t",), 20)
