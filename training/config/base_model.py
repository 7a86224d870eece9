"""Which base model a run starts from."""

from typing import Literal

from pydantic import Field

from training.config.strict import FilePath, Strict

POCKET_MODEL = "pocket"


class BaseModelConfig(Strict):
    """The base model: what is loaded, frozen, and taught something new."""

    model: str = Field(
        default=POCKET_MODEL,
        min_length=1,
        description='The base model: "pocket" (embedded, 64 px), a diffusers folder, one .safetensors file, '
        "or a Hub id such as owner/name. Change it to the model you will draw with later.",
    )
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = Field(
        default="auto",
        description="Number format of the frozen base weights. auto follows the mixed precision setting; "
        "choose float32 for exactness, bfloat16 to halve the memory on a recent GPU.",
    )
    vae: FilePath | None = Field(
        default=None,
        description="A VAE to use instead of the base model's own: a diffusers folder or one .safetensors "
        "file. Set it when the model's own VAE gives black or washed-out pictures.",
    )
