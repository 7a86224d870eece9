"""Uploads stream to disk, into the dataset's `imported/` folder, under the content hash until they are whole."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from studio.api import fields
from studio.api.endpoint import refused
from studio.errors import BadInput, DiskFailed, NotEnoughSpace, StudioError
from studio.reserved_names import is_reserved
from studio.workspace import Dataset, free_bytes, open_dataset

FILE_LIMIT = 512 * 2**20
SPARE_BYTES = 64 * 2**20
SUFFIXES = frozenset(
    {
        ".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".heic", ".heif",
        ".txt", ".caption",
    }
)  # fmt: skip
_UNSAFE = re.compile(r"[^\w .()+,@-]+")


async def upload(request: Request) -> Response:
    """One file a request: its bytes are the body, `name` its name. Answers where it lies and whether it was there."""
    part: Path | None = None
    try:
        dataset = open_dataset(fields.text(request.query_params, "dataset"))
        name = safe_name(fields.text(request.query_params, "name", limit=1000))
        part = await run_in_threadpool(_start, dataset)
        digest = await _receive(request, part)
        answer = await run_in_threadpool(_finish, dataset, part, name, digest)
    except StudioError as error:
        return refused(error)
    except OSError as error:
        return refused(DiskFailed(f"The disk refused the upload ({error.strerror}). Free some space and try again."))
    finally:
        if part is not None:
            await run_in_threadpool(part.unlink, missing_ok=True)
    return JSONResponse(answer)


def safe_name(name: str) -> str:
    """The last piece of a name, without characters that some system cannot hold; a device's name gets a `_` in front.

    Raises: BadInput when it is no picture and no caption file.
    """
    last = _UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    stem, suffix = Path(last).stem[:100].strip(" ."), Path(last).suffix.lower()
    if suffix not in SUFFIXES or not stem:
        raise BadInput(f"{name}: not a picture or a caption file. Add pictures (jpg, png, webp, ...) or .txt captions.")
    return f"_{stem}{suffix}" if is_reserved(stem) else stem + suffix


def _start(dataset: Dataset) -> Path:
    dataset.imported.mkdir(parents=True, exist_ok=True)
    return dataset.imported / f".part-{secrets.token_hex(8)}"


async def _receive(request: Request, part: Path) -> str:
    digest, size = hashlib.sha256(), 0
    announced = fields.number(request.headers, "content-length", 0)
    if free_bytes(part.parent) < announced + SPARE_BYTES:
        raise NotEnoughSpace("The disk has no room for this file. Free some space and upload it again.")
    with part.open("xb") as file:
        async for chunk in request.stream():
            size += len(chunk)
            if size > FILE_LIMIT:
                raise BadInput(f"The file is larger than {FILE_LIMIT // 2**20} MB. Save a smaller version of it.")
            digest.update(chunk)
            await run_in_threadpool(file.write, chunk)
        await run_in_threadpool(_sync, file.fileno(), file)
    if not size:
        raise BadInput("The file is empty. Choose another one.")
    return digest.hexdigest()


def _sync(descriptor: int, file: Any) -> None:
    file.flush()
    os.fsync(descriptor)


def _finish(dataset: Dataset, part: Path, name: str, digest: str) -> dict[str, Any]:
    """Give the whole file its name; another file of that name keeps it, and this one gets its hash added."""
    for candidate in (name, f"{Path(name).stem}-{digest[:10]}{Path(name).suffix}"):
        target = dataset.imported / candidate
        try:
            os.link(part, target)
        except FileExistsError:
            if _hash(target) == digest:
                return {"name": candidate, "sha": digest, "known": True}
            continue
        _sync_folder(dataset.imported)
        return {"name": candidate, "sha": digest, "known": False}
    raise BadInput(f"{name}: another file of this name is there already. Rename it and upload it again.")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
