"""One adapter in memory, independent of the file layout it came from."""

from dataclasses import dataclass, field

import torch

from training.weights.lora_names import with_text_model

State = dict[str, torch.Tensor]
PARTS = ("unet", "text_encoder", "text_encoder_2")
DOWN, UP, MAGNITUDE = "lora_A.weight", "lora_B.weight", "lora_magnitude_vector"


@dataclass(frozen=True)
class LoraContent:
    """Adapter tensors per part under PEFT's names, and each module's alpha.

    A module's weight changes by (alpha / rank) * B @ A. `parts` maps "unet", "text_encoder" and
    "text_encoder_2" to `<module>.lora_A.weight`, `.lora_B.weight` and, for DoRA, `.lora_magnitude_vector`
    ([out] for linear layers, [1, out, 1, 1] for convolutions). `alphas` maps "<part>.<module>" to alpha; a
    module that is not in it has alpha = rank. Text encoder modules stand below `text_model.`.
    """

    parts: dict[str, State]
    alphas: dict[str, float] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def is_dora(self) -> bool:
        """True where any module has a magnitude."""
        return any(key.endswith(MAGNITUDE) for state in self.parts.values() for key in state)

    def folded(self) -> dict[str, torch.Tensor]:
        """All tensors under `<part>.<key>`, with alpha / rank multiplied into B so that the scale is 1."""
        flat = {}
        for part, state in self.parts.items():
            for key, tensor in state.items():
                module = module_of(key)
                if key.endswith(UP):
                    rank = tensor.shape[1]
                    tensor = tensor * (self.alphas.get(f"{part}.{module}", rank) / rank)
                flat[file_key(part, key)] = tensor
        return flat


def file_key(part: str, key: str) -> str:
    """The key of a diffusers file. Magnitudes end in `.weight`: without it transformers 5 leaves those of text
    encoders at their start values, silently."""
    return f"{part}.{key}.weight" if key.endswith(MAGNITUDE) else f"{part}.{key}"


def module_of(key: str) -> str:
    """The module path in front of `.lora_...`."""
    return key.split(".lora_")[0]


def tidy_state(part: str, state: State) -> State:
    """PEFT keys in the one spelling used here: no wrapper prefix, no adapter name, text encoders below text_model."""
    tidy = {}
    for key, tensor in state.items():
        module, _, kind = key.removeprefix("base_model.model.").partition(".lora_")
        kind = f"lora_{kind}".replace(".default", "")
        if kind.startswith(MAGNITUDE):
            kind = MAGNITUDE
        if part != "unet":
            module = with_text_model(module)
        tidy[f"{module}.{kind}"] = tensor.detach().to("cpu").contiguous()
    return tidy


def state_for_module(state: State, module: torch.nn.Module) -> State:
    """The keys as `module` itself spells them: some library versions nest text encoders below text_model."""
    if hasattr(module, "text_model"):
        return dict(state)
    return {key.removeprefix("text_model."): tensor for key, tensor in state.items()}
