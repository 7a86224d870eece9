"""The app's routes, loaded with the first request for one of them, so that the first page is painted early."""

from __future__ import annotations

from functools import cached_property

from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from studio.api.guard import OWN_PREFIXES


class _Routes:
    """An ASGI app that becomes the router of `studio.api.routes` when it is first called."""

    @cached_property
    def _router(self) -> Router:
        from studio.api.routes import routes

        return Router(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._router(scope, receive, send)


def lazy_routes() -> list[Route]:
    """One route for each prefix of ours; what lies behind is imported late."""
    router = _Routes()
    return [Route(f"{prefix}{{rest:path}}", router) for prefix in OWN_PREFIXES]
