"""Write a diffusers model as one file in the original (LDM / SGM) layout, as base models are passed around.

The inverse of what diffusers' `from_single_file` does, written apart from it and from the package under test.
"""

import re
from pathlib import Path

import torch
from safetensors.torch import save_file

from training.families.family import Family

State = dict[str, torch.Tensor]
RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "time_emb_proj": "emb_layers.1",
    "conv_shortcut": "skip_connection",
}
OUTER = {
    "conv_in.": "input_blocks.0.0.",
    "conv_norm_out.": "out.0.",
    "conv_out.": "out.2.",
    "time_embedding.linear_1.": "time_embed.0.",
    "time_embedding.linear_2.": "time_embed.2.",
    "add_embedding.linear_1.": "label_emb.0.0.",
    "add_embedding.linear_2.": "label_emb.0.2.",
}
OPEN_CLIP = {
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
    "self_attn.out_proj": "attn.out_proj",
}


def write_single_file(family: Family, path: Path, metadata: dict[str, str] | None = None) -> Path:
    """Write UNet, VAE and text encoders of a loaded family into one .safetensors file."""
    state = {f"model.diffusion_model.{key}": value for key, value in unet_keys(family.unet.state_dict()).items()}
    state |= {f"first_stage_model.{key}": value for key, value in vae_keys(family.vae.state_dict()).items()}
    first = family.text_encoders[0].state_dict()
    if family.info.name == "sd1":
        state |= hugging_face_text(first, "cond_stage_model.transformer.")
    elif family.info.name == "sd2":
        state |= open_clip_text(first, "cond_stage_model.model.")
    else:
        state |= hugging_face_text(first, "conditioner.embedders.0.transformer.")
        state |= open_clip_text(family.text_encoders[1].state_dict(), "conditioner.embedders.1.model.")
    save_file({key: value.contiguous().clone() for key, value in state.items()}, path, metadata)
    return path


def unet_keys(state: State) -> State:
    """UNet keys with block numbers, for two resnets per block."""
    return {_unet_key(key, state): value for key, value in state.items()}


def _unet_key(key: str, state: State) -> str:
    for ours, theirs in OUTER.items():
        if key.startswith(ours):
            return theirs + key.removeprefix(ours)
    if match := re.match(r"mid_block\.(resnets|attentions)\.(\d)\.(.+)", key):
        number = 1 if match[1] == "attentions" else 2 * int(match[2])
        return f"middle_block.{number}.{_inner(match[1], match[3])}"
    match = re.match(r"(down|up)_blocks\.(\d)\.(\w+)\.(\d)\.(.+)", key)
    assert match, key
    block, kind, index, rest = int(match[2]), match[3], int(match[4]), match[5]
    if kind == "downsamplers":
        return f"input_blocks.{3 * block + 3}.0.op.{rest.removeprefix('conv.')}"
    if kind == "upsamplers":
        has_attention = any(name.startswith(f"up_blocks.{block}.attentions") for name in state)
        return f"output_blocks.{3 * block + 2}.{2 if has_attention else 1}.{rest}"
    column = 1 if kind == "attentions" else 0
    if match[1] == "down":
        return f"input_blocks.{3 * block + index + 1}.{column}.{_inner(kind, rest)}"
    return f"output_blocks.{3 * block + index}.{column}.{_inner(kind, rest)}"


def _inner(kind: str, rest: str) -> str:
    name, _, leaf = rest.rpartition(".")
    return f"{RESNET[name]}.{leaf}" if kind == "resnets" else rest


def vae_keys(state: State) -> State:
    """VAE keys; the attention's linear layers become 1x1 convolutions."""
    converted = {}
    for key, value in state.items():
        name = re.sub(r"down_blocks\.(\d)\.resnets\.(\d)", r"down.\1.block.\2", key)
        name = re.sub(r"down_blocks\.(\d)\.downsamplers\.0", r"down.\1.downsample", name)
        name = re.sub(r"up_blocks\.(\d)\.resnets\.(\d)", lambda m: f"up.{3 - int(m[1])}.block.{m[2]}", name)
        name = re.sub(r"up_blocks\.(\d)\.upsamplers\.0", lambda m: f"up.{3 - int(m[1])}.upsample", name)
        name = re.sub(r"mid_block\.resnets\.(\d)", lambda m: f"mid.block_{int(m[1]) + 1}", name)
        name = name.replace("conv_norm_out", "norm_out").replace("conv_shortcut", "nin_shortcut")
        if "mid_block.attentions.0" in name:
            name = name.replace("mid_block.attentions.0", "mid.attn_1").replace("group_norm", "norm")
            name = name.replace("to_out.0", "proj_out")
            name = re.sub(r"to_([qkv])", r"\1", name)
            value = value[:, :, None, None] if value.ndim == 2 else value
        converted[name] = value
    return converted


def hugging_face_text(state: State, prefix: str) -> State:
    """Keys of the first text encoder, always below text_model."""
    return {f"{prefix}text_model.{key.removeprefix('text_model.')}": value for key, value in state.items()}


def open_clip_text(state: State, prefix: str) -> State:
    """OpenCLIP's keys: query, key and value in one matrix, the projection transposed."""
    converted, joined = {}, {}
    for key, value in state.items():
        key = key.removeprefix("text_model.")
        if key == "text_projection.weight":
            converted["text_projection"] = value.T
        elif key.startswith("embeddings.token"):
            converted["token_embedding.weight"] = value
        elif key.startswith("embeddings.position"):
            converted["positional_embedding"] = value
        elif key.startswith("final_layer_norm"):
            converted[key.replace("final_layer_norm", "ln_final")] = value
        else:
            layer, rest = re.match(r"encoder\.layers\.(\d+)\.(.+)", key).groups()
            block = f"transformer.resblocks.{layer}"
            if match := re.match(r"self_attn\.([qkv])_proj\.(weight|bias)", rest):
                joined.setdefault(f"{block}.attn.in_proj_{match[2]}", {})[match[1]] = value
            else:
                name, _, leaf = rest.rpartition(".")
                converted[f"{block}.{OPEN_CLIP[name]}.{leaf}"] = value
    for key, parts in joined.items():
        converted[key] = torch.cat([parts[name] for name in "qkv"])
    return {prefix + key: value for key, value in converted.items()}
