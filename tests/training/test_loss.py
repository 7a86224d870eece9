from pathlib import Path

import pytest
import torch

from training.config.optimisation import OptimisationConfig
from training.config.reports import ValidationConfig
from training.data.buckets import Bucket, CropBox
from training.data.examples import Example
from training.data.read_dataset import Row
from training.loss import denoising_loss, draw_noise, snr_weights
from training.schedule import rate_factor
from training.validation import spread_timesteps, validation_loss


def test_a_perfect_prediction_has_no_loss(tiny_family, monkeypatch) -> None:
    family = tiny_family("sd1")
    noise = torch.randn(2, 4, 8, 8)
    monkeypatch.setattr(family, "predict", lambda *arguments: noise)
    loss = denoising_loss(family, torch.randn(2, 4, 8, 8), noise, torch.tensor([1, 900]), {}, torch.zeros(2, 6))
    assert loss.tolist() == [0, 0]


@pytest.mark.parametrize("family_name", ["sd1", "sd2"])
def test_min_snr_lowers_only_the_easy_steps(tiny_family, family_name: str) -> None:
    family = tiny_family(family_name)
    timesteps = torch.tensor([0, 100, 999])
    kept = family.noise_scheduler.alphas_cumprod[timesteps]
    ratio = kept / (1 - kept)
    weights = snr_weights(family, timesteps, 5.0)
    shift = 1 if family.noise_scheduler.config.prediction_type == "v_prediction" else 0
    expected = torch.minimum(ratio, torch.tensor(5.0)) / (ratio + shift)
    torch.testing.assert_close(weights, expected)


def test_noise_offset_shifts_whole_channels() -> None:
    latents = torch.zeros(64, 4, 8, 8)
    plain = draw_noise(latents, 0.0, torch.Generator().manual_seed(0)).mean(dim=(2, 3)).std()
    shifted = draw_noise(latents, 1.0, torch.Generator().manual_seed(0)).mean(dim=(2, 3)).std()
    assert shifted > 4 * plain


def test_timesteps_cover_the_range_evenly() -> None:
    settings = ValidationConfig(timesteps=10)
    for seed in range(20):
        found = spread_timesteps(settings, torch.Generator().manual_seed(seed))
        assert found.min() >= 50 and found.max() <= 950
        assert ((found - 50) // 90).tolist() == list(range(10))


def test_validation_is_the_same_every_time_and_leaves_chance_alone(tiny_family) -> None:
    family = tiny_family("sd1")
    row = Row("a.png", Path("a.png"), "a cat", 64, 64)
    example = Example(row, Bucket(64, 64), CropBox(0, 0, 64, 64, 0.0))
    picture = torch.randn(4, 8, 8)

    class Latents:
        def get(self, example: Example) -> torch.Tensor:
            return picture

    class Words:
        def get(self, captions: list[str]) -> dict[str, torch.Tensor]:
            return family.encode_text(captions)

    def measure(seed: int = 0) -> float:
        settings = ValidationConfig(timesteps=9, seed=seed)
        return validation_loss(family, [example], Latents(), Words(), lambda row: row.text, settings)

    before = torch.get_rng_state()
    assert measure() == measure() != measure(seed=1)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_rate_rises_and_falls() -> None:
    settings = OptimisationConfig(steps=100, warmup_steps=10)
    factors = [rate_factor(step, settings) for step in range(100)]
    assert factors[0] < factors[5] < factors[9] < 1
    assert factors[10] == 1
    assert factors[10:] == sorted(factors[10:], reverse=True)
    assert 0 < factors[99] < 0.01
    constant = OptimisationConfig(steps=100, schedule="constant")
    assert {rate_factor(step, constant) for step in range(100)} == {1.0}
