"""How wrong the model is about the noise in a picture."""

import torch

from training.families.family import Condition, Family


def denoising_loss(
    family: Family,
    latents: torch.Tensor,
    noise: torch.Tensor,
    timesteps: torch.Tensor,
    condition: Condition,
    sizes: torch.Tensor,
    min_snr_gamma: float | None = None,
) -> torch.Tensor:
    """Mean squared error of the prediction for each picture, float32 [B].

    latents and noise [B, C, h, w], timesteps [B] whole numbers, sizes [B, 6] in pixels.
    """
    noisy = family.noise_scheduler.add_noise(latents, noise, timesteps)
    prediction = family.predict(noisy, timesteps, condition, sizes)
    target = family.target(latents, noise, timesteps)
    loss = (prediction.float() - target.float()).square().mean(dim=(1, 2, 3))
    if min_snr_gamma is None:
        return loss
    return loss * snr_weights(family, timesteps, min_snr_gamma)


def snr_weights(family: Family, timesteps: torch.Tensor, gamma: float) -> torch.Tensor:
    """Min-SNR weights [B]: nearly clean pictures, which are easy, count less."""
    kept = family.noise_scheduler.alphas_cumprod.to(timesteps.device)[timesteps]
    # A schedule with zero terminal SNR would divide by nothing at its last step.
    ratio = (kept / (1 - kept)).clamp(min=1e-8)
    capped = ratio.clamp(max=gamma)
    if family.noise_scheduler.config.prediction_type == "v_prediction":
        return capped / (ratio + 1)
    return capped / ratio


def draw_noise(latents: torch.Tensor, offset: float, generator: torch.Generator) -> torch.Tensor:
    """Noise of the latents' shape from a CPU generator, so that every device sees the same."""
    noise = torch.randn(latents.shape, generator=generator)
    if offset:
        noise = noise + offset * torch.randn((*latents.shape[:2], 1, 1), generator=generator)
    return noise
