"""Read an export, or any folder with metadata.jsonl, into rows; nothing is skipped, every fault has its line."""

import json
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from training.errors import DataError

SPLITS = ("train", "validation")


@dataclass(frozen=True)
class Row:
    """One picture with its caption. `width` and `height` are what the file says, in pixels, upright."""

    file_name: str
    path: Path
    text: str
    width: int
    height: int
    repeats: int = 1
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dataset:
    """The rows of both splits and what dataset.json says (empty for a foreign folder)."""

    folder: Path
    train: list[Row]
    validation: list[Row]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def trigger(self) -> str:
        """The trigger phrase that the captions share; empty when none is known."""
        return str(self.facts.get("trigger") or "")


def read_dataset(folder: Path, image_column: str = "file_name", caption_column: str = "text") -> Dataset:
    """Read an export, a folder with train/metadata.jsonl, or a folder with metadata.jsonl in it.

    Raises: DataError that names file, line, trouble and way out.
    """
    if not folder.is_dir():
        raise DataError(f"There is no dataset folder {folder}. Export the dataset, or correct data.path.")
    facts = _read_facts(folder / "dataset.json")
    columns = (image_column, caption_column)
    if (folder / "train" / "metadata.jsonl").is_file():
        splits = [read_rows(folder / name, *columns, missing_ok=name != "train") for name in SPLITS]
    else:
        splits = [read_rows(folder, *columns, missing_ok=False), []]
    if not splits[0]:
        raise DataError(f"{folder} has no training pictures. Keep and export some pictures first.")
    return Dataset(folder, splits[0], splits[1], facts)


def read_rows(folder: Path, image_column: str, caption_column: str, missing_ok: bool) -> list[Row]:
    """All rows of `folder`/metadata.jsonl in file order.

    Raises: DataError for a missing file (unless `missing_ok`) and for the first bad line.
    """
    path = folder / "metadata.jsonl"
    if missing_ok and not path.exists():
        return []
    name = f"{folder.name}/{path.name}"
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise DataError(
            f"{folder} holds no metadata.jsonl, neither directly nor in train/. Choose an export folder, or write "
            "one line of JSON for each picture."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{name} cannot be read ({error}). Save it as UTF-8.") from error
    # Only \n ends a line: splitlines would also cut at U+2028 inside a caption.
    lines = enumerate(text.split("\n"), start=1)
    return [
        _row(folder, line, f"{name} line {number}", image_column, caption_column)
        for number, line in lines
        if line.strip()
    ]


def _row(folder: Path, line: str, place: str, image_column: str, caption_column: str) -> Row:
    from training.data.pictures import picture_size

    try:
        content = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{place}: is not valid JSON ({error}). Correct or remove the line.") from error
    if not isinstance(content, dict):
        raise DataError(f"{place}: is not a JSON object. Write {{...}} with the keys of one picture.")
    file_name = _text_of(content, image_column, place, "data.image_column")
    caption = _text_of(content, caption_column, place, "data.caption_column")
    path = inside(folder, file_name, place)
    width, height = picture_size(path, place)
    repeats = content.get("repeats", 1)
    if isinstance(repeats, bool) or not isinstance(repeats, int) or not 1 <= repeats <= 10_000:
        raise DataError(f'{place}: "repeats" must be a whole number from 1 to 10000, not {repeats!r}. Correct it.')
    tags = content.get("tags") or []
    return Row(file_name, path, caption, width, height, repeats, tuple(str(tag) for tag in tags))


def _text_of(content: dict[str, Any], key: str, place: str, setting: str) -> str:
    if key not in content:
        known = ", ".join(sorted(map(str, content))) or "none"
        raise DataError(f'{place}: "{key}" is missing. Add it, or set {setting} to one of its keys: {known}.')
    if not isinstance(content[key], str):
        raise DataError(f'{place}: "{key}" must be text, not {type(content[key]).__name__}. Put it in quotes.')
    return str(content[key])


def inside(folder: Path, name: str, place: str) -> Path:
    """The path of `name` in `folder`, refused when it is or leads (by link) anywhere else.

    Raises: DataError naming `place`.
    """
    parts = PurePosixPath(name).parts
    windows = PureWindowsPath(name)
    if not parts or name.startswith("/") or ".." in parts or ".." in windows.parts or windows.anchor:
        raise DataError(f'{place}: "{name}" leads out of the dataset folder. Name a file inside it.')
    path = folder.joinpath(*parts)
    try:
        resolved = path.resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        raise DataError(f'{place}: the picture "{name}" is missing. Restore it, or remove the line.') from None
    if not resolved.is_relative_to(folder.resolve()):
        raise DataError(f'{place}: "{name}" is a link out of the dataset folder. Copy the picture into it.')
    if not resolved.is_file():
        raise DataError(f'{place}: "{name}" is not a file. Name a picture.')
    return path


def _read_facts(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        facts = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read ({error}). Export the dataset again.") from error
    if not isinstance(facts, dict):
        raise DataError(f"{path} is not a JSON object. Export the dataset again.")
    return facts
