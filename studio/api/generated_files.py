"""Pictures that a run or a try-out made. The path is checked piece by piece and never leaves its folder."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from studio.errors import OutsideRoot, PictureNotFound
from studio.workspace import open_dataset

_PIECE = re.compile(r"[\w-][\w .-]*")
_TYPES = {".png": "image/png", ".webp": "image/webp", ".jpg": "image/jpeg"}


def run_file(request: Request) -> Response:
    """A sample picture of a run, below its folder `samples/`."""
    dataset = open_dataset(request.path_params["dataset"])
    run = _piece(request.path_params["run"])
    return _file(dataset.runs / run / "samples", request.path_params["path"])


def try_file(request: Request) -> Response:
    """A picture of a try-out."""
    dataset = open_dataset(request.path_params["dataset"])
    return _file(dataset.tries / _piece(request.path_params["attempt"]), request.path_params["path"])


def _file(root: Path, below: str) -> Response:
    path = root.joinpath(*(_piece(piece) for piece in below.split("/")))
    if path.suffix.lower() not in _TYPES or not path.is_file():
        raise PictureNotFound(f"{below}: there is no such picture (yet).")
    if not path.resolve().is_relative_to(root.resolve()):
        raise OutsideRoot(f"{below}: this leads out of its folder.")
    return FileResponse(path, media_type=_TYPES[path.suffix.lower()], headers={"Cache-Control": "private, no-cache"})


def _piece(name: str) -> str:
    if not _PIECE.fullmatch(name) or name.endswith("."):
        raise OutsideRoot(f"{name!r} is no file name that is served here.")
    return name
