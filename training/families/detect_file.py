"""Tell the family of one .safetensors file from its tensor names and shapes."""

import re
from pathlib import Path
from typing import Any

from training.errors import ModelError
from training.families.info import FAMILY_LABELS, FamilyInfo, FamilyName, bucket_step_for
from training.weights.read_header import SafetensorsHeader, read_safetensors_header

UNET = "model.diffusion_model."
XL_TEXT = "conditioner.embedders.1.model."
TEXT_TABLES: dict[FamilyName, tuple[str, ...]] = {
    "sd1": ("cond_stage_model.transformer.text_model.embeddings.token_embedding.weight",),
    "sd2": ("cond_stage_model.model.token_embedding.weight",),
    "sdxl": (
        "conditioner.embedders.0.transformer.text_model.embeddings.token_embedding.weight",
        XL_TEXT + "token_embedding.weight",
    ),
}
TEXT_TO_UNET = re.compile(r"\.attn2\.to_k\.weight$")


def info_from_file(path: Path, base_model: str) -> FamilyInfo:
    """Family and sizes of one .safetensors file in the original (single-file) layout.

    Raises:
        ModelError: it is no base model, or one that cannot be trained here; the message names what it is.
        WeightsError: the file is torn or not a safetensors file.
    """
    header = read_safetensors_header(path)
    name = _family_name(path, header)
    _refuse_unusual_parts(path, name, header)
    prediction = _prediction_type(path, name, header)
    resolution = {"sd1": 512, "sd2": 768 if prediction == "v_prediction" else 512, "sdxl": 1024}[name]
    vae_scale = 2 ** (_count(header, r"first_stage_model\.encoder\.down\.(\d+)\.") - 1)
    return FamilyInfo(
        name=name,
        label=FAMILY_LABELS[name],
        base_model=base_model,
        source="file",
        path=path,
        resolution=resolution,
        bucket_step=bucket_step_for(resolution, vae_scale, unet_blocks=4),
        vae_scale=vae_scale,
        latent_channels=header.tensors[UNET + "input_blocks.0.0.weight"].shape[1],
        prediction_type=prediction,
        cross_attention_width=_attention_width(header),
        text_widths=tuple(header.tensors[key].shape[1] for key in TEXT_TABLES[name]),
        default_guidance=5.0 if name == "sdxl" else 7.5,
    )


def _family_name(path: Path, header: SafetensorsHeader) -> FamilyName:
    names = header.tensors
    if any(name.startswith(UNET + "input_blocks.0.") for name in names):
        for family in ("sdxl", "sd2", "sd1"):
            if all(table in names for table in TEXT_TABLES[family]):
                return family
    raise ModelError(f"{path} is not a base model that can be trained here: {_what_it_is(names)}")


def _what_it_is(names: Any) -> str:
    """One sentence on what a file is instead of a Stable Diffusion base model."""
    text = "\n".join(names)
    for pattern, sentence in OTHER_KINDS:
        if re.search(pattern, text, re.MULTILINE):
            return sentence
    return "its tensors have unknown names. Give a Stable Diffusion 1.x, 2.x or XL text-to-image model."


OTHER_KINDS = [
    (
        r"lora_|\.lora_(A|B|up|down)|hada_w1|lokr_w1|oft_blocks",
        "it is a LoRA, which is used on top of a base model. Give the base model it was made for.",
    ),
    (
        r"\A(emb_params|clip_g|clip_l|<[^\n]*>)$",
        "it is an embedding, which is used with a base model. Give the base model it was made for.",
    ),
    (
        r"double_blocks\.\d+\.img_attn|single_transformer_blocks\.",
        "it is a Flux model, which is not supported yet. Give a Stable Diffusion 1.x, 2.x or XL model.",
    ),
    (
        r"joint_blocks\.\d+\.",
        "it is a Stable Diffusion 3 model, which is not supported yet. Give a 1.x, 2.x or XL model.",
    ),
    (
        r"conditioner\.embedders\.0\.model\.",
        "it is the XL refiner, which only polishes pictures. Give the XL base model.",
    ),
    (
        r"control_model\.|controlnet_cond_embedding|zero_convs\.",
        "it is a ControlNet, which is used beside a base model. Give the base model.",
    ),
    (
        r"model\.diffusion_model\.",
        "it holds a UNet but no text encoder. Give the full model file or the diffusers folder.",
    ),
    (
        r"\A(first_stage_model\.)?(encoder|decoder|quant_conv|post_quant_conv)\.",
        "it is a VAE on its own. Give the base model, and name this file as its VAE if you want it used.",
    ),
    (
        r"^(down_blocks|up_blocks|mid_block)\.|^text_model\.",
        "it is one part of a diffusers folder. Give the folder that holds model_index.json.",
    ),
]


def _refuse_unusual_parts(path: Path, name: FamilyName, header: SafetensorsHeader) -> None:
    if not any(key.startswith("first_stage_model.encoder.") for key in header.tensors):
        raise ModelError(f"{path} lacks its VAE. Use a full model file, not one pruned of the VAE.")
    channels = header.tensors.get(UNET + "input_blocks.0.0.weight")
    if channels is None or len(channels.shape) != 4:
        raise ModelError(f"{path} has no usable first UNet layer. Download the file again.")
    latent = header.tensors.get("first_stage_model.decoder.conv_in.weight")
    if latent is not None and channels.shape[1] != latent.shape[1]:
        raise ModelError(
            f"{path} takes {channels.shape[1]} input channels instead of {latent.shape[1]}: it is an "
            "inpainting or editing model. Choose the text-to-image model it was made from."
        )


def _attention_width(header: SafetensorsHeader) -> int:
    widths = [facts.shape[-1] for key, facts in header.tensors.items() if TEXT_TO_UNET.search(key)]
    return widths[0] if widths else 0


def _count(header: SafetensorsHeader, pattern: str) -> int:
    """How many different numbers stand at one place of the tensor names."""
    return len({match[1] for key in header.tensors if (match := re.match(pattern, key))}) or 1


def _prediction_type(path: Path, name: FamilyName, header: SafetensorsHeader) -> Any:
    """What the UNet predicts: from the header, the marker tensor of v models, or a yaml beside it.

    A 2.x file without any of these is taken as the usual 768-pixel v model unless its name says base or 512.
    """
    said = header.metadata.get("modelspec.prediction_type", "")
    if said:
        return "v_prediction" if said.startswith("v") else "epsilon"
    if "v_pred" in header.tensors:
        return "v_prediction"
    config = path.with_suffix(".yaml")
    if config.is_file() and config.stat().st_size < 1_000_000:
        is_v = re.search(r"parameterization:\s*[\"']?v\b", config.read_text("utf-8", errors="replace"))
        return "v_prediction" if is_v else "epsilon"
    if name == "sd2" and not re.search(r"base|512", path.stem):
        return "v_prediction"
    return "epsilon"
