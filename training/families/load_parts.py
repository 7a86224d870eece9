"""The named components of a base model, from a folder, the Hub or one file. Never a pickle."""

from pathlib import Path
from typing import Any

import torch
from diffusers import StableDiffusionPipeline, StableDiffusionXLPipeline

from training.errors import ModelError
from training.families.hub import split_hub_id
from training.families.info import FamilyInfo

CONFIG_FOLDERS = Path(__file__).parent / "configs"
POCKET_TOKENIZER = Path(__file__).parent / "pocket" / "tokenizer"


def parts_from_folder(info: FamilyInfo, dtype: torch.dtype) -> dict[str, Any]:
    """Components of a local folder in the diffusers layout.

    Raises:
        ModelError: the folder has only pickled weights.
    """
    assert info.path is not None
    pipeline = _pipeline_class(info).from_pretrained(
        str(info.path),
        variant=_variant(info.path),
        local_files_only=True,
        **_common(info, dtype),
    )
    return pipeline.components


def parts_from_hub(info: FamilyInfo, dtype: torch.dtype) -> dict[str, Any]:
    """Components of a Hub model, from the local cache where it is complete, else downloaded by diffusers."""
    name, revision = split_hub_id(info.base_model)
    common = _common(info, dtype)
    try:
        pipeline = _pipeline_class(info).from_pretrained(name, revision=revision, local_files_only=True, **common)
    except (OSError, ValueError):
        pipeline = _pipeline_class(info).from_pretrained(name, revision=revision, **common)
    return pipeline.components


def parts_from_file(info: FamilyInfo, dtype: torch.dtype, config_folder: Path | None = None) -> dict[str, Any]:
    """Components of one .safetensors file in the original layout, without any network.

    The configs come from this package, or from `config_folder` for a model of unusual size.
    """
    from transformers import CLIPTokenizer

    assert info.path is not None
    names = ["tokenizer", "tokenizer_2"][: info.num_text_encoders]
    tokenizers = {name: CLIPTokenizer.from_pretrained(str(POCKET_TOKENIZER)) for name in names}
    if info.name != "sd1":
        # OpenCLIP's encoders were trained with "!" (id 0) as padding
        tokenizers[names[-1]].pad_token = "!"
    pipeline = _pipeline_class(info).from_single_file(
        str(info.path),
        config=str(config_folder or CONFIG_FOLDERS / info.name),
        local_files_only=True,
        dtype=dtype,
        **tokenizers,
    )
    return pipeline.components


def _common(info: FamilyInfo, dtype: torch.dtype) -> dict[str, Any]:
    common: dict[str, Any] = {"dtype": dtype, "use_safetensors": True}
    if info.name != "sdxl":
        common |= {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
    return common


def _pipeline_class(info: FamilyInfo) -> Any:
    return StableDiffusionXLPipeline if info.name == "sdxl" else StableDiffusionPipeline


def _variant(folder: Path) -> str | None:
    """ "fp16" where the folder has only half-precision weights, None where it has the plain ones."""
    unet = folder / "unet"
    if any(unet.glob("diffusion_pytorch_model*.safetensors")):
        plain = (unet / "diffusion_pytorch_model.safetensors").is_file()
        sharded = (unet / "diffusion_pytorch_model.safetensors.index.json").is_file()
        return None if plain or sharded else "fp16"
    raise ModelError(
        f"{folder} holds no .safetensors weights of its UNet. Weights in .bin files are pickles and are never "
        "opened; download the model's .safetensors version."
    )
