"""Draw pictures with a loaded base model: samples while it trains, and try-outs."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import torch
from PIL import Image

from training.families.family import Condition, Family
from training.families.placeholders import expand_placeholders
from training.generate import GenerateResult, generate
from training.saturation import mean_saturation

__all__ = ["GenerateResult", "draw_samples", "generate", "mean_saturation", "to_picture"]

Progress = Callable[[int, int], None]


def draw_samples(
    family: Family,
    prompts: Sequence[str],
    seeds: Sequence[int],
    steps: int,
    guidance: float | None,
    width: int,
    height: int,
    negative_prompt: str = "",
    progress: Progress | None = None,
) -> list[Image.Image]:
    """One RGB picture per prompt and seed, drawn with the live modules.

    The same seed gives the same picture. The global random state and the modules' train/eval modes are left
    as they were, and no gradients are kept. Without `guidance` the base model's usual value is taken.
    `progress(done, total)` counts drawing steps over all batches of pictures.
    """
    guidance = family.info.default_guidance if guidance is None else guidance
    jobs = list(zip(prompts, seeds, strict=True))
    at_once = _pictures_at_once(width, height)
    batches = [jobs[start : start + at_once] for start in range(0, len(jobs), at_once)]
    pictures: list[Image.Image] = []
    with _undisturbed(family):
        for number, batch in enumerate(batches):
            report = _batch_progress(progress, number, len(batches), steps)
            pictures += _draw(family, batch, steps, guidance, (width, height), negative_prompt, report)
    return pictures


def _draw(
    family: Family,
    batch: Sequence[tuple[str, int]],
    steps: int,
    guidance: float,
    size: tuple[int, int],
    negative_prompt: str,
    report: Callable[[int], None],
) -> list[Image.Image]:
    texts = [expand_placeholders(prompt, family.tokenizers[0]) for prompt, _ in batch]
    negative = expand_placeholders(negative_prompt, family.tokenizers[0])

    def after_step(pipeline: object, step: int, timestep: object, tensors: dict) -> dict:
        report(step + 1)
        return tensors

    latents = family.pipeline()(
        **_conditions(family, texts, negative),
        width=size[0],
        height=size[1],
        num_inference_steps=steps,
        guidance_scale=guidance,
        generator=[torch.Generator("cpu").manual_seed(seed) for _, seed in batch],
        output_type="latent",
        callback_on_step_end=after_step,
    ).images
    return [to_picture(pixels) for pixels in family.decode_latents(latents)]


def _conditions(family: Family, texts: list[str], negative: str) -> dict[str, torch.Tensor]:
    """Encoded prompts under the names that the pipelines take, in the UNet's number format."""
    wanted = _for_pipeline(family, family.encode_text(texts), "")
    # An XL pipeline without a negative prompt takes zeros instead of an encoded empty text.
    unwanted = family.encode_text([negative] * len(texts))
    if family.info.name == "sdxl" and not negative:
        unwanted = {name: torch.zeros_like(tensor) for name, tensor in unwanted.items()}
    return {**wanted, **_for_pipeline(family, unwanted, "negative_")}


def _for_pipeline(family: Family, condition: Condition, prefix: str) -> dict[str, torch.Tensor]:
    named = {f"{prefix}prompt_embeds": condition["prompt_embeds"]}
    if "pooled" in condition:
        named[f"{prefix}pooled_prompt_embeds"] = condition["pooled"]
    return {name: tensor.to(family.unet.dtype) for name, tensor in named.items()}


def to_picture(pixels: torch.Tensor) -> Image.Image:
    """An RGB picture of pixels [3, H, W] in -1..1."""
    values = ((pixels + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
    return Image.fromarray(values.permute(1, 2, 0).cpu().contiguous().numpy())


def _pictures_at_once(width: int, height: int) -> int:
    """Small pictures are drawn together; large ones one by one, to need no more memory than training."""
    return max(1, min(16, 16 * 64 * 64 // (width * height)))


def _batch_progress(progress: Progress | None, number: int, batches: int, steps: int) -> Callable[[int], None]:
    def report(step: int) -> None:
        if progress is not None:
            progress(number * steps + step, batches * steps)

    return report


@contextmanager
def _undisturbed(family: Family) -> Iterator[None]:
    """Evaluation mode, no gradients and a private random state; everything is put back afterwards."""
    modes = {module: module.training for root in family.modules for module in root.modules()}
    devices = [family.device] if family.device.type == "cuda" else []
    try:
        for root in family.modules:
            root.eval()
        with torch.random.fork_rng(devices=devices), torch.no_grad():
            yield
    finally:
        for module, mode in modes.items():
            module.training = mode
