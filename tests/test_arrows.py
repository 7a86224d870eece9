"""The arrows of docs/architecture.md: which folder may import which, kept by reading every import statement."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = {"torch", "transformers", "diffusers", "peft", "accelerate"}
MAY_IMPORT_STREAMLIT = ("studio/views/", "studio/app.py", "studio/app_server.py")
LOWER_FOLDERS = {
    "studio/catalog": {"studio.stages", "studio.views", "studio.api", "studio.cli", "studio.jobs", "studio.captioners"},
    "studio/pictures": {"studio.stages", "studio.views", "studio.api", "studio.cli", "studio.jobs", "studio.catalog"},
    "studio/captioners": {"studio.stages", "studio.views", "studio.api", "studio.cli", "studio.jobs", "studio.catalog"},
    "studio/formats": {"studio.stages", "studio.views", "studio.api", "studio.cli", "studio.jobs", "studio.catalog"},
    "studio/stages": {"studio.views", "studio.api", "studio.cli"},
    "studio/jobs": {"studio.views", "studio.api", "studio.cli"},
    "studio/api": {"studio.views", "studio.cli"},
}


def python_files(folder: str) -> list[Path]:
    found = sorted((ROOT / folder).rglob("*.py"))
    assert found, f"{folder} holds no Python: was it renamed?"
    return found


def imports(path: Path) -> list[tuple[str, list[str]]]:
    """(module, names taken from it) of every import in a file, wherever it stands."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, []) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.append((node.module, [alias.name for alias in node.names]))
    return found


def test_training_never_imports_the_studio():
    for path in python_files("training"):
        modules = {module.split(".")[0] for module, _ in imports(path)}
        assert not modules & {"studio", "streamlit"}, path


def test_studio_uses_only_the_public_face_of_training():
    for path in python_files("studio"):
        inner = [module for module, _ in imports(path) if module.startswith("training.")]
        assert not inner, f"{path} imports {inner}; take it from `training`"


def test_only_views_import_streamlit():
    for path in python_files("studio"):
        relative = path.relative_to(ROOT).as_posix()
        if not relative.startswith(MAY_IMPORT_STREAMLIT):
            assert "streamlit" not in {module.split(".")[0] for module, _ in imports(path)}, path


@pytest.mark.parametrize("folder", LOWER_FOLDERS)
def test_lower_folders_do_not_know_the_upper_ones(folder):
    for path in python_files(folder):
        wanted = {module for module, _ in imports(path)}
        wanted |= {f"{module}.{name}" for module, names in imports(path) for name in names}
        for forbidden in LOWER_FOLDERS[folder]:
            assert not any(module == forbidden or module.startswith(forbidden + ".") for module in wanted), path


def test_only_the_catalog_holds_sql():
    for path in python_files("studio"):
        if "catalog" not in path.parts:
            assert "sqlite3" not in {module for module, _ in imports(path)}, path


def test_no_python_lies_in_datasets():
    assert not list((ROOT / "datasets").rglob("*.py"))


def test_nothing_unsafe_is_called():
    """No pickle, no torch.load, no markup from data."""
    for folder in ("studio", "training"):
        for path in python_files(folder):
            text = path.read_text(encoding="utf-8")
            assert "pickle" not in {module for module, _ in imports(path)}, path
            for call in ("torch.load(", "unsafe_allow_html=True", "unsafe_allow_javascript=True"):
                assert call not in text, f"{path} calls {call}"


@pytest.mark.parametrize("statement", ["import studio", "import studio.cli", "import training", "import studio.app"])
def test_start_up_loads_no_model_library(statement):
    code = f"import sys; {statement}; print(sorted(set({sorted(HEAVY)!r}) & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert answer.stdout.strip().splitlines()[-1] == "[]", answer.stdout
