"""Starting the app: its address, its port, its settings, and the door to the network."""

from __future__ import annotations

import os
import socket

import pytest

from studio import app_server
from studio.errors import BadInput


@pytest.fixture
def ran(monkeypatch) -> list[dict]:
    """Settings of every start; no server runs."""
    starts: list[dict] = []
    monkeypatch.setattr(app_server, "_run", starts.append)
    monkeypatch.setenv("CONCEPT_STUDIO_HOME", "/nowhere")
    return starts


@pytest.fixture
def taken_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield held.getsockname()[1]


def test_it_listens_on_this_machine_only_and_tells_nobody(ran, capsys, tmp_path):
    app_server.serve(open_browser=False, home=tmp_path)
    (settings,) = ran
    assert settings["server.address"] == "127.0.0.1"
    assert settings["browser.gatherUsageStats"] is False
    assert settings["client.showErrorDetails"] == "none"
    assert settings["server.port"] >= app_server.FIRST_PORT
    assert f"http://127.0.0.1:{settings['server.port']}" in capsys.readouterr().out
    assert os.environ["CONCEPT_STUDIO_HOME"] == str(tmp_path)


def test_a_taken_port_is_one_sentence(ran, taken_port):
    with pytest.raises(BadInput, match=f"Port {taken_port} is taken"):
        app_server.serve(port=taken_port, open_browser=False)
    assert ran == []


def test_the_next_free_port_is_taken(ran, taken_port, monkeypatch):
    monkeypatch.setattr(app_server, "FIRST_PORT", taken_port)
    app_server.serve(open_browser=False)
    assert ran[0]["server.port"] > taken_port


def test_another_address_needs_the_token(ran):
    with pytest.raises(BadInput, match="--lan"):
        app_server.serve(host="0.0.0.0", open_browser=False)
    assert ran == []


def test_the_network_gets_a_token_and_every_address(ran, capsys, monkeypatch):
    opened = []
    monkeypatch.setattr("studio.api.guard.allow_lan", lambda hosts: opened.append(set(hosts)) or "secret")
    app_server.serve(lan=True, open_browser=False)
    assert ran[0]["server.address"] == "0.0.0.0"
    assert ran[0]["browser.serverAddress"]
    assert "/?token=secret" in capsys.readouterr().out
    assert opened[0]
