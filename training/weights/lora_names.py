"""Names of the same adapter in three dialects: PEFT's dotted paths, kohya's underscores, SGM block numbers.

kohya names a module `lora_unet_` + its path with underscores. For Stable Diffusion 1.x and 2.x the path is
that of diffusers (`down_blocks_0_attentions_0_...`), for XL that of the original SGM code
(`input_blocks_4_1_...`).
"""

import re

TEXT_PREFIXES = {"text_encoder": "lora_te1_", "text_encoder_2": "lora_te2_"}
XL_LAYERS = 2  # resnets per block of every XL UNet; the SGM block numbers count with it

# Names that hold underscores of their own, which must survive the way back from kohya's underscores.
WORDS = (
    "down_blocks", "up_blocks", "mid_block", "transformer_blocks", "to_q", "to_k", "to_v", "to_out", "proj_in",
    "proj_out", "time_emb_proj", "conv_in", "conv_out", "conv_shortcut", "time_embedding", "add_embedding",
    "linear_1", "linear_2", "text_model", "self_attn", "q_proj", "k_proj", "v_proj", "out_proj", "layer_norm1",
    "layer_norm2", "token_embedding", "position_embedding", "final_layer_norm", "text_projection",
)  # fmt: skip

RESNET_TO_SGM = {
    "conv1": "in_layers.2",
    "conv2": "out_layers.3",
    "time_emb_proj": "emb_layers.1",
    "conv_shortcut": "skip_connection",
}
OUTER_TO_SGM = {
    "conv_in": "input_blocks.0.0",
    "conv_out": "out.2",
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
}
BLOCK = re.compile(r"^(down|up)_blocks\.(\d+)\.(resnets|attentions|downsamplers|upsamplers)\.(\d+)\.(.+)$")
MIDDLE = re.compile(r"^mid_block\.(resnets|attentions)\.(\d+)\.(.+)$")
SGM_BLOCK = re.compile(r"^(input|output)_blocks_(\d+)_(\d+)_(.+)$")
SGM_MIDDLE = re.compile(r"^middle_block_(\d)_(.+)$")


def kohya_prefix(part: str, family: str) -> str:
    """kohya's prefix of a part ("unet", "text_encoder", "text_encoder_2") for a family."""
    if part == "unet":
        return "lora_unet_"
    return TEXT_PREFIXES[part] if family == "sdxl" else "lora_te_"


def part_of(kohya_name: str) -> tuple[str, str] | None:
    """Part and rest of a kohya module name; None when the prefix is unknown."""
    prefixes = {
        "lora_unet_": "unet",
        "lora_te_": "text_encoder",
        "lora_te1_": "text_encoder",
        "lora_te2_": "text_encoder_2",
    }
    for prefix, part in prefixes.items():
        if kohya_name.startswith(prefix):
            return part, kohya_name.removeprefix(prefix)
    return None


def kohya_module(path: str, part: str, family: str) -> str:
    """A dotted module path as kohya's module name, prefix included."""
    if part == "unet" and family == "sdxl":
        path = sgm_path(path)
    elif part != "unet":
        path = with_text_model(path)
    return kohya_prefix(part, family) + path.replace(".", "_")


def peft_module(name: str, part: str) -> str:
    """The dotted diffusers path of a kohya module name without its prefix, whichever block names it has."""
    if part == "unet" and re.match(r"(input_blocks|output_blocks|middle_block|time_embed|label_emb|out)_\d", name):
        name = _underscored_diffusers_name(name)
    for word in WORDS:
        name = re.sub(rf"(?<![a-z0-9]){word}(?![a-z0-9])", word.replace("_", "\0"), name)
    return name.replace("_", ".").replace("\0", "_")


def with_text_model(path: str) -> str:
    """A text encoder's module path as files state it: below `text_model`, however the installed library nests it."""
    return path if path.startswith(("text_model.", "text_projection")) else f"text_model.{path}"


def sgm_path(path: str) -> str:
    """A diffusers module path of the XL UNet in the block numbers of the SGM code."""
    if path in OUTER_TO_SGM:
        return OUTER_TO_SGM[path]
    if match := MIDDLE.match(path):
        kind, index, rest = match[1], int(match[2]), match[3]
        number = 1 if kind == "attentions" else 2 * index
        return f"middle_block.{number}.{_inner(kind, rest)}"
    match = BLOCK.match(path)
    if match is None:
        raise KeyError(path)
    return _sgm_block(match[1], int(match[2]), match[3], int(match[4]), match[5])


def _sgm_block(side: str, block: int, kind: str, index: int, rest: str) -> str:
    width = XL_LAYERS + 1
    if kind == "downsamplers":
        return f"input_blocks.{width * (block + 1)}.0.op"
    if kind == "upsamplers":
        return f"output_blocks.{width * block + XL_LAYERS}.2.{rest}"
    number = width * block + index + (1 if side == "down" else 0)
    column = 1 if kind == "attentions" else 0
    return f"{'input' if side == 'down' else 'output'}_blocks.{number}.{column}.{_inner(kind, rest)}"


def _inner(kind: str, rest: str) -> str:
    return RESNET_TO_SGM.get(rest, rest) if kind == "resnets" else rest


def _underscored_diffusers_name(name: str) -> str:
    """An SGM module name with underscores, in diffusers' block names with underscores."""
    for ours, theirs in OUTER_TO_SGM.items():
        if name == theirs.replace(".", "_"):
            return ours.replace(".", "_")
    if match := SGM_MIDDLE.match(name):
        number, rest = int(match[1]), match[2]
        kind = "attentions_0" if number == 1 else f"resnets_{number // 2}"
        return f"mid_block_{kind}_{_outer(kind, rest)}"
    match = SGM_BLOCK.match(name)
    if match is None:
        return name
    number, column, rest = int(match[2]), int(match[3]), match[4]
    side = "down" if match[1] == "input" else "up"
    block, index = divmod(number - (1 if side == "down" else 0), XL_LAYERS + 1)
    if rest == "op":
        return f"down_blocks_{block}_downsamplers_0_conv"
    if rest == "conv":
        return f"up_blocks_{block}_upsamplers_0_conv"
    kind = "attentions" if column == 1 else "resnets"
    return f"{side}_blocks_{block}_{kind}_{index}_{_outer(kind, rest)}"


def _outer(kind: str, rest: str) -> str:
    back = {sgm.replace(".", "_"): ours for ours, sgm in RESNET_TO_SGM.items()}
    return back.get(rest, rest) if kind.startswith("resnets") else rest
