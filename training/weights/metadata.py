"""The header of a weights file: where it came from, how to use it, in the keys that other tools read.

All values are strings. `ss_` keys are kohya's (A1111 picks the model family by them), `modelspec.` keys are
Stability's ModelSpec 1.0.1, `concept_studio.` keys are our own.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from training.families.detect import detect_family
from training.families.info import FamilyInfo

if TYPE_CHECKING:
    from training.config.run_config import RunConfig

STABILITY = "https://github.com/Stability-AI/generative-models"
CAPTION_KEYS = ("ss_tag_frequency", "ss_dataset_dirs", "ss_datasets", "ss_training_comment", "modelspec.description")


def build_metadata(config: "RunConfig", dataset: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, str]:
    """The header for the weights of one run.

    `dataset` is the content of dataset.json (may be empty for a foreign folder). `facts` may hold steps, epoch,
    final_loss, validation_loss, started_at, finished_at (ISO text), num_pictures, num_validation_pictures,
    base_model_hash (sha256), tag_frequency ({folder: {word: count}}) and description; what is missing or None
    is left out.

    Raises:
        ModelError: the base model has gone.
    """
    info = detect_family(config.base.model)
    values: dict[str, Any] = {
        **_family_keys(info, config),
        **_training_keys(config, info, facts),
        **_method_keys(config),
        **_modelspec_keys(config, info, dataset, facts),
        **_own_keys(config, dataset, facts),
    }
    return {key: _as_text(value) for key, value in values.items() if value is not None}


def strip_caption_data(metadata: Mapping[str, str]) -> dict[str, str]:
    """The header without anything that was derived from captions or names folders of this machine."""
    return {key: value for key, value in metadata.items() if key not in CAPTION_KEYS}


def trigger_of(config: "RunConfig", dataset: Mapping[str, Any]) -> str | None:
    """The word that calls up what was learned: an embedding's placeholder, else the dataset's trigger phrase."""
    if config.method.method == "textual-inversion":
        return config.method.placeholder
    return dataset.get("trigger") or None


def _family_keys(info: FamilyInfo, config: "RunConfig") -> dict[str, Any]:
    version = {"sd1": "sd_v1", "sd2": "sd_v2", "sdxl": "sdxl_base_v1-0"}[info.name]
    if info.prediction_type == "v_prediction" and info.name != "sdxl":
        version += "_v"
    return {
        "ss_v2": info.name == "sd2",
        "ss_base_model_version": version,
        "ss_sd_model_name": _last_name(config.base.model),
        "ss_vae_name": config.base.vae.name if config.base.vae else None,
    }


def _training_keys(config: "RunConfig", info: FamilyInfo, facts: Mapping[str, Any]) -> dict[str, Any]:
    optimisation, data = config.optimisation, config.data
    side = data.resolution or info.resolution
    return {
        "ss_output_name": config.name,
        "ss_learning_rate": optimisation.learning_rate,
        "ss_lr_scheduler": optimisation.schedule,
        "ss_lr_warmup_steps": optimisation.warmup_steps,
        "ss_optimizer": "torch.optim.adamw.AdamW",
        "ss_mixed_precision": optimisation.mixed_precision,
        "ss_seed": optimisation.seed,
        "ss_min_snr_gamma": optimisation.min_snr_gamma,
        "ss_noise_offset": optimisation.noise_offset,
        "ss_max_train_steps": optimisation.steps,
        "ss_batch_size_per_device": data.batch_size,
        "ss_gradient_accumulation_steps": optimisation.accumulate,
        "ss_caption_dropout_rate": data.caption_dropout,
        "ss_enable_bucket": data.keep_aspect,
        "ss_resolution": f"({side}, {side})",
        "ss_steps": facts.get("steps"),
        "ss_epoch": facts.get("epoch"),
        "ss_num_train_images": facts.get("num_pictures"),
        "ss_training_started_at": facts.get("started_at"),
        "ss_training_finished_at": facts.get("finished_at"),
        "ss_new_sd_model_hash": facts.get("base_model_hash"),
        "ss_tag_frequency": facts.get("tag_frequency"),
    }


def _method_keys(config: "RunConfig") -> dict[str, Any]:
    method = config.method
    if method.method != "lora":
        return {"ss_num_vectors_per_token": method.vectors, "ss_token_string": method.placeholder}
    arguments: dict[str, Any] = {}
    if "convolutions" in method.targets:
        arguments |= {"conv_dim": method.rank, "conv_alpha": method.alpha}
    if method.dora:
        arguments |= {"dora_wd": True, "wd_on_out": True}
    rate = config.optimisation.learning_rate
    return {
        "ss_network_module": "networks.lora",
        "ss_network_dim": method.rank,
        "ss_network_alpha": method.alpha,
        "ss_network_args": arguments,
        "ss_network_dropout": method.dropout or None,
        "ss_unet_lr": rate,
        "ss_text_encoder_lr": (method.text_encoder_learning_rate or rate / 2) if method.train_text_encoder else None,
    }


def _modelspec_keys(
    config: "RunConfig", info: FamilyInfo, dataset: Mapping[str, Any], facts: Mapping[str, Any]
) -> dict[str, Any]:
    is_lora = config.method.method == "lora"
    is_v = info.prediction_type == "v_prediction"
    architecture = {
        "sd1": "stable-diffusion-v1",
        "sd2": "stable-diffusion-v2-768-v" if is_v else "stable-diffusion-v2-512",
        "sdxl": "stable-diffusion-xl-v1-base",
    }[info.name]
    side = config.data.resolution or info.resolution
    return {
        "modelspec.sai_model_spec": "1.0.1",
        "modelspec.architecture": f"{architecture}/{'lora' if is_lora else 'textual-inversion'}",
        "modelspec.implementation": "diffusers" if is_lora and info.name != "sdxl" else STABILITY,
        "modelspec.title": config.name,
        "modelspec.resolution": f"{side}x{side}",
        "modelspec.description": facts.get("description"),
        "modelspec.date": facts.get("finished_at"),
        "modelspec.trigger_phrase": trigger_of(config, dataset),
        "modelspec.prediction_type": "v" if is_v else "epsilon",
        "modelspec.timestep_range": "0,1000",
        "modelspec.encoder_layer": 2 if info.name == "sdxl" else 1,
    }


def _own_keys(config: "RunConfig", dataset: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    method = config.method
    keys = {
        "concept_studio.base_model": _last_name(config.base.model),
        "concept_studio.dataset": dataset.get("dataset"),
        "concept_studio.export_digest": dataset.get("digest"),
        "concept_studio.export_number": dataset.get("number"),
        "concept_studio.concept": dataset.get("concept"),
        "concept_studio.final_loss": facts.get("final_loss"),
        "concept_studio.validation_loss": facts.get("validation_loss"),
        "concept_studio.validation_pictures": facts.get("num_validation_pictures"),
    }
    if method.method == "lora":
        return {**keys, "concept_studio.method": "dora" if method.dora else "lora"}
    return {
        **keys,
        "concept_studio.method": method.method,
        "concept_studio.placeholder": method.placeholder,
        "concept_studio.replaces": method.replaces or dataset.get("trigger") or None,
        "concept_studio.vectors": method.vectors,
    }


def _last_name(model: str) -> str:
    """The model's own name without the folders of this machine; a Hub id stays whole."""
    return model if model.count("/") == 1 and not model.startswith(("/", ".", "~")) else model.rsplit("/", 1)[-1]


def _as_text(value: Any) -> str:
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, sort_keys=True)
    return str(value)
