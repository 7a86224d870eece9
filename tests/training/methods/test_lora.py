"""Small promises of a concept model, each shown on tiny models."""

import pytest
import torch

from training.errors import ConfigError
from training.methods.lora.config import LoraConfig
from training.methods.lora.train import LoraTraining


def _predict(family) -> torch.Tensor:
    latents = torch.randn((2, 4, 8, 8), generator=torch.Generator().manual_seed(0))
    return family.predict(latents, torch.tensor([10, 500]), family.encode_text(["a cat", "a dog"]))


@pytest.mark.parametrize("family_name", ["sd1", pytest.param("sd2", marks=pytest.mark.slow), "sdxl"])
@pytest.mark.parametrize("dora", [False, True])
def test_a_fresh_adapter_leaves_the_output_unchanged(tiny_family, family_name: str, dora: bool) -> None:
    family = tiny_family(family_name)
    before = _predict(family).detach()
    targets = ("attention", "feed_forward", "projections", "convolutions")
    LoraTraining(family, LoraConfig(rank=2, alpha=2.0, targets=targets, dora=dora, train_text_encoder=True), False)
    torch.testing.assert_close(_predict(family).detach(), before, atol=1e-5, rtol=1e-4)


def test_only_adapters_get_gradients(tiny_family) -> None:
    family = tiny_family("sdxl")
    method = LoraTraining(family, LoraConfig(rank=2, alpha=2.0, train_text_encoder=True), False)
    _predict(family).square().mean().backward()
    touched = {name for name, value in _all_parameters(family) if value.grad is not None}
    adapters = {name for name, _ in _all_parameters(family) if "lora_" in name}
    # XL reads its first text encoder before the last layer, so that layer's adapters have nothing to learn from.
    unread = {name for name in adapters if name.startswith("2.encoder.layers.1.")}
    assert touched == adapters - unread
    assert len(adapters) == len(method.trainable) > len(unread)


def test_text_encoders_stay_untouched_unless_asked(tiny_family) -> None:
    family = tiny_family("sd1")
    method = LoraTraining(family, LoraConfig(rank=2, alpha=2.0), False)
    assert all(name.startswith("unet.") for name in method.trainable)
    assert not method.live_text


def test_text_encoder_has_its_own_rate(tiny_family) -> None:
    settings = LoraConfig(rank=2, alpha=2.0, train_text_encoder=True, text_encoder_learning_rate=5e-6)
    method = LoraTraining(tiny_family("sd1"), settings, False)
    assert [group["lr"] for group in method.groups(1e-4)] == [1e-4, 5e-6]
    assert sum(len(group["params"]) for group in method.groups(1e-4)) == len(method.trainable)


def test_adapters_of_a_half_precision_base_are_float32(tiny_family) -> None:
    family = tiny_family("sd1")
    family.unet.to(torch.bfloat16)
    method = LoraTraining(family, LoraConfig(rank=2, alpha=2.0), False)
    assert {value.dtype for value in method.trainable.values()} == {torch.float32}


def test_layers_that_do_not_exist_are_refused(tiny_family, monkeypatch) -> None:
    from training.methods.lora import train

    monkeypatch.setitem(train.UNET_LAYERS, "attention", ["no_such_layer"])
    with pytest.raises(ConfigError, match=r"Choose other method\.targets"):
        LoraTraining(tiny_family("sd1"), LoraConfig(targets=("attention",)), False)


def _all_parameters(family):
    for number, module in enumerate(family.modules):
        for name, value in module.named_parameters():
            yield f"{number}.{name}", value
