"""Start the app on this machine: port, address, settings, token and the message with the address."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
import tomllib
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from studio.errors import BadInput
from studio.workspace import HOME_VARIABLE

FIRST_PORT = 8501
_PORTS_TO_TRY = 100
_SETTINGS_FILE = Path(__file__).parent / ".streamlit" / "config.toml"


def serve(
    host: str = "127.0.0.1",
    port: int | None = None,
    open_browser: bool = True,
    home: Path | None = None,
    lan: bool = False,
) -> None:
    """Run the app until it is stopped; `port` None takes the first free one from 8501 on.

    `lan` listens on every address of this machine and asks each visitor for a token, which is printed.

    Raises: BadInput when the port is taken, or `host` is not this machine and `lan` is not given.
    """
    if home is not None:
        os.environ[HOME_VARIABLE] = str(home.expanduser().resolve())
    if not lan and not _is_loopback(host):
        raise BadInput(f"{host} can be reached by others. Add --lan, which guards the app with a token.")
    address = "0.0.0.0" if lan and _is_loopback(host) else host
    port = _chosen_port(address, port)
    url = _open_door(address, port) if lan else f"http://{'[::1]' if host == '::1' else host}:{port}"
    print(f"Concept Studio is at {url}\nStop it with Ctrl+C; trainings and other jobs go on without it.", flush=True)
    if open_browser:
        threading.Thread(target=_open_when_ready, args=(port, url), daemon=True).start()
    _run(_settings(address, port))


def _open_door(address: str, port: int) -> str:
    """Let the network in, with a token that the printed address carries."""
    from studio.api.guard import allow_lan

    own = _own_address() if address == "0.0.0.0" else address
    token = allow_lan({own, socket.gethostname()})
    return f"http://{own}:{port}/?token={token}"


def _run(settings: dict[str, Any]) -> None:
    from studio.app import app

    # Streamlit looks for settings beside the launcher, and there is nothing of ours there.
    sys.argv = [sys.argv[0]]
    app.run(config=settings)


def _settings(address: str, port: int) -> dict[str, Any]:
    """The settings of config.toml as dotted names, with the address and port of this start."""
    settings = dict(_dotted(tomllib.loads(_SETTINGS_FILE.read_text("utf-8"))))
    settings["server.address"] = address
    settings["server.port"] = port
    # Streamlit would ask a host on the internet for the address to print; this one is known.
    settings["browser.serverAddress"] = "localhost" if _is_loopback(address) else _own_address()
    settings["logger.hideWelcomeMessage"] = True
    return settings


def _dotted(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _dotted(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _chosen_port(address: str, port: int | None) -> int:
    if port is not None:
        if not _is_free(address, port):
            raise BadInput(f"Port {port} is taken by another program. Choose another with --port, or leave it out.")
        return port
    for candidate in range(FIRST_PORT, FIRST_PORT + _PORTS_TO_TRY):
        if _is_free(address, candidate):
            return candidate
    raise BadInput(f"No free port from {FIRST_PORT} on. Give one with --port.")


def _is_free(address: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
        return True


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def _own_address() -> str:
    """The address other machines of the network know this one by; no packet is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def _open_when_ready(port: int, url: str) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    webbrowser.open(url)
