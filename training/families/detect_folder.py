"""Tell the family of a local folder in the diffusers layout."""

import json
from pathlib import Path
from typing import Any

from training.errors import ModelError
from training.families.info import FAMILY_LABELS, FamilyInfo, FamilyName, bucket_step_for

XL_PIPELINES = ("StableDiffusionXL",)
CLASSIC_PIPELINES = ("StableDiffusionPipeline", "StableDiffusionImg2Img", "LatentConsistencyModel")


def info_from_folder(folder: Path, base_model: str) -> FamilyInfo:
    """Family and sizes of a diffusers folder, from its JSON files.

    Raises:
        ModelError: the folder is incomplete, or holds a model that cannot be trained here.
    """
    index = _read_json(folder, "model_index.json")
    pipeline = str(index.get("_class_name", ""))
    _refuse_other_pipelines(folder, pipeline)
    unet = _read_json(folder, "unet/config.json")
    vae = _read_json(folder, "vae/config.json")
    scheduler = _read_json(folder, "scheduler/scheduler_config.json")
    widths = _text_widths(folder, pipeline)
    try:
        return _build(folder, base_model, pipeline, unet, vae, scheduler, widths)
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{folder} is not a usable model folder: its configs lack {error}.") from error


def _build(
    folder: Path,
    base_model: str,
    pipeline: str,
    unet: dict[str, Any],
    vae: dict[str, Any],
    scheduler: dict[str, Any],
    widths: tuple[int, ...],
) -> FamilyInfo:
    latent_channels = int(vae["latent_channels"])
    _refuse_other_inputs(folder, int(unet["in_channels"]), latent_channels)
    vae_scale = 2 ** (len(vae["block_out_channels"]) - 1)
    resolution = int(unet["sample_size"]) * vae_scale
    width = unet["cross_attention_dim"]
    width = int(width[0] if isinstance(width, list) else width)
    name = _family_name(pipeline, unet)
    return FamilyInfo(
        name=name,
        label=FAMILY_LABELS[name],
        base_model=base_model,
        source="folder",
        path=folder,
        resolution=resolution,
        bucket_step=bucket_step_for(resolution, vae_scale, len(unet["block_out_channels"])),
        vae_scale=vae_scale,
        latent_channels=latent_channels,
        prediction_type=_prediction_type(folder, scheduler),
        cross_attention_width=width,
        text_widths=widths,
        default_guidance=5.0 if name == "sdxl" else 7.5,
    )


def _read_json(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ModelError(
            f"{folder} is not a diffusers model folder: {name} is missing. Give the folder that holds "
            "model_index.json, unet/, vae/ and text_encoder/, or one .safetensors file."
        ) from None
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read as JSON: {error}. Download the model again.") from error
    if not isinstance(content, dict):
        raise ModelError(f"{path} does not hold a JSON object. Download the model again.")
    return content


def _refuse_other_pipelines(folder: Path, pipeline: str) -> None:
    usable = pipeline.startswith(XL_PIPELINES + CLASSIC_PIPELINES)
    if not usable or "Inpaint" in pipeline:
        raise ModelError(
            f"{folder} holds a {pipeline or 'model of an unnamed kind'}, which cannot be trained here yet. "
            "Choose a Stable Diffusion 1.x, 2.x or XL text-to-image model."
        )


def _refuse_other_inputs(folder: Path, in_channels: int, latent_channels: int) -> None:
    if in_channels != latent_channels:
        raise ModelError(
            f"{folder} takes {in_channels} input channels instead of {latent_channels}: it is an inpainting or "
            "editing model. Choose the text-to-image model it was made from."
        )


def _text_widths(folder: Path, pipeline: str) -> tuple[int, ...]:
    names = ["text_encoder", "text_encoder_2"] if pipeline.startswith(XL_PIPELINES) else ["text_encoder"]
    return tuple(int(_read_json(folder, f"{name}/config.json").get("hidden_size", 768)) for name in names)


def _family_name(pipeline: str, unet: dict[str, Any]) -> FamilyName:
    """XL by its pipeline; 2.x by its linear projections and per-block head counts, which 1.x never has."""
    if pipeline.startswith(XL_PIPELINES):
        return "sdxl"
    return "sd2" if unet.get("use_linear_projection") or unet["cross_attention_dim"] == 1024 else "sd1"


def _prediction_type(folder: Path, scheduler: dict[str, Any]) -> Any:
    kind = str(scheduler.get("prediction_type", "epsilon"))
    if kind not in ("epsilon", "v_prediction"):
        raise ModelError(f'{folder} predicts "{kind}", which cannot be trained here. Use an epsilon or v model.')
    return kind
