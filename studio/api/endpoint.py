"""How a plain function becomes an HTTP endpoint: it runs in a thread, and its errors become one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from studio.errors import (
    BadInput,
    CatalogBusy,
    CatalogDamaged,
    ChangedElsewhere,
    DatasetNotFound,
    DiskFailed,
    JobAlreadyRunning,
    JobNotFound,
    NotEnoughSpace,
    PictureNotFound,
    StudioError,
    UnreadablePicture,
)

BODY_LIMIT = 16 * 2**20
Answer = Mapping[str, Any] | Response
_STATUS: list[tuple[type[StudioError], int]] = [
    (DatasetNotFound, 404),
    (PictureNotFound, 404),
    (JobNotFound, 404),
    (UnreadablePicture, 404),
    (JobAlreadyRunning, 409),
    (ChangedElsewhere, 409),
    (CatalogBusy, 503),
    (NotEnoughSpace, 507),
    (DiskFailed, 500),
    (CatalogDamaged, 500),
    (StudioError, 400),
]


def reads(handler: Callable[[Request], Answer]) -> Callable[[Request], Any]:
    """An endpoint for a function of the request."""

    async def endpoint(request: Request) -> Response:
        return await _answered(handler, request)

    return endpoint


def writes(handler: Callable[[dict[str, Any]], Answer]) -> Callable[[Request], Any]:
    """An endpoint for a function of the JSON object in the body."""

    async def endpoint(request: Request) -> Response:
        try:
            body = await _json_object(request)
        except BadInput as error:
            return refused(error)
        return await _answered(handler, body)

    return endpoint


async def _answered(handler: Callable[[Any], Answer], argument: object) -> Response:
    try:
        answer = await run_in_threadpool(handler, argument)
    except StudioError as error:
        return refused(error)
    if isinstance(answer, Response):
        return answer
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def refused(error: StudioError) -> JSONResponse:
    """The error as JSON with the status that fits its class."""
    status = next(code for kind, code in _STATUS if isinstance(error, kind))
    return JSONResponse({"error": str(error)}, status_code=status, headers={"Cache-Control": "no-store"})


async def _json_object(request: Request) -> dict[str, Any]:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > BODY_LIMIT:
            raise BadInput(f"The request is larger than {BODY_LIMIT // 2**20} MB. Send fewer changes at once.")
        parts.append(part)
    try:
        body = json.loads(b"".join(parts))
    except (ValueError, RecursionError) as error:
        raise BadInput("The request is no JSON. Reload the page.") from error
    if not isinstance(body, dict):
        raise BadInput("The request is no JSON object. Reload the page.")
    return body
