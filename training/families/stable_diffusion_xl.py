"""Stable Diffusion XL: two text encoders, a pooled text vector and stated picture sizes."""

from typing import Any

import torch
from diffusers import StableDiffusionXLPipeline

from training.families.family import Architecture, Condition, Family, token_ids


def encode_text(family: Family, captions: list[str]) -> Condition:
    """Last but one layer of both encoders side by side [B, 77, D1 + D2], and the second one's pooled [B, P]."""
    outputs = [
        encoder(token_ids(tokenizer, captions, encoder.device), output_hidden_states=True)
        for encoder, tokenizer in zip(family.text_encoders, family.tokenizers, strict=True)
    ]
    layers = [output.hidden_states[-2] for output in outputs]
    return {"prompt_embeds": torch.cat(layers, dim=-1), "pooled": outputs[1].text_embeds}


def predict(
    family: Family,
    latents_noisy: torch.Tensor,
    timesteps: torch.Tensor,
    condition: Condition,
    sizes: torch.Tensor | None = None,
) -> torch.Tensor:
    """The UNet's prediction, told the pictures' original size, crop corner and final size in pixels."""
    unet = family.unet
    if sizes is None:
        sizes = plain_sizes(latents_noisy, family.info.vae_scale)
    extra = {
        "text_embeds": condition["pooled"].to(unet.dtype),
        "time_ids": sizes.to(unet.device, unet.dtype),
    }
    return unet(
        latents_noisy.to(unet.dtype),
        timesteps,
        encoder_hidden_states=condition["prompt_embeds"].to(unet.dtype),
        added_cond_kwargs=extra,
        return_dict=False,
    )[0].float()


def plain_sizes(latents: torch.Tensor, vae_scale: int) -> torch.Tensor:
    """Sizes [B, 6] of uncropped pictures that were made at the latents' own size."""
    height, width = latents.shape[-2] * vae_scale, latents.shape[-1] * vae_scale
    row = torch.tensor([height, width, 0, 0, height, width], device=latents.device)
    return row.expand(latents.shape[0], 6)


def build_pipeline(family: Family, scheduler: Any) -> StableDiffusionXLPipeline:
    """A pipeline on the family's own modules, without the watermark."""
    return StableDiffusionXLPipeline(
        vae=family.vae,
        text_encoder=family.text_encoders[0],
        text_encoder_2=family.text_encoders[1],
        tokenizer=family.tokenizers[0],
        tokenizer_2=family.tokenizers[1],
        unet=family.unet,
        scheduler=scheduler,
        add_watermarker=False,
    )


STABLE_DIFFUSION_XL = Architecture(encode_text=encode_text, predict=predict, build_pipeline=build_pipeline)
