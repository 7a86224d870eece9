"""The guard: this machine, this page, a token for writes; and nothing else gets through."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from studio.api.guard import TOKEN_HEADER, Door, Guard, launch_token

URL = "http://127.0.0.1:8501"
STREAM = "ws://127.0.0.1:8501/_stcore/stream"


async def hello(request):
    return PlainTextResponse("hello")


async def stream(socket: WebSocket):
    await socket.accept()
    await socket.send_text("open")
    await socket.close()


def inner() -> Starlette:
    names = ("/", "/api/items", "/api/ops", "/thumb/a/b", "/_stcore/health")
    routes = [Route(name, hello, methods=["GET", "POST"]) for name in names]
    return Starlette(routes=[*routes, WebSocketRoute("/_stcore/stream", stream)])


def guarded(door: Door | None = None, base: str = URL) -> TestClient:
    return TestClient(Guard(inner(), door or Door()), base_url=base)


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost:8501", "[::1]:8501", "LOCALHOST"])
def test_this_machine_is_let_in(host):
    assert guarded().get("/", headers={"host": host}).text == "hello"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "evil.example:8501",
        "",
        "[::1",
        "10.0.0.5",
        "x@127.0.0.1",
        "@127.0.0.1",
        "127.0.0.1/x",
        "localhost:x",
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/items", "/thumb/a/b", "/_stcore/health"])
def test_foreign_hosts_are_turned_away_everywhere(host, path):
    assert guarded().get(path, headers={"host": host}).status_code == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://127.0.0.1:9999", "null", "http://localhost:8501", "http://[", ""]
)
@pytest.mark.parametrize("path", ["/api/items", "/thumb/a/b", "/"])
def test_foreign_origins_are_turned_away(origin, path):
    assert guarded().get(path, headers={"origin": origin}).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_site_gets_neither_data_nor_pictures(site):
    for path in ("/api/items", "/thumb/a/b"):
        assert guarded().get(path, headers={"sec-fetch-site": site, "sec-fetch-mode": "no-cors"}).status_code == 403
        assert guarded().get(path, headers={"sec-fetch-site": site, "sec-fetch-mode": "navigate"}).status_code == 403


def test_a_link_from_another_site_opens_the_app():
    answer = guarded().get("/", headers={"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"})
    assert answer.text == "hello"


def test_own_pages_may_read():
    headers = {"origin": URL, "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}
    assert guarded().get("/api/items", headers=headers).text == "hello"


@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_a_write_needs_the_token(token):
    headers = {} if token is None else {TOKEN_HEADER: token}
    answer = guarded().post("/api/ops", headers=headers)
    assert answer.status_code == 403 and answer.text.startswith("token:")


def test_a_write_with_the_token_passes_but_not_from_another_site():
    headers = {TOKEN_HEADER: launch_token()}
    assert guarded().post("/api/ops", headers=headers).text == "hello"
    assert guarded().post("/api/ops", headers=headers | {"origin": "http://evil.example"}).status_code == 403


def test_the_websocket_is_guarded_too():
    with guarded().websocket_connect(STREAM, headers={"origin": URL}) as socket:
        assert socket.receive_text() == "open"
    for headers in ({"origin": "http://evil.example"}, {"host": "evil.example"}, {"origin": "http://["}):
        with pytest.raises(WebSocketDisconnect), guarded().websocket_connect(STREAM, headers=headers):
            pass


def test_every_answer_carries_the_security_headers():
    for answer in (guarded().get("/"), guarded().get("/", headers={"host": "evil.example"})):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]


def test_on_a_network_every_route_needs_the_token_once():
    door = Door({"127.0.0.1", "studio.local"}, token_everywhere=True)
    visitor = guarded(door, "http://studio.local:8501")
    stream_there = STREAM.replace("127.0.0.1", "studio.local")
    for path in ("/", "/api/items", "/thumb/a/b", "/?token=wrong"):
        assert visitor.get(path).status_code == 403
    with pytest.raises(WebSocketDisconnect), visitor.websocket_connect(stream_there):
        pass
    first = visitor.get(f"/?token={launch_token()}")
    assert first.text == "hello" and "HttpOnly" in first.headers["set-cookie"]
    assert visitor.get("/api/items").text == "hello"
    with visitor.websocket_connect(stream_there) as socket:
        assert socket.receive_text() == "open"


def test_a_page_that_outlived_a_restart_gets_the_new_token_and_a_foreign_one_does_not(client):
    assert client.get("/api/token").json() == {"token": launch_token()}
    for foreign in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}, {"host": "evil.example"}):
        assert client.get("/api/token", headers=foreign).status_code == 403
