"""Walk a folder and sort what lies there: pictures, caption files, and the rest with a reason."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from studio.errors import BadInput, StudioError
from studio.pictures.sniff import picture_kind

PICTURE_ENDINGS = frozenset(
    [".jpg", ".jpeg", ".jfif", ".jpe", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".heic", ".heif"]
)
CAPTION_ENDINGS = (".txt", ".caption")
TABLE_NAME = "metadata.jsonl"
_HIDDEN = frozenset(["__macosx", "thumbs.db", "desktop.ini", "ehthumbs.db"])


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file below the folder; `name` is its path in it with forward slashes."""

    path: Path
    name: str
    size_bytes: int
    mtime_ns: int


@dataclass(slots=True)
class FoundFiles:
    """What lies in a folder, each list ordered by name. `ignored` holds (file, reason)."""

    pictures: list[FoundFile] = field(default_factory=list)
    captions: list[FoundFile] = field(default_factory=list)
    tables: list[FoundFile] = field(default_factory=list)
    ignored: list[tuple[FoundFile, str]] = field(default_factory=list)
    hidden: int = 0


def find_files(folder: Path, leave_out: frozenset[Path] = frozenset()) -> FoundFiles:
    """Sort every file below `folder`; links that lead out of it are not followed, `leave_out` folders not entered.

    Raises: BadInput when `folder` is no folder or cannot be read.
    """
    if not folder.is_dir():
        what = "is a file" if folder.is_file() else "is not there"
        raise BadInput(f"{folder}: a folder of pictures is needed, and this {what}. Check the path.")
    top, found = folder.resolve(), FoundFiles()
    for path in _walk(top, leave_out, found):
        _sort_in(path, top, found)
    for files in (found.pictures, found.captions, found.tables):
        files.sort(key=lambda file: file.name)
    return found


def _walk(top: Path, leave_out: frozenset[Path], found: FoundFiles) -> Iterator[Path]:
    """Every visible file, and every linked folder (which is not entered), in sorted order."""
    for parent, folders, names in os.walk(top, onerror=_unreadable(top, found)):
        here = Path(parent)
        linked = [name for name in folders if (here / name).is_symlink()]
        found.hidden += sum(_is_hidden(name) for name in [*names, *folders])
        folders[:] = sorted(
            name for name in folders if not _is_hidden(name) and name not in linked and here / name not in leave_out
        )
        yield from (here / name for name in sorted([*names, *linked]) if not _is_hidden(name))


def _unreadable(top: Path, found: FoundFiles) -> Callable[[OSError], None]:
    """A folder that may not be entered is said, not skipped; without the top one there is nothing to do."""

    def report(error: OSError) -> None:
        path = Path(str(error.filename))
        if path == top:
            raise BadInput(f"{top}: the folder cannot be read ({error.strerror}). Change its access rights.") from error
        file = FoundFile(path, _name(path, top), 0, 0)
        found.ignored.append((file, f"the folder cannot be read ({error.strerror}). Change its access rights."))

    return report


def _sort_in(path: Path, top: Path, found: FoundFiles) -> None:
    file = _described(path, top)
    reason = _refusal_of_path(path, top)
    if reason:
        found.ignored.append((file, reason))
    elif path.name.lower() == TABLE_NAME:
        found.tables.append(file)
    elif path.suffix.lower() in CAPTION_ENDINGS:
        found.captions.append(file)
    elif path.suffix.lower() in PICTURE_ENDINGS or _looks_like_picture(path):
        found.pictures.append(file)
    else:
        found.ignored.append((file, "not a picture and not a caption file. Nothing to do."))


def _described(path: Path, top: Path) -> FoundFile:
    try:
        status = path.stat()
    except OSError:
        return FoundFile(path, _name(path, top), 0, 0)
    return FoundFile(path, _name(path, top), status.st_size, status.st_mtime_ns)


def _refusal_of_path(path: Path, top: Path) -> str:
    """Why a path is not even looked into, or an empty text."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return "its name is not valid text. Rename it."
    if not path.is_symlink():
        return ""
    target = Path(os.path.realpath(path))
    if not target.is_relative_to(top):
        return "a link that leads out of the folder. Copy the file here, or ingest its own folder."
    return "" if target.is_file() else "a link, not a file. What it leads to is read in its own place."


def _looks_like_picture(path: Path) -> bool:
    """Pictures without a usual ending count too; a few bytes tell."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            picture_kind(file.read(64))
    except (OSError, StudioError):
        return False
    return True


def _name(path: Path, top: Path) -> str:
    relative = path.relative_to(top).as_posix()
    return os.fsencode(relative).decode("utf-8", "replace")


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name.lower() in _HIDDEN
