"""The loss on held-out pictures, always with the same noise and noise levels, so that numbers compare."""

from collections.abc import Callable

import torch

from training.config.reports import ValidationConfig
from training.data.examples import Example, LatentStore
from training.data.read_dataset import Row
from training.families.family import Family
from training.loss import denoising_loss
from training.text_conditions import TextConditions

CHUNK = 8  # pictures in one forward pass; without gradients this needs less memory than a training step


def validation_loss(
    family: Family,
    examples: list[Example],
    latents: LatentStore,
    conditions: TextConditions,
    words: Callable[[Row], str],
    settings: ValidationConfig,
) -> float:
    """Mean error over all `examples` and noise levels; `words` gives the text of each picture."""
    losses = []
    with torch.no_grad():
        for number, example in enumerate(examples):
            condition = conditions.get([words(example.row)])
            picture = latents.get(example)
            generator = torch.Generator().manual_seed((settings.seed * 1_000_003 + number) % 2**63)
            for timesteps, noise in _trials(picture, settings, generator):
                losses.append(_errors(family, example, picture, noise, timesteps, condition))
    return torch.cat(losses).mean().item()


def spread_timesteps(settings: ValidationConfig, generator: torch.Generator) -> torch.Tensor:
    """One timestep in each of equal parts of the range, at one shared random place in its part."""
    low, high, count = settings.lowest_timestep, settings.highest_timestep, settings.timesteps
    place = torch.rand(1, generator=generator)
    parts = (torch.arange(count) + place) / count
    return (low + parts * (high - low)).long()


def _trials(
    picture: torch.Tensor, settings: ValidationConfig, generator: torch.Generator
) -> list[tuple[torch.Tensor, torch.Tensor]]:
    timesteps = spread_timesteps(settings, generator)
    noise = torch.randn((settings.timesteps, *picture.shape), generator=generator)
    return list(zip(timesteps.split(CHUNK), noise.split(CHUNK), strict=True))


def _errors(
    family: Family,
    example: Example,
    picture: torch.Tensor,
    noise: torch.Tensor,
    timesteps: torch.Tensor,
    condition: dict[str, torch.Tensor],
) -> torch.Tensor:
    count, device = len(timesteps), family.device
    many = {name: value.expand(count, *value.shape[1:]) for name, value in condition.items()}
    sizes = torch.tensor([example.sizes] * count, dtype=torch.float32, device=device)
    pictures = picture.expand(count, *picture.shape).to(device)
    return denoising_loss(family, pictures, noise.to(device), timesteps.to(device), many, sizes).cpu()
