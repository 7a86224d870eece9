"""What an operating-system error means for the user, in one sentence."""

from __future__ import annotations

import errno

_MEANINGS = {
    errno.ENOSPC: "the disk is full. Free some space and run the same command again; it goes on where it stopped",
    errno.EDQUOT: "your disk quota is used up. Free some space and run the same command again",
    errno.EACCES: "permission denied. Check who owns the file, or choose another folder",
    errno.EPERM: "not permitted. Check who owns the file, or choose another folder",
    errno.EROFS: "the disk is read-only. Choose a home folder on another disk (CONCEPT_STUDIO_HOME)",
    errno.ENOENT: "no such file or folder. Check the path",
    errno.ENOTDIR: "not a folder. Check the path",
    errno.EIO: "the disk reported a read or write error. Check the disk and its cable, then run the command again",
    errno.EMFILE: "too many files are open. Close other programs, or raise the limit with `ulimit -n`",
}


def sentence(error: OSError) -> str:
    """The file, what is wrong with it, and what to do."""
    meaning = _MEANINGS.get(error.errno or 0, f"{error.strerror or error}")
    return f"{error.filename}: {meaning}." if error.filename else f"{meaning[0].upper()}{meaning[1:]}."
