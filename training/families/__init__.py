"""Base models: telling them apart, loading them, and asking them for noise predictions.

Importing this package loads no torch; `load_family` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.families.detect import POCKET_MODEL, detect_family, list_base_models
from training.families.info import FamilyInfo

if TYPE_CHECKING:
    import torch

    from training.config.base_model import BaseModelConfig
    from training.families.family import Family

__all__ = ["POCKET_MODEL", "FamilyInfo", "detect_family", "list_base_models", "load_family"]


def load_family(base: BaseModelConfig, device: str = "cpu", dtype: torch.dtype | None = None) -> Family:
    """Load a base model with every part frozen, in evaluation mode and in one stated number format.

    `dtype` defaults to float32; the VAE is always float32, since half precision gives black pictures on XL.

    Raises:
        ModelError: the model is missing, incomplete, or of a kind that cannot be trained here.
    """
    from training.families.quiet import quiet_libraries

    quiet_libraries()
    from training.families.load import load

    return load(base, device, dtype)
