"""Load a base model of any source into a Family: frozen, in evaluation mode, in a stated number format."""

from typing import Any

import torch
from diffusers import DDPMScheduler

from training.config.base_model import BaseModelConfig
from training.errors import ModelError, OutOfMemory, TrainingError
from training.families.detect import detect_family
from training.families.family import Family
from training.families.info import FamilyInfo
from training.families.load_parts import parts_from_file, parts_from_folder, parts_from_hub
from training.families.load_vae import load_vae
from training.families.stable_diffusion import STABLE_DIFFUSION
from training.families.stable_diffusion_xl import STABLE_DIFFUSION_XL


def load(base: BaseModelConfig, device: str = "cpu", dtype: torch.dtype | None = None) -> Family:
    """The loaded family; see `training.families.load_family`."""
    info = detect_family(base.model)
    dtype = dtype or torch.float32
    try:
        parts = _parts(info, dtype)
        if base.vae is not None:
            parts["vae"] = load_vae(base.vae)
    except TrainingError:
        raise
    except torch.OutOfMemoryError as error:
        raise OutOfMemory(f"{info.base_model} does not fit into memory. Use dtype bfloat16.") from error
    except (OSError, ValueError, KeyError, RuntimeError, TypeError, NotImplementedError) as error:
        reason = str(error).strip().split("\n")[0][:300]
        raise ModelError(
            f"The base model {info.base_model} cannot be loaded: {reason}. Check that all its parts are there "
            "as .safetensors, or download it again."
        ) from error
    return build_family(info, parts, device, dtype)


def build_family(info: FamilyInfo, parts: dict[str, Any], device: str, dtype: torch.dtype) -> Family:
    """A family from named pipeline components (unet, vae, text_encoder, tokenizer, scheduler, ..._2)."""
    numbered = ["", "_2"][: info.num_text_encoders]
    family = Family(
        info=info,
        unet=parts["unet"],
        vae=parts["vae"],
        text_encoders=[parts["text_encoder" + number] for number in numbered],
        tokenizers=[parts["tokenizer" + number] for number in numbered],
        noise_scheduler=DDPMScheduler.from_config(parts["scheduler"].config, prediction_type=info.prediction_type),
        draw_scheduler=type(parts["scheduler"]).from_config(
            parts["scheduler"].config, prediction_type=info.prediction_type
        ),
        architecture=STABLE_DIFFUSION_XL if info.name == "sdxl" else STABLE_DIFFUSION,
    )
    _freeze(family, device, dtype)
    return family


def _parts(info: FamilyInfo, dtype: torch.dtype) -> dict[str, Any]:
    if info.source == "file":
        return parts_from_file(info, dtype)
    if info.source == "hub":
        return parts_from_hub(info, dtype)
    return parts_from_folder(info, dtype)


def _freeze(family: Family, device: str, dtype: torch.dtype) -> None:
    """Every part frozen, in evaluation mode, on the device and in the number format that was asked for."""
    for module in family.modules:
        _refuse_missing_weights(family.info, module)
        wanted = torch.float32 if module is family.vae else dtype
        module.requires_grad_(False).eval().to(device=device, dtype=wanted)


def _refuse_missing_weights(info: FamilyInfo, module: torch.nn.Module) -> None:
    """A part whose tensors were not in the files is left without memory by the loaders; say so."""
    missing = [name for name, tensor in module.named_parameters() if tensor.is_meta]
    if missing:
        raise ModelError(
            f"The base model {info.base_model} lacks {len(missing)} weights of its {type(module).__name__}, "
            f"{missing[0]} for one. Download it again or use the complete version."
        )
