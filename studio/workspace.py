"""Where things lie: the home folder, the datasets in it, and the folders of one dataset."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from studio.atomic import fsync_folder
from studio.catalog.catalog import Catalog
from studio.errors import BadInput, DatasetExists, DatasetNotFound
from studio.reserved_names import is_reserved

HOME_VARIABLE = "CONCEPT_STUDIO_HOME"
DATASET_VARIABLE = "CONCEPT_STUDIO_DATASET"
_NAME = re.compile(r"[^\W_][\w .-]{0,63}", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Dataset:
    """The folders of one dataset; `folder` is `<home>/datasets/<name>`."""

    name: str
    folder: Path

    @property
    def catalog_path(self) -> Path:
        return self.folder / "catalog.sqlite"

    @property
    def exports(self) -> Path:
        return self.folder / "exports"

    @property
    def runs(self) -> Path:
        return self.folder / "runs"

    @property
    def tries(self) -> Path:
        return self.folder / "tries"

    @property
    def imported(self) -> Path:
        return self.folder / "imported"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    def thumbnail(self, sha256: str) -> Path:
        """Where the thumbnail of a picture lies; the cache may be deleted at any time."""
        return self.folder / "cache" / "thumbnails" / sha256[:2] / f"{sha256}.webp"

    def catalog(self) -> Catalog:
        """Open the catalog. Use it in a `with` block, in one thread."""
        return Catalog.open(self.catalog_path)

    @property
    def title(self) -> str:
        """The name as people read it."""
        return self.name.replace("-", " ").replace("_", " ")


def home() -> Path:
    """The folder that holds `datasets/` and `models/`: CONCEPT_STUDIO_HOME, else the current folder."""
    return Path(os.environ.get(HOME_VARIABLE) or ".").expanduser().resolve()


def datasets_folder() -> Path:
    return home() / "datasets"


def create_dataset(name: str, settings: Mapping[str, object] | None = None) -> Dataset:
    """Make an empty dataset with these settings; it is there as a whole or not at all.

    Files that lie in its folder already, such as the pictures to ingest, are left alone.

    Raises: BadInput for a name that cannot be a folder on every system; DatasetExists when it is taken;
    NotEnoughSpace, DiskFailed or the training package's CannotWrite when the disk refuses.
    """
    dataset = Dataset(_checked(name), datasets_folder() / name)
    if dataset.catalog_path.exists():
        raise DatasetExists(f"{name}: a dataset of this name exists already. Choose another name, or go on with it.")
    dataset.folder.mkdir(parents=True, exist_ok=True)
    making = dataset.folder / f".catalog-{os.getpid()}.making"
    try:
        with Catalog.create(making) as catalog:
            for key, value in (settings or {}).items():
                catalog.settings.set(key, value)
        # Closed, so its log is merged: one file holds it all, and its final name makes it a dataset.
        making.rename(dataset.catalog_path)
        fsync_folder(dataset.folder)
    finally:
        _tidy(making)
    return dataset


def _tidy(making: Path) -> None:
    """Remove what a failed creation left; the folder too when nothing else lies in it."""
    for path in making.parent.glob(f"{making.name}*"):
        path.unlink()
    with contextlib.suppress(OSError):
        making.parent.rmdir()


def open_dataset(name: str) -> Dataset:
    """Find a dataset by name.

    Raises: DatasetNotFound, naming the datasets that are there; BadInput for an impossible name.
    """
    dataset = Dataset(_checked(name), datasets_folder() / name)
    if not dataset.catalog_path.is_file():
        there = ", ".join(other.name for other in list_datasets()) or "none yet"
        raise DatasetNotFound(
            f"{name}: no dataset of this name in {datasets_folder()} (there: {there}). "
            f"`concept-studio new {name}` makes it."
        )
    return dataset


def list_datasets() -> list[Dataset]:
    """Every dataset of the home folder, the most recently changed first."""
    if not datasets_folder().is_dir():
        return []
    found = [
        Dataset(path.parent.name, path.parent)
        for path in datasets_folder().glob("*/catalog.sqlite")
        if _NAME.fullmatch(path.parent.name)  # another name was not made by this program
    ]
    return sorted(found, key=lambda dataset: _last_change(dataset), reverse=True)


def default_dataset() -> Dataset:
    """The dataset meant when none is named: CONCEPT_STUDIO_DATASET, else the only one there is.

    Raises: DatasetNotFound when that leaves none or more than one.
    """
    named = os.environ.get(DATASET_VARIABLE)
    if named:
        return open_dataset(named)
    found = list_datasets()
    if len(found) == 1:
        return found[0]
    if not found:
        raise DatasetNotFound(f"No dataset in {datasets_folder()} yet. `concept-studio new NAME` makes one.")
    names = ", ".join(sorted(dataset.name for dataset in found))
    raise DatasetNotFound(f"There are several datasets ({names}). Say which one with --dataset NAME.")


def free_bytes(path: Path) -> int:
    """Free bytes on the disk that holds this path, or would hold it."""
    while not path.exists():
        path = path.parent
    return shutil.disk_usage(path).free


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name) or name.rstrip(" .") != name or is_reserved(name):
        raise BadInput(
            f"{name!r} cannot be a dataset's name. Use up to 64 letters, digits, spaces, dots, - or _, "
            "beginning with a letter or digit, and no name of a device such as con."
        )
    return name


def _last_change(dataset: Dataset) -> float:
    """The write-ahead log is newer than the catalog file while work goes on."""
    return max(_changed(dataset.catalog_path), _changed(dataset.folder / "catalog.sqlite-wal"))


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # SQLite removes the log when the last reader leaves, at any moment
        return 0.0


def example_folder() -> Path:
    """The example that comes with the project: raw/, edits.csv and prompts.txt.

    Raises: DatasetNotFound when this installation carries none.
    """
    beside_the_code = Path(__file__).resolve().parent.parent / "datasets" / "example"
    installed = Path(sys.prefix) / "share" / "concept-studio" / "example"
    for folder in (beside_the_code, installed):
        if (folder / "raw").is_dir():
            return folder
    raise DatasetNotFound(f"The example pictures are not installed ({installed}). Get them with the project's source.")
