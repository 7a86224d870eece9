"""Teach a concept model: which layers get adapters, which captions are read, what is saved."""

import random
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig as PeftConfig
from peft import get_peft_model_state_dict

from training.data.read_dataset import Row
from training.errors import ConfigError
from training.families.family import Family
from training.methods.lora.config import LoraConfig
from training.methods.method import checkpoint_gradients
from training.weights.lora_files import save_lora

UNET_LAYERS = {
    "attention": ["to_q", "to_k", "to_v", "to_out.0"],
    "feed_forward": ["ff.net.0.proj", "ff.net.2"],
    "projections": ["proj_in", "proj_out"],
    "convolutions": ["conv1", "conv2", "conv_shortcut"],
}
TEXT_LAYERS = ["q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2"]


class LoraTraining:
    """Adapters on the UNet and, if wanted, the text encoders; the base weights stay as they are."""

    def __init__(self, family: Family, settings: LoraConfig, gradient_checkpointing: bool) -> None:
        self._family = family
        self._settings = settings
        self.live_text = settings.train_text_encoder
        layers = [name for target in settings.targets for name in UNET_LAYERS[target]]
        self._parts: dict[str, torch.nn.Module] = {"unet": _adapt(family.unet, layers, settings)}
        if self.live_text:
            for number, encoder in enumerate(family.text_encoders, start=1):
                name = "text_encoder" if number == 1 else f"text_encoder_{number}"
                self._parts[name] = _adapt(encoder, TEXT_LAYERS, settings)
        if gradient_checkpointing:
            checkpoint_gradients(family, self.live_text)
        self.trainable = {
            f"{part}.{name}": parameter
            for part, module in self._parts.items()
            for name, parameter in module.named_parameters()
            if parameter.requires_grad
        }

    def groups(self, rate: float) -> list[dict[str, Any]]:
        """The UNet's adapters at `rate`, the text encoders' at their own rate, else half of it."""
        text_rate = self._settings.text_encoder_learning_rate or rate / 2
        unet = [value for name, value in self.trainable.items() if name.startswith("unet.")]
        text = [value for name, value in self.trainable.items() if not name.startswith("unet.")]
        groups = [{"params": unet, "lr": rate}]
        return [*groups, {"params": text, "lr": text_rate}] if text else groups

    def caption(self, row: Row, chance: random.Random) -> str:
        """The caption as it is; the trigger is already in it."""
        return row.text

    def validation_caption(self, row: Row) -> str:
        """The caption as it is."""
        return row.text

    def baseline_caption(self, row: Row) -> str:
        """The caption as it is: the base model reads the same words."""
        return row.text

    def sample_prompt(self, prompt: str, baseline: bool) -> str:
        """The prompt as it is."""
        return prompt

    def train_mode(self, on: bool) -> None:
        """Adapter dropout and gradient checkpointing act in training mode only."""
        for module in self._parts.values():
            module.train(on)

    def adapter_state(self) -> dict[str, dict[str, torch.Tensor]]:
        """The adapters' tensors by part, named as PEFT names them."""
        return {
            part: {name: value.detach().cpu() for name, value in get_peft_model_state_dict(module).items()}
            for part, module in self._parts.items()
        }

    def save(self, folder: Path, name: str, metadata: dict[str, str]) -> list[Path]:
        """Write `<name>.safetensors` (kohya layout) and `<name>-diffusers/`; return both weights files."""
        kohya, diffusers = folder / f"{name}.safetensors", folder / f"{name}-diffusers"
        rank, alpha = self._settings.rank, self._settings.alpha
        save_lora(self._family.info, self.adapter_state(), rank, alpha, kohya, diffusers, metadata)
        return [kohya, diffusers / "pytorch_lora_weights.safetensors"]


def _adapt(module: Any, layers: list[str], settings: LoraConfig) -> torch.nn.Module:
    """Put fresh adapters, kept in float32, into the named layers; they change nothing until they are trained."""
    try:
        module.add_adapter(
            PeftConfig(
                r=settings.rank,
                lora_alpha=settings.alpha,  # type: ignore[arg-type]  # PEFT itself divides it, fractions included
                lora_dropout=settings.dropout,
                use_dora=settings.dora,
                target_modules=layers,
            )
        )
    except ValueError as error:
        raise ConfigError(
            f"The {type(module).__name__} of this base model has none of the layers {', '.join(layers)} "
            f"({error}). Choose other method.targets."
        ) from error
    for parameter in module.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    return module
