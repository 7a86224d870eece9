"""A small dataset with real picture files, and a client in front of the guarded routes."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image, ImageDraw
from starlette.applications import Starlette
from starlette.testclient import TestClient

from studio.api.guard import TOKEN_HEADER, launch_token, middleware
from studio.api.routes import routes
from studio.workspace import HOME_VARIABLE, Dataset, create_dataset

NAMES = ["apple.png", "bear.png", "cat.png", "dog.png", "eel.png", "fox.png"]


def draw(path: Path, number: int) -> bytes:
    """Write a small picture that differs with `number` and return its bytes."""
    image = Image.new("RGB", (40, 30), "white")
    ImageDraw.Draw(image).ellipse((number, 2, number + 20, 24), fill=(20 * number, 90, 160))
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)
    return path.read_bytes()


def add_picture(dataset: Dataset, path: Path, number: int) -> int:
    data = draw(path, number)
    sha = hashlib.sha256(data).hexdigest()
    hashes = {name: sha[:16] for name in ("phash", "phash_mirrored", "phash_trimmed", "dhash")}
    facts = SimpleNamespace(sha256=sha, size_bytes=len(data), format="PNG", mode="RGB", width=40, height=30, **hashes)
    with dataset.catalog() as catalog:
        return catalog.pictures.add(facts, str(path), path.name)[0]


@pytest.fixture
def dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    made = create_dataset("ink drawings")
    for number, name in enumerate(NAMES, start=1):
        add_picture(made, tmp_path / "raw" / name, number)
    return made


@pytest.fixture
def client(dataset: Dataset):
    app = Starlette(routes=routes, middleware=middleware())
    headers = {TOKEN_HEADER: launch_token()}
    with TestClient(app, base_url="http://127.0.0.1:8501", headers=headers) as opened:
        yield opened


@pytest.fixture
def send(client: TestClient, dataset: Dataset):
    """Send one operation as the grid does; each call takes the next number of the client `tab`."""
    numbers = iter(range(1, 1000))

    def sent(*changes: dict, seq: int | None = None, client_id: str = "tab", label: str = "Edit caption"):
        body = {"dataset": dataset.name, "client": client_id, "seq": seq or next(numbers), "label": label}
        return client.post("/api/ops", json=body | {"changes": list(changes)})

    return sent


def caption(number: int, value: str, rev: int | None = 0) -> dict:
    return {"id": number, "field": "caption", "value": value, "rev": rev}
