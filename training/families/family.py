"""A loaded base model: its parts, and the few questions that training asks of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from training.families.info import FamilyInfo

Condition = dict[str, torch.Tensor]


@dataclass(frozen=True)
class Architecture:
    """What differs between families: reading text, calling the UNet, and building a pipeline."""

    encode_text: Callable[[Family, list[str]], Condition]
    predict: Callable[[Family, torch.Tensor, torch.Tensor, Condition, torch.Tensor | None], torch.Tensor]
    build_pipeline: Callable[[Family, Any], Any]


@dataclass
class Family:
    """One base model on one device. Its modules are live: adapters put into them act at once.

    `noise_scheduler` adds noise in training; `draw_scheduler` holds the model's own scheduler for drawing.
    """

    info: FamilyInfo
    unet: Any  # diffusers imports its classes lazily, so type checkers know none of their attributes
    vae: Any
    text_encoders: list[Any]
    tokenizers: list[Any]
    noise_scheduler: Any
    draw_scheduler: Any
    architecture: Architecture

    @property
    def device(self) -> torch.device:
        """Where the UNet lies."""
        return self.unet.device

    @property
    def modules(self) -> list[torch.nn.Module]:
        """UNet, VAE and text encoders, in this order."""
        return [self.unet, self.vae, *self.text_encoders]

    def encode_pictures(self, pixels: torch.Tensor, generator: torch.Generator | None = None) -> torch.Tensor:
        """Scaled float32 latents [B, C, H/scale, W/scale] of pictures [B, 3, H, W] in -1..1.

        Without a generator the most likely latents are returned, so the result is always the same.
        """
        with torch.no_grad():
            spread = self.vae.encode(pixels.to(self.vae.device, self.vae.dtype)).latent_dist
            latents = spread.mode() if generator is None else spread.sample(generator)
        shift = self.vae.config.shift_factor or 0.0
        return ((latents - shift) * self.vae.config.scaling_factor).float()

    def decode_latents(self, latents: torch.Tensor) -> torch.Tensor:
        """Pictures [B, 3, H, W] in -1..1 (float32) of scaled latents [B, C, h, w]."""
        shift = self.vae.config.shift_factor or 0.0
        latents = latents.to(self.vae.device, self.vae.dtype) / self.vae.config.scaling_factor + shift
        with torch.no_grad():
            return self.vae.decode(latents, return_dict=False)[0].float().clamp(-1, 1)

    def encode_text(self, captions: list[str]) -> Condition:
        """What the UNet attends to: "prompt_embeds" [B, 77, D], on XL also "pooled" [B, P].

        Differentiable where gradients are enabled. Captions beyond 75 tokens are cut.
        """
        return self.architecture.encode_text(self, captions)

    def predict(
        self,
        latents_noisy: torch.Tensor,
        timesteps: torch.Tensor,
        condition: Condition,
        sizes: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """The UNet's float32 prediction [B, C, h, w] for noisy latents at integer timesteps [B].

        `sizes` [B, 6] is only read by XL: original height, width, crop top, left, target height, width in
        pixels. Without it the latents' own size and no crop are stated.
        """
        return self.architecture.predict(self, latents_noisy, timesteps, condition, sizes)

    def target(self, latents: torch.Tensor, noise: torch.Tensor, timesteps: torch.Tensor) -> torch.Tensor:
        """What `predict` should return: the noise, or the velocity for v-prediction models."""
        if self.noise_scheduler.config.prediction_type == "v_prediction":
            return self.noise_scheduler.get_velocity(latents, noise, timesteps)
        return noise

    def pipeline(self) -> Any:
        """A diffusers pipeline on the same live modules, with a fresh scheduler of the model's own kind."""
        scheduler = type(self.draw_scheduler).from_config(self.draw_scheduler.config)
        pipeline = self.architecture.build_pipeline(self, scheduler)
        pipeline.set_progress_bar_config(disable=True)
        return pipeline


def token_ids(tokenizer: Any, captions: list[str], device: torch.device) -> torch.Tensor:
    """Token ids [B, 77]: start, up to 75 tokens, end, then padding."""
    tokens = tokenizer(
        captions,
        padding="max_length",
        truncation=True,
        max_length=tokenizer.model_max_length,
        return_tensors="pt",
    )
    return tokens.input_ids.to(device)
