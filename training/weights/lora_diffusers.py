"""The diffusers/PEFT layout: `unet.<module>.lora_A.weight` and the adapter's settings in the header.

DoRA magnitudes (`.lora_magnitude_vector.weight`) are kept and applied by diffusers, unlike those of kohya files.
"""

import json
from typing import Any

import torch

from training.weights.kind import DIFFUSERS_LORA
from training.weights.lora_content import DOWN, PARTS, LoraContent, file_key, module_of, tidy_state

FILE_NAME = DIFFUSERS_LORA
SETTINGS_KEY = "lora_adapter_metadata"


def to_diffusers(content: LoraContent, rank: int, alpha: float) -> tuple[dict[str, torch.Tensor], dict[str, str]]:
    """The file's tensors, and its header: ours plus the adapter settings that diffusers reads."""
    tensors = {file_key(part, key): tensor for part, state in content.parts.items() for key, tensor in state.items()}
    settings: dict[str, Any] = {}
    for part, state in content.parts.items():
        for name, value in _settings(part, state, content, rank, alpha).items():
            settings[f"{part}.{name}"] = value
    header = {**content.metadata, "format": "pt", SETTINGS_KEY: json.dumps(settings, indent=2, sort_keys=True)}
    return tensors, header


def from_diffusers(tensors: dict[str, torch.Tensor], metadata: dict[str, str]) -> tuple[LoraContent, list[str]]:
    """The adapter of a diffusers file, and the keys that belong to no known part or kind."""
    settings = _read_settings(metadata)
    parts: dict[str, dict[str, torch.Tensor]] = {}
    unknown = []
    for key, tensor in tensors.items():
        part, _, rest = key.partition(".")
        if part not in PARTS or ".lora_" not in rest:
            unknown.append(key)
            continue
        parts.setdefault(part, {})[rest] = tensor
    parts = {part: tidy_state(part, state) for part, state in parts.items()}
    alphas = {}
    for part, state in parts.items():
        alpha = settings.get(f"{part}.lora_alpha")
        for key in state:
            if alpha is not None and key.endswith(DOWN):
                alphas[f"{part}.{module_of(key)}"] = float(alpha)
    return LoraContent(parts=parts, alphas=alphas, metadata=metadata), unknown


def _settings(
    part: str, state: dict[str, torch.Tensor], content: LoraContent, rank: int, alpha: float
) -> dict[str, Any]:
    """The arguments of peft's LoraConfig for one part."""
    return {
        "r": rank,
        "lora_alpha": int(alpha) if float(alpha).is_integer() else alpha,
        "target_modules": sorted({_last_words(module_of(key)) for key in state}),
        "use_dora": content.is_dora and any("magnitude" in key for key in state),
        "lora_dropout": 0.0,
        "bias": "none",
    }


def _last_words(module: str) -> str:
    """The end of a module path that PEFT matches: its last name, with the one before it when that is a number."""
    words = module.split(".")
    return ".".join(words[-2:]) if words[-1].isdigit() else words[-1]


def _read_settings(metadata: dict[str, str]) -> dict[str, Any]:
    try:
        settings = json.loads(metadata.get(SETTINGS_KEY, "{}"))
    except ValueError:
        return {}
    return settings if isinstance(settings, dict) else {}
