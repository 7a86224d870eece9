"""Where and in which number format a run computes."""

from contextlib import AbstractContextManager, nullcontext

import torch

from training.config.run_config import RunConfig
from training.errors import ConfigError

PRECISIONS = {"no": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}
DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


def choose_device(wanted: str) -> torch.device:
    """The device that `wanted` names; auto takes the first GPU, else the CPU.

    Raises: ConfigError when the GPU is not there.
    """
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "cpu"
    device = torch.device(wanted)
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise ConfigError(
            f"optimisation.device is {wanted}, but there are {torch.cuda.device_count()} usable GPUs. Set it to auto, "
            "or install a torch build for your GPU."
        )
    return device


def prepare_arithmetic(device: torch.device) -> None:
    """Exact and repeatable sums on the CPU; the fast TF32 units on a GPU."""
    torch.use_deterministic_algorithms(device.type == "cpu")
    # Filling fresh memory guards against kernels that read it before they write it; it costs a tenth of a step, and
    # the tests that compare resumed runs bit by bit would meet such a kernel.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    if device.type == "cuda":
        torch.set_float32_matmul_precision("high")
        torch.backends.cudnn.allow_tf32 = True


def base_dtype(config: RunConfig, device: torch.device) -> torch.dtype:
    """Number format of the frozen base weights.

    Raises: ConfigError when the device cannot compute in it.
    """
    precision = config.optimisation.mixed_precision
    if device.type == "cpu" and (precision == "fp16" or config.base.dtype == "float16"):
        raise ConfigError(
            "A CPU cannot train in float16. Set optimisation.mixed_precision to no and base.dtype to auto."
        )
    if config.base.dtype != "auto":
        return DTYPES[config.base.dtype]
    return PRECISIONS[precision]


def autocast(config: RunConfig, device: torch.device) -> AbstractContextManager[None]:
    """The context of forward passes: mixed precision where it is asked for."""
    precision = config.optimisation.mixed_precision
    if precision == "no" and base_dtype(config, device) is torch.float32:
        return nullcontext()
    # A half-precision base with mixed precision off still meets float32 adapters, and autocast joins the two.
    dtype = PRECISIONS[precision] if precision != "no" else base_dtype(config, device)
    return torch.autocast(device.type, dtype=dtype)


def gradient_scaler(config: RunConfig, device: torch.device) -> torch.amp.GradScaler:
    """Scales the loss up so that small float16 gradients do not vanish; does nothing in other formats."""
    return torch.amp.GradScaler(device.type, enabled=config.optimisation.mixed_precision == "fp16")
