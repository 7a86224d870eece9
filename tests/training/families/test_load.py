"""Loaded families are frozen, in one number format, and answer as their architecture says."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image

from training.config.base_model import BaseModelConfig
from training.errors import ModelError
from training.families import load_family
from training.families.family import Family
from training.families.stable_diffusion_xl import plain_sizes
from training.sampling import draw_samples

FAMILIES = ["sd1", "sd2", "sdxl"]


@pytest.fixture(scope="module")
def pocket() -> Family:
    return load_family(BaseModelConfig())


def test_the_pocket_model_comes_up_whole_in_float32(pocket: Family) -> None:
    """On disk it is float16, and the libraries bring some parts up in that when they are not told otherwise."""
    assert {weight.dtype for module in pocket.modules for weight in module.parameters()} == {torch.float32}
    assert not any(weight.requires_grad for module in pocket.modules for weight in module.parameters())
    assert not any(part.training for module in pocket.modules for part in module.modules())
    assert 7_000_000 < sum(weight.numel() for weight in pocket.unet.parameters()) < 7_200_000


def test_the_pocket_model_draws_what_it_is_asked_for(pocket: Family) -> None:
    red = draw_samples(pocket, ["a red apple"] * 2, [0, 0], 12, None, 64, 64)
    blue = draw_samples(pocket, ["a red apple on a blue background"], [0], 12, None, 64, 64)
    assert red[0].size == (64, 64) and red[0].tobytes() == red[1].tobytes()
    middle, corner = red[0].crop((24, 28, 40, 44)), blue[0].crop((0, 0, 6, 6))
    assert mean_colour(middle)[0] > mean_colour(middle)[2] + 60
    assert mean_colour(corner)[2] > mean_colour(corner)[0] + 60


def mean_colour(picture: Image.Image) -> tuple[int, ...]:
    return picture.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))


def test_drawing_leaves_chance_and_modes_alone(pocket: Family) -> None:
    pocket.unet.train()
    torch.manual_seed(11)
    before = torch.get_rng_state()
    draw_samples(pocket, ["a lemon"], [5], 2, 3.0, 64, 64)
    assert torch.equal(before, torch.get_rng_state())
    assert pocket.unet.training and not pocket.vae.training
    pocket.unet.eval()


def test_drawing_reports_every_step(pocket: Family) -> None:
    seen = []
    draw_samples(pocket, ["a lemon"], [5], 3, 3.0, 64, 64, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("name", FAMILIES)
def test_drawing_is_what_the_pipeline_draws_from_the_same_prompt(tiny_family: Callable, name: str) -> None:
    family = tiny_family(name)
    ours = draw_samples(family, ["a cat"], [3], 2, 4.0, 64, 64)[0]
    theirs = family.pipeline()(
        "a cat",
        num_inference_steps=2,
        guidance_scale=4.0,
        generator=torch.Generator().manual_seed(3),
        width=64,
        height=64,
    ).images[0]
    difference = max(abs(one - other) for one, other in zip(ours.tobytes(), theirs.tobytes(), strict=True))
    assert difference <= 1
    assert len(set(ours.tobytes())) > 5


@pytest.mark.parametrize("name", FAMILIES)
def test_shapes_and_gradients(tiny_family: Callable, name: str) -> None:
    family = tiny_family(name)
    latents = family.encode_pictures(torch.rand(2, 3, 64, 96) * 2 - 1)
    assert latents.shape == (2, 4, 8, 12)
    table = family.text_encoders[-1].get_input_embeddings().weight.requires_grad_(True)
    condition = family.encode_text(["a cat", "two dogs"])
    assert condition["prompt_embeds"].shape == (2, 77, sum(family.info.text_widths))
    assert ("pooled" in condition) == (name == "sdxl")
    prediction = family.predict(latents, torch.tensor([1, 999]), condition)
    assert prediction.shape == latents.shape
    prediction.square().mean().backward()
    assert table.grad is not None and table.grad.abs().sum() > 0


def test_pictures_are_encoded_the_same_way_every_time(tiny_family: Callable) -> None:
    family = tiny_family("sd1")
    pixels = torch.rand(1, 3, 64, 64)
    assert torch.equal(family.encode_pictures(pixels), family.encode_pictures(pixels))
    drawn = family.encode_pictures(pixels, torch.Generator().manual_seed(0))
    assert not torch.equal(drawn, family.encode_pictures(pixels))
    mean = family.vae.encode(pixels).latent_dist.mean * family.vae.config.scaling_factor
    torch.testing.assert_close(family.encode_pictures(pixels), mean)


def test_targets_are_noise_or_velocity(tiny_family: Callable) -> None:
    latents, noise, steps = torch.randn(2, 4, 8, 8), torch.randn(2, 4, 8, 8), torch.tensor([10, 900])
    assert torch.equal(tiny_family("sd1").target(latents, noise, steps), noise)
    family = tiny_family("sd2")
    kept = family.noise_scheduler.alphas_cumprod[steps].reshape(2, 1, 1, 1)
    velocity = kept.sqrt() * noise - (1 - kept).sqrt() * latents
    torch.testing.assert_close(family.target(latents, noise, steps), velocity)


def test_xl_is_told_the_picture_sizes(tiny_family: Callable) -> None:
    family = tiny_family("sdxl")
    latents, steps = torch.randn(1, 4, 8, 12), torch.tensor([500])
    condition = family.encode_text(["a cat"])
    plain = family.predict(latents, steps, condition)
    stated = torch.tensor([[64, 96, 0, 0, 64, 96]])
    assert torch.equal(plain_sizes(latents, 8), stated)
    assert torch.equal(family.predict(latents, steps, condition, stated), plain)
    cropped = torch.tensor([[640, 960, 30, 0, 64, 96]])
    assert not torch.allclose(family.predict(latents, steps, condition, cropped), plain)


def test_half_precision_bases_keep_their_vae_in_float32(tiny_folder: Callable) -> None:
    family = load_family(BaseModelConfig(model=str(tiny_folder("sdxl"))), dtype=torch.bfloat16)
    assert {weight.dtype for weight in family.unet.parameters()} == {torch.bfloat16}
    assert {weight.dtype for weight in family.vae.parameters()} == {torch.float32}
    with torch.no_grad():
        prediction = family.predict(torch.randn(1, 4, 8, 8), torch.tensor([5]), family.encode_text(["a cat"]))
    assert prediction.dtype == torch.float32
    assert draw_samples(family, ["a cat"], [0], 1, 2.0, 64, 64)[0].size == (64, 64)


def test_another_vae_takes_the_place_of_the_own_one(tiny_folder: Callable, tmp_path: Path) -> None:
    base = str(tiny_folder("sd1"))
    family = load_family(BaseModelConfig(model="pocket", vae=Path(base)))
    assert tuple(family.vae.config.block_out_channels) == (8, 8, 16, 16)
    with pytest.raises(ModelError, match="There is no VAE"):
        load_family(BaseModelConfig(model="pocket", vae=tmp_path / "nothing"))


def test_a_folder_with_pickles_only_is_refused(tiny_folder: Callable, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_folder("sd1"), tmp_path / "model")
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_suffix(".bin"))
    with pytest.raises(ModelError, match=r"\.bin files are pickles"):
        load_family(BaseModelConfig(model=str(folder)))


def test_a_torn_weights_file_is_refused_in_one_sentence(tiny_folder: Callable, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_folder("sd1"), tmp_path / "model")
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelError, match="cannot be loaded") as caught:
        load_family(BaseModelConfig(model=str(folder)))
    assert "\n" not in str(caught.value)
