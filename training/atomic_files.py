"""The one writer of files that matter: temporary name beside the target, fsync, rename, fsync the folder.

A reader therefore sees the old file or the new one, never half of one, whenever the process or power dies.
"""

import errno
import json
import os
import re
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from training.errors import CannotWrite

_TEMPORARY = re.compile(r"^\..+\.tmp-(\d+)-[0-9a-f]{8}$")
_RENAME_TRIES = 10


def write_bytes_atomic(path: Path | str, data: bytes | memoryview) -> None:
    """Replace the file `path` by `data` in one step, creating its folder when needed.

    Raises: CannotWrite when the disk is full or the place is not writable.
    """
    path = Path(path)
    temporary = _temporary_name(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_and_fsync(temporary, data)
        _replace(temporary, path)
        fsync_folder(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def write_text_atomic(path: Path | str, text: str) -> None:
    """Replace the file `path` by `text` as UTF-8, line ends kept as they are.

    Raises: CannotWrite as `write_bytes_atomic`.
    """
    write_bytes_atomic(path, text.encode("utf-8"))


def write_json_atomic(path: Path | str, value: Any) -> None:
    """Replace the file `path` by `value` as ASCII-escaped JSON; NaN and infinity are refused with ValueError.

    Raises: CannotWrite as `write_bytes_atomic`.
    """
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, indent=2)
    write_text_atomic(path, text + "\n")


@contextmanager
def stage_folder(target: Path | str) -> Iterator[Path]:
    """Yield a temporary folder that becomes `target` in one rename if the block ends well, else vanishes.

    Raises: CannotWrite when `target` exists already, the disk is full or the place is not writable.
    """
    target = Path(target)
    temporary = _temporary_name(target)
    try:
        temporary.mkdir(parents=True)
        yield temporary
        if target.exists():
            raise FileExistsError(errno.EEXIST, "something of that name is there already")
        _fsync_tree(temporary)
        _replace(temporary, target)
        fsync_folder(target.parent)
    except OSError as error:
        raise cannot_write(target, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def discard_folder(folder: Path | str) -> None:
    """Delete a folder so that its name vanishes at once: nobody meets it half deleted."""
    folder = Path(folder)
    doomed = _temporary_name(folder)
    _replace(folder, doomed)
    shutil.rmtree(doomed, ignore_errors=True)


def remove_leftovers(folder: Path | str) -> int:
    """Delete temporary files and folders that dead processes left in `folder`; return how many there were."""
    removed = 0
    for path in Path(folder).glob(".*.tmp-*"):
        match = _TEMPORARY.match(path.name)
        if match is None or _in_use(path, int(match[1])):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        removed += 1
    return removed


def fsync_folder(folder: Path | str) -> None:
    """Make the names in `folder` survive a power cut; Windows has no such call and needs none."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def cannot_write(path: Path, error: OSError) -> CannotWrite:
    """Turn a system error into one sentence that names the place, the reason and the way out."""
    if isinstance(error, CannotWrite):
        return error
    reason = error.strerror or str(error)
    way_out = "Choose another place or allow writing there."
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        way_out = f"Free space on the disk that holds {path.parent} and run the same command again."
    failure = CannotWrite(f"{path}: cannot be written ({reason}). {way_out}")
    failure.errno = error.errno
    return failure


def _in_use(path: Path, process_id: int) -> bool:
    """Whether the process of that number lives and is older than the file; numbers are given out again."""
    try:
        return psutil.Process(process_id).create_time() <= path.stat().st_mtime
    except (psutil.NoSuchProcess, FileNotFoundError):
        return False


def _temporary_name(path: Path) -> Path:
    return path.with_name(f".{path.name}.tmp-{os.getpid()}-{secrets.token_hex(4)}")


def _write_and_fsync(path: Path, data: bytes | memoryview) -> None:
    # "x" keeps the user's umask, which tempfile's private mode would not.
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _fsync_tree(folder: Path) -> None:
    for parent, _, names in os.walk(folder):
        for name in names:
            # Windows flushes only handles opened for writing.
            with Path(parent, name).open("rb+") as file:
                os.fsync(file.fileno())
        fsync_folder(parent)


def _replace(source: Path, target: Path) -> None:
    """Rename, waiting a moment on Windows while a reader (virus scanner, app) still holds the target open."""
    for attempt in range(_RENAME_TRIES):
        try:
            source.replace(target)
            return
        except PermissionError:
            if sys.platform != "win32" or attempt == _RENAME_TRIES - 1:
                raise
            time.sleep(0.05)
