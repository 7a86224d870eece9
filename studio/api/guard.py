"""The guard in front of every request: this machine only, this page only, and a token for every write.

Streamlit's own checks do not cover routes beside it, so this one covers everything, the websocket too.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKEN_HEADER = "x-concept-studio"
TOKEN_COOKIE = "concept_studio_token"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
OWN_PREFIXES = ("/api/", "/thumb/", "/full/", "/crop/", "/run-file/", "/try-file/")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "frame-ancestors 'self'; object-src 'none'; base-uri 'self'",
}


@dataclass
class Door:
    """Who may come in: accepted host names, and whether every request needs the token."""

    hosts: set[str] = field(default_factory=lambda: set(LOOPBACK))
    token_everywhere: bool = False


_DOOR = Door()


def token_for_page(request: Request) -> JSONResponse:
    """The token, for a page of ours that outlived a restart; pages of other sites cannot read the answer."""
    return JSONResponse({"token": launch_token()}, headers={"Cache-Control": "no-store"})


@lru_cache(maxsize=1)
def launch_token() -> str:
    """The token of this process; pages get it with their data, other sites cannot read it."""
    return secrets.token_urlsafe(24)


def allow_lan(hosts: Iterable[str]) -> str:
    """Accept these host names too; from now on every request needs the token, which is returned.

    A visitor opens `/?token=...` once and gets a cookie.
    """
    _DOOR.hosts.update(host.lower() for host in hosts)
    _DOOR.token_everywhere = True
    return launch_token()


def middleware() -> list[Middleware]:
    """What `st.App(middleware=...)` takes."""
    return [Middleware(Guard)]


class Guard:
    """Pure ASGI middleware; refuses before anything else runs."""

    def __init__(self, app: ASGIApp, door: Door | None = None) -> None:
        self._app = app
        self._door = door or _DOOR

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        reason = self._refusal(scope)
        if reason:
            await _refuse(reason, scope, receive, send)
            return
        await self._app(scope, receive, _with_headers(send, self._cookie_to_set(scope)))

    def _refusal(self, scope: Scope) -> str:
        """Why this request is turned away; empty when it may pass."""
        headers = Headers(scope=scope)
        if not self._host_is_ours(headers.get("host", "")):
            return "This address is not served here. Open the app at the address printed at its start."
        if not _same_origin(scope, headers):
            return "A page of another site asked for this; only the app's own pages may."
        if self._door.token_everywhere and not _has_cookie(headers) and not _has_query_token(scope):
            return "Open the app with the token printed at its start: /?token=..."
        writes = scope["type"] == "http" and scope["method"] not in _SAFE_METHODS
        if writes and scope["path"].startswith(OWN_PREFIXES) and not _matches(headers.get(TOKEN_HEADER, "")):
            return "token: The app was started anew. Wait a moment, or reload the page."
        return ""

    def _host_is_ours(self, host: str) -> bool:
        try:
            parts = urlsplit(f"//{host}")
            name, _ = parts.hostname or "", parts.port
        except ValueError:
            return False
        # A host and a port, and nothing else: what stands before an @ or behind a / would hide in the parts.
        is_plain = parts.netloc == host and "@" not in host
        return is_plain and name.rstrip(".") in self._door.hosts

    def _cookie_to_set(self, scope: Scope) -> str:
        wanted = self._door.token_everywhere and scope["type"] == "http" and _has_query_token(scope)
        return f"{TOKEN_COOKIE}={launch_token()}; Path=/; HttpOnly; SameSite=Strict" if wanted else ""


def _same_origin(scope: Scope, headers: Headers) -> bool:
    """Whether the request comes from our own page, or from no page at all (a typed address, a script)."""
    origin = headers.get("origin")
    if origin is not None and _host_of(origin) != headers.get("host", "").lower():
        return False
    if scope["type"] == "http" and not _is_navigation(scope, headers):
        return headers.get("sec-fetch-site", "none") in ("same-origin", "none")
    return True


def _host_of(origin: str) -> str | None:
    """Host and port of an origin; None when it is no address at all."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None


def _is_navigation(scope: Scope, headers: Headers) -> bool:
    """Following a link from elsewhere to a page of the app is fine; to one of our routes it is not."""
    own = scope["path"].startswith(OWN_PREFIXES)
    return headers.get("sec-fetch-mode") == "navigate" and scope["method"] in _SAFE_METHODS and not own


def _matches(token: str) -> bool:
    return secrets.compare_digest(token.encode(), launch_token().encode())


def _has_cookie(headers: Headers) -> bool:
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(TOKEN_COOKIE)
    except CookieError:
        return False
    return morsel is not None and _matches(morsel.value)


def _has_query_token(scope: Scope) -> bool:
    return any(_matches(token) for token in parse_qs(scope["query_string"].decode("latin-1")).get("token", []))


async def _refuse(reason: str, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": "refused"})
        return
    await PlainTextResponse(reason, status_code=403, headers=_SECURITY_HEADERS)(scope, receive, send)


def _with_headers(send: Send, cookie: str) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            if cookie:
                headers.append("set-cookie", cookie)
        await send(message)

    return send_with_headers
