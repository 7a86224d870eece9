"""The kohya layout of LoRA and DoRA files, which A1111, ComfyUI, InvokeAI and diffusers read.

Per module: `.lora_down.weight` (A), `.lora_up.weight` (B), `.alpha` (scalar), and for DoRA `.dora_scale`
with one value per output feature, shaped (out, 1) or (out, 1, 1, 1).

diffusers' `load_lora_weights` (0.42) drops every `dora_scale` with a warning, so a DoRA in this layout acts
there as a plain LoRA with a different result. Use the diffusers layout there; this one is for the other tools.
"""

import torch

from training.weights.lora_content import DOWN, MAGNITUDE, PARTS, UP, LoraContent, module_of
from training.weights.lora_names import kohya_module, part_of, peft_module

TO_KOHYA = {DOWN: "lora_down.weight", UP: "lora_up.weight", MAGNITUDE: "dora_scale"}
FROM_KOHYA = {theirs: ours for ours, theirs in TO_KOHYA.items()}


def to_kohya(content: LoraContent, family: str) -> dict[str, torch.Tensor]:
    """The file's tensors for a family ("sd1", "sd2", "sdxl"); `.alpha` is written for every module."""
    tensors = {}
    for part, state in content.parts.items():
        for key, tensor in state.items():
            module = module_of(key)
            name = kohya_module(module, part, family)
            kind = key.removeprefix(f"{module}.")
            tensors[f"{name}.{TO_KOHYA[kind]}"] = _as_scale(tensor) if kind == MAGNITUDE else tensor
            if kind == DOWN:
                alpha = content.alphas.get(f"{part}.{module}", float(tensor.shape[0]))
                tensors[f"{name}.alpha"] = torch.tensor(float(alpha))
    return tensors


def from_kohya(tensors: dict[str, torch.Tensor], metadata: dict[str, str]) -> tuple[LoraContent, list[str]]:
    """The adapter of a kohya file, and the keys that belong to no known module or kind."""
    parts: dict[str, dict[str, torch.Tensor]] = {part: {} for part in PARTS}
    alphas: dict[str, float] = {}
    unknown = []
    for key, tensor in tensors.items():
        name, _, kind = key.partition(".")
        place = part_of(name)
        if place is None or (kind != "alpha" and kind not in FROM_KOHYA):
            unknown.append(key)
            continue
        part, rest = place
        module = peft_module(rest, part)
        if kind == "alpha":
            alphas[f"{part}.{module}"] = float(tensor)
        else:
            parts[part][f"{module}.{FROM_KOHYA[kind]}"] = tensor
    for state in parts.values():
        _restore_magnitudes(state)
    filled = {part: state for part, state in parts.items() if state}
    return LoraContent(parts=filled, alphas=alphas, metadata=metadata), unknown


def _as_scale(magnitude: torch.Tensor) -> torch.Tensor:
    """PEFT's magnitude, [out] or [1, out, 1, 1], on the first axis: (out, 1) or (out, 1, 1, 1)."""
    if magnitude.ndim == 1:
        return magnitude.unsqueeze(1)
    return magnitude.transpose(0, 1).contiguous()


def _restore_magnitudes(state: dict[str, torch.Tensor]) -> None:
    """Bring `dora_scale` back to PEFT's shapes.

    Raises:
        ValueError: the scales stand per input feature, as old LyCORIS and OneTrainer write them.
    """
    for key in [key for key in state if key.endswith(MAGNITUDE)]:
        up = state.get(f"{module_of(key)}.{UP}")
        scale = state[key]
        if up is None or scale.shape[0] != up.shape[0] or scale.numel() != up.shape[0]:
            raise ValueError("its DoRA scales stand per input feature, which PEFT cannot apply")
        state[key] = scale.flatten() if up.ndim == 2 else scale.reshape(1, -1, *[1] * (up.ndim - 2))
