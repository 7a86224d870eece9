"""Models that many tests share, written once per test session."""

import copy
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from training.config.base_model import BaseModelConfig
from training.families import load_family


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Diffusers folder of a tiny untrained model: `tiny_folder("sd1" | "sd2" | "sdxl")`."""
    from tests.training.tiny_models import write_tiny_model

    root = tmp_path_factory.mktemp("tiny-models")

    def folder(family: str) -> Path:
        return root / family if (root / family).exists() else write_tiny_model(family, root / family)

    return folder


@pytest.fixture(scope="session")
def _loaded(tiny_folder: Callable[[str], Path]) -> Callable:
    """Each tiny model loaded once; tests get copies."""
    return cache(lambda family: load_family(BaseModelConfig(model=str(tiny_folder(family)))))


@pytest.fixture
def tiny_family(_loaded: Callable) -> Callable:
    """A tiny model of its own, safe to change: `tiny_family("sdxl")`."""
    return lambda family: copy.deepcopy(_loaded(family))
