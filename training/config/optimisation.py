"""How long, how fast and how exactly a run learns."""

import re
from typing import Literal

from pydantic import Field, field_validator

from training.config.strict import Strict


class OptimisationConfig(Strict):
    """The optimiser (AdamW) and the arithmetic around it."""

    steps: int = Field(
        default=1000,
        ge=1,
        le=100_000_000,
        description="How many times the weights are changed. More learns closer to the pictures and, past a "
        "point, learns them by heart; watch the validation loss.",
    )
    learning_rate: float = Field(
        default=1e-4,
        gt=0,
        le=10,
        description="Size of each change. Lower it when samples fall apart, raise it when they stay like the base "
        "model; it belongs together with rank, alpha and steps.",
    )
    schedule: Literal["constant", "cosine"] = Field(
        default="cosine",
        description="cosine lowers the learning rate to nothing towards the end, which settles small sets; "
        "constant suits runs that may be stopped at any time.",
    )
    warmup_steps: int = Field(
        default=0,
        ge=0,
        description="Steps in which the learning rate climbs from nothing. Raise it when the first samples after "
        "the start are damaged.",
    )
    weight_decay: float = Field(
        default=0.01,
        ge=0,
        le=1,
        description="Pull of all learned weights towards nothing. Rarely worth a change.",
    )
    accumulate: int = Field(
        default=1,
        ge=1,
        le=1_000_000,
        description="Batches added up before the weights change. Raise it for the effect of a larger batch when "
        "memory is short; a step then takes that many times as long.",
    )
    max_grad_norm: float = Field(
        default=1.0,
        gt=0,
        description="Longest allowed gradient; longer ones are shortened to it. Lower it when the loss jumps.",
    )
    seed: int = Field(
        default=0,
        ge=0,
        lt=2**63,
        description="Start of all chance. The same seed gives the same weights; change it for another try.",
    )
    min_snr_gamma: float | None = Field(
        default=None,
        gt=0,
        description="Limits how much nearly clean pictures count in the loss; 5 is usual on large models. Empty "
        "counts all noise levels alike.",
    )
    noise_offset: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Adds a little brightness to the noise so that very dark or bright pictures can be learned. "
        "About 0.05 when that is wanted, else 0.",
    )
    mixed_precision: Literal["no", "bf16", "fp16"] = Field(
        default="no",
        description="Arithmetic of the forward pass. bf16 halves memory on recent GPUs, fp16 on older ones; no is "
        "exact and the only sensible choice on a CPU.",
    )
    gradient_checkpointing: bool = Field(
        default=False,
        description="Compute parts of the network twice to save memory. Switch it on when memory runs out; a step "
        "takes about a third longer.",
    )
    channels_last: bool = Field(
        default=False,
        description="Another order of numbers in memory that recent GPUs work faster with. Try it when speed "
        "matters; results differ in the last digits.",
    )
    device: str = Field(
        default="auto",
        description="Where to compute: auto takes the GPU when there is one; cpu or cuda:1 choose by hand.",
    )

    @field_validator("device")
    @classmethod
    def _is_a_device(cls, device: str) -> str:
        if not re.fullmatch(r"auto|cpu|cuda(:\d+)?", device):
            raise ValueError("must be auto, cpu, cuda, or cuda:1 for the second GPU")
        return device
