"""The app loads its routes late, and reaches all of them."""

from __future__ import annotations

import subprocess
import sys

from starlette.applications import Starlette
from starlette.routing import Match
from starlette.testclient import TestClient

from studio.api.routes import routes
from studio.lazy_routes import lazy_routes

LATE = (
    "studio.api.routes",
    "studio.stages",
    "numpy",
    "PIL",
    "pandas",
    "pydantic",
    "torch",
    "transformers",
    "diffusers",
)


def test_making_the_app_loads_nothing_that_the_first_page_can_do_without():
    told = f"import sys, studio.app; print([name for name in {LATE!r} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_every_route_is_reached():
    late = lazy_routes()
    for route in routes:
        path = route.path.replace("{path:path}", "a/b.png").replace("{", "").replace("}", "")
        scope = {"type": "http", "path": path, "method": "GET", "root_path": ""}
        assert any(one.matches(scope)[0] is Match.FULL for one in late), path


def test_an_answer_comes_through(tmp_path, monkeypatch):
    monkeypatch.setenv("CONCEPT_STUDIO_HOME", str(tmp_path))
    client = TestClient(Starlette(routes=lazy_routes()))
    answer = client.get("/api/jobs", params={"dataset": "gone"})
    assert answer.status_code == 404
    assert "no dataset of this name" in answer.json()["error"]
    assert client.get("/api/nothing").status_code == 404
