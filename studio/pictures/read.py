"""Read the bytes of a file that is only looked at: never written, never held open, no access time left behind."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from studio.errors import UnreadablePicture

BYTE_LIMIT = 512 * 1024 * 1024

# O_NONBLOCK keeps a named pipe from blocking the open; missing flags (Windows) count as nothing.
_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_ACCESS_TIME = getattr(os, "O_NOATIME", 0)


@dataclass(frozen=True, slots=True)
class FileBytes:
    """The content of a file and what the file system says about it."""

    data: bytes
    mtime_ns: int


def read_file(path: Path, byte_limit: int = BYTE_LIMIT) -> FileBytes:
    """Return the whole content of a regular file.

    Raises:
        UnreadablePicture: the file is missing, no regular file, not readable, or larger than `byte_limit` bytes.
    """
    try:
        descriptor = _open(path)
        with open(descriptor, "rb", buffering=0) as file:  # noqa: PTH123 - a descriptor, not a path
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise _not_a_file("a folder" if stat.S_ISDIR(status.st_mode) else "a device or a pipe")
            if status.st_size > byte_limit:
                raise _too_big(status.st_size, byte_limit)
            return FileBytes(file.readall(), status.st_mtime_ns)
    except OSError as error:
        raise _explain(error) from error


def _open(path: Path) -> int:
    try:
        return os.open(path, _FLAGS | _NO_ACCESS_TIME)
    except PermissionError:  # only the owner of a file may leave its access time alone
        return os.open(path, _FLAGS)


def _not_a_file(what: str) -> UnreadablePicture:
    return UnreadablePicture("not_a_file", f"this is {what}, not a file", "Remove it from the list.")


def _too_big(size: int, limit: int) -> UnreadablePicture:
    cause = f"the file has {size / 2**20:.0f} MB, more than the limit of {limit / 2**20:.0f} MB"
    return UnreadablePicture("too_big", cause, "Save a smaller version of it.")


def _explain(error: OSError) -> UnreadablePicture:
    if error.errno == errno.ENOENT:
        return UnreadablePicture("missing", "the file is gone", "Put it back, or ingest the folder again.")
    if error.errno == errno.ELOOP:
        return _not_a_file("a link that leads in a circle")
    if error.errno in (errno.EISDIR, errno.ENOTDIR, errno.ENXIO):
        return _not_a_file("a folder" if error.errno == errno.EISDIR else "a path that leads to no file")
    if isinstance(error, PermissionError):
        return UnreadablePicture("no_permission", "the file may not be read", "Change its access rights.")
    detail = os.strerror(error.errno) if error.errno else str(error)
    return UnreadablePicture("disk", f"the disk refused the read ({detail})", "Check the disk and try again.")
