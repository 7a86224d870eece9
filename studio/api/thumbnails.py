"""Pictures for the browser, addressed by content hash, so that they may be cached for ever."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from studio.api import fields
from studio.atomic import write_bytes_atomic
from studio.catalog import Picture
from studio.errors import PictureNotFound, UnreadablePicture
from studio.pictures.facts import THUMBNAIL_SIDE
from studio.pictures.open import decode
from studio.pictures.read import read_file
from studio.workspace import Dataset, open_dataset

LOUPE_SIDE = 2048
_FOREVER = {"Cache-Control": "private, max-age=31536000, immutable"}
_SHOWN_AS_IS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
_LARGEST_AS_IS = 8 * 2**20


def thumb(request: Request) -> Response:
    """The thumbnail, made again from the original when the cache was deleted."""
    dataset = open_dataset(request.path_params["dataset"])
    sha = fields.sha256(request.path_params["sha"])
    path = dataset.thumbnail(sha)
    if not path.is_file():
        _, data = original(dataset, sha)
        write_bytes_atomic(path, _webp(data, THUMBNAIL_SIDE))
    return FileResponse(path, media_type="image/webp", headers=_FOREVER)


def full(request: Request) -> Response:
    """The original where browsers can show it, else (and when it is huge) a WebP of at most 2048 px."""
    dataset = open_dataset(request.path_params["dataset"])
    picture, data = original(dataset, fields.sha256(request.path_params["sha"]))
    if picture.format in _SHOWN_AS_IS and len(data) <= _LARGEST_AS_IS:
        return Response(data, media_type=_SHOWN_AS_IS[picture.format], headers=_FOREVER)
    return Response(_webp(data, LOUPE_SIDE), media_type="image/webp", headers=_FOREVER)


def original(dataset: Dataset, sha: str) -> tuple[Picture, bytes]:
    """A picture and its bytes, which are checked: a wrong picture beside a caption is worse than none.

    Raises: PictureNotFound; UnreadablePicture when the file is gone or was changed.
    """
    with dataset.catalog() as catalog:
        picture = catalog.pictures.by_sha256(sha)
        copies = [row.path for row in catalog.files.of_picture(sha)]
    if picture is None:
        raise PictureNotFound(f"No picture {sha[:12]} in {dataset.name}. Reload the page.")
    for path in dict.fromkeys([picture.source, *copies]):
        try:
            data = read_file(Path(path)).data
        except UnreadablePicture:
            continue
        if hashlib.sha256(data).hexdigest() == sha:
            return picture, data
    advice = "Put it back where it was, or ingest the folder again."
    raise UnreadablePicture("missing", "the original is gone or was changed", advice, picture.name)


def _webp(data: bytes, side: int) -> bytes:
    image = decode(data, max_side=side).image
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=85, method=4)
    return buffer.getvalue()
