"""Tiny untrained models in the exact component layout of Stable Diffusion 1.x, 2.x and XL."""

import json
from pathlib import Path

import torch
from diffusers import AutoencoderKL, DDIMScheduler, EulerDiscreteScheduler, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from training.families import load_parts

TOKENIZER = load_parts.POCKET_TOKENIZER
WIDTHS = {"sd1": (24,), "sd2": (32,), "sdxl": (24, 40)}
BETAS = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "steps_offset": 1}


def write_tiny_model(family: str, folder: Path) -> Path:
    """Write a diffusers folder of the family ("sd1", "sd2", "sdxl") with random weights; the folder is returned."""
    torch.manual_seed(7)
    folder.mkdir(parents=True)
    _text_encoders(family, folder)
    _unet(family).save_pretrained(folder / "unet")
    _vae().save_pretrained(folder / "vae")
    _scheduler(family).save_pretrained(folder / "scheduler")
    (folder / "model_index.json").write_text(json.dumps(_index(family), indent=2))
    return folder


def _unet(family: str) -> UNet2DConditionModel:
    common = dict(sample_size=8, layers_per_block=2, norm_num_groups=8, in_channels=4, out_channels=4)
    if family == "sdxl":
        return UNet2DConditionModel(
            **common,
            block_out_channels=(16, 32, 32),
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
            transformer_layers_per_block=(1, 1, 2),
            attention_head_dim=(2, 4, 4),
            cross_attention_dim=sum(WIDTHS["sdxl"]),
            use_linear_projection=True,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=6 * 8 + WIDTHS["sdxl"][1],
        )
    return UNet2DConditionModel(
        **common,
        block_out_channels=(16, 16, 32, 32),
        down_block_types=("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",),
        up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3,
        cross_attention_dim=WIDTHS[family][0],
        attention_head_dim=4 if family == "sd1" else (2, 2, 4, 4),
        use_linear_projection=family == "sd2",
    )


def _vae() -> AutoencoderKL:
    return AutoencoderKL(
        block_out_channels=(8, 8, 16, 16),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=2,
        latent_channels=4,
        norm_num_groups=4,
        sample_size=64,
        scaling_factor=0.13025,
    )


def _text_encoders(family: str, folder: Path) -> None:
    for number, width in zip(["", "_2"], WIDTHS[family], strict=False):
        config = CLIPTextConfig(
            hidden_size=width,
            intermediate_size=2 * width,
            num_hidden_layers=2,
            num_attention_heads=2,
            projection_dim=width,
            hidden_act="quick_gelu" if family == "sd1" else "gelu",
            bos_token_id=49406,
            eos_token_id=49407,
        )
        kind = CLIPTextModelWithProjection if number else CLIPTextModel
        kind(config).save_pretrained(folder / f"text_encoder{number}")
        _tokenizer(folder / f"tokenizer{number}", is_open_clip=family == "sd2" or number == "_2")


def _tokenizer(folder: Path, is_open_clip: bool) -> None:
    """The vocabulary all families share; OpenCLIP's encoders are padded with "!" as the published ones are."""
    tokenizer = CLIPTokenizer.from_pretrained(TOKENIZER)
    if is_open_clip:
        tokenizer.pad_token = "!"
    tokenizer.save_pretrained(folder)


def _scheduler(family: str) -> DDIMScheduler | EulerDiscreteScheduler:
    if family == "sdxl":
        return EulerDiscreteScheduler(**BETAS)
    kind = "v_prediction" if family == "sd2" else "epsilon"
    return DDIMScheduler(**BETAS, clip_sample=False, set_alpha_to_one=False, prediction_type=kind)


def _index(family: str) -> dict[str, object]:
    is_xl = family == "sdxl"
    index: dict[str, object] = {
        "_class_name": "StableDiffusionXLPipeline" if is_xl else "StableDiffusionPipeline",
        "scheduler": ["diffusers", "EulerDiscreteScheduler" if is_xl else "DDIMScheduler"],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL"],
    }
    if is_xl:
        index["text_encoder_2"] = ["transformers", "CLIPTextModelWithProjection"]
        index["tokenizer_2"] = ["transformers", "CLIPTokenizer"]
    else:
        index |= {"safety_checker": [None, None], "feature_extractor": [None, None]}
        index["requires_safety_checker"] = False
    return index
