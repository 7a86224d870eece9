"""Stable Diffusion 1.x and 2.x: one text encoder, epsilon or v-prediction."""

from typing import Any

import torch
from diffusers import StableDiffusionPipeline

from training.families.family import Architecture, Condition, Family, token_ids


def encode_text(family: Family, captions: list[str]) -> Condition:
    """The text encoder's last layer, [B, 77, D]."""
    encoder = family.text_encoders[0]
    ids = token_ids(family.tokenizers[0], captions, encoder.device)
    return {"prompt_embeds": encoder(ids).last_hidden_state}


def predict(
    family: Family,
    latents_noisy: torch.Tensor,
    timesteps: torch.Tensor,
    condition: Condition,
    sizes: torch.Tensor | None = None,
) -> torch.Tensor:
    """The UNet's prediction; these families know nothing of picture sizes."""
    unet = family.unet
    return unet(
        latents_noisy.to(unet.dtype),
        timesteps,
        encoder_hidden_states=condition["prompt_embeds"].to(unet.dtype),
        return_dict=False,
    )[0].float()


def build_pipeline(family: Family, scheduler: Any) -> StableDiffusionPipeline:
    """A pipeline on the family's own modules, without the safety checker (nothing is downloaded)."""
    return StableDiffusionPipeline(
        vae=family.vae,
        text_encoder=family.text_encoders[0],
        tokenizer=family.tokenizers[0],
        unet=family.unet,
        scheduler=scheduler,
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


STABLE_DIFFUSION = Architecture(encode_text=encode_text, predict=predict, build_pipeline=build_pipeline)
