"""Put adapters with random weights into a loaded family, as a training would leave them."""

import torch
from peft import LoraConfig, get_peft_model_state_dict

from training.families.family import Family

UNET_TARGETS = [
    "to_q", "to_k", "to_v", "to_out.0", "net.0.proj", "net.2", "proj_in", "proj_out", "conv1", "conv2",
    "time_emb_proj", "conv_shortcut", "0.conv",
]  # fmt: skip
TEXT_TARGETS = ["q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2"]
RANK, ALPHA = 4, 2


def add_random_adapters(family: Family, dora: bool = False) -> dict[str, dict[str, torch.Tensor]]:
    """Adapters on the UNet and every text encoder; returns their state as a training hands it to `save_lora`."""
    names = ["unet", "text_encoder", "text_encoder_2"][: 1 + len(family.text_encoders)]
    state = {}
    for name, module in zip(names, [family.unet, *family.text_encoders], strict=True):
        targets = UNET_TARGETS if name == "unet" else TEXT_TARGETS
        module.add_adapter(LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=targets, use_dora=dora))
        _randomise(module)
        state[name] = get_peft_model_state_dict(module)
    return state


def _randomise(module: torch.nn.Module) -> None:
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for name, weight in module.named_parameters():
            if "lora_magnitude" in name:
                weight.mul_(torch.rand(weight.shape, generator=generator) + 0.5)
            elif "lora_" in name:
                weight.copy_(torch.randn(weight.shape, generator=generator) * 0.2)


def outputs(family: Family) -> list[torch.Tensor]:
    """Text encodings and a UNet prediction on fixed inputs."""
    generator = torch.Generator().manual_seed(5)
    latents = torch.randn(2, 4, 8, 8, generator=generator)
    with torch.no_grad():
        condition = family.encode_text(["a red apple", "a cat"])
        return [*condition.values(), family.predict(latents, torch.tensor([10, 600]), condition)]
