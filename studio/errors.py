"""The errors that a user can act on, one family.

    StudioError
    ├── BadInput                 an argument, a setting or an edit makes no sense
    ├── UnreadablePicture        a file that cannot be used as a picture
    ├── DatasetNotFound          no dataset of that name in the home folder
    ├── DatasetExists            the name is taken
    ├── PictureNotFound          no picture with that id in the catalog
    ├── CatalogDamaged           the catalog file is not a sound SQLite database, or newer than this version
    ├── CatalogBusy              another process holds the catalog's write lock
    ├── ChangedElsewhere         another tab or process saved the same thing first
    ├── NothingToDo              the request is valid, but no picture or caption matches it
    ├── NotEnoughSpace           the disk has no room for the work, or ran full on the way
    ├── OriginalsChanged         an original picture is gone or has other bytes than when it was ingested
    ├── DiskFailed               the disk refused a read or a write for another reason
    ├── OutsideRoot              a path leaves the folder it must stay in
    ├── ReadersFailed            the worker processes that decode pictures do not start
    ├── ModelsMissing            the optional model packages are not installed
    └── JobError
        ├── JobAlreadyRunning    the same job is at work already
        ├── JobNotFound          no job with that id
        └── JobFailed            a job ended without finishing

A message is one or two sentences: what happened, why, and what to do. Only the command line and the views
catch StudioError; anything else is a bug and keeps its traceback.
"""

from __future__ import annotations


class StudioError(Exception):
    """Base of every error of the studio that a user can act on."""


class BadInput(StudioError):
    """An argument, a setting or an edit makes no sense."""


class UnreadablePicture(StudioError):
    """A file that cannot be used as a picture.

    `code` is a stable word for programs (a key of `studio.pictures.facts.REFUSAL_CODES`), `cause` says what
    is wrong, `advice` what to do, `name` is the file's name where it is known.
    """

    def __init__(self, code: str, cause: str, advice: str, name: str = "") -> None:
        prefix = f"{name}: " if name else ""
        super().__init__(f"{prefix}{cause}. {advice}")
        self.code = code
        self.cause = cause
        self.advice = advice
        self.name = name

    def named(self, name: str) -> UnreadablePicture:
        """Return the same error with the file's name in front of its message."""
        return UnreadablePicture(self.code, self.cause, self.advice, name)

    def __reduce__(self) -> tuple[type, tuple[str, str, str, str]]:
        return type(self), (self.code, self.cause, self.advice, self.name)


class DatasetNotFound(StudioError):
    """No dataset of that name in the home folder."""


class DatasetExists(StudioError):
    """The name is taken."""


class PictureNotFound(StudioError):
    """No picture with that id in the catalog."""


class CatalogDamaged(StudioError):
    """The catalog file is not a sound SQLite database, or was written by a newer version."""


class CatalogBusy(StudioError):
    """Another process holds the catalog's write lock for longer than a writer waits."""


class ChangedElsewhere(StudioError):
    """Another tab or process saved the same thing first."""


class NothingToDo(StudioError):
    """The request is valid, but no picture or caption matches it."""


class NotEnoughSpace(StudioError):
    """The disk has no room for the work, or ran full on the way."""


class OriginalsChanged(StudioError):
    """An original picture is gone, or has other bytes than when it was ingested."""


class DiskFailed(StudioError):
    """The disk refused a read or a write for a reason other than a lack of space."""


class OutsideRoot(StudioError):
    """A path leaves the folder it must stay in."""


class ReadersFailed(StudioError):
    """The worker processes that decode pictures do not start."""


class ModelsMissing(StudioError):
    """The optional model packages are not installed."""

    def __init__(self, task: str, package: str = "torch") -> None:
        super().__init__(
            f"{task} needs the model packages, and {package} is not installed. "
            "Run: pip install 'concept-studio[models]'"
        )
        self.task = task
        self.package = package

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (self.task, self.package)


class JobError(StudioError):
    """Something about a job that a user can act on."""


class JobAlreadyRunning(JobError):
    """The same job is at work already."""


class JobNotFound(JobError):
    """No job with that id."""


class JobFailed(JobError):
    """A job ended without finishing."""
