"""All that changes while a run learns, in one place, and the way to save and restore it exactly."""

import random
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import torch

from training.data.loader import BatchLoader
from training.errors import CheckpointError, LossNotFinite


@dataclass
class Progress:
    """How far the run is. `micro` batches (with `loss_sum`) are added up already towards the next step.

    `best_loss`, `last_loss` and `baseline_loss` are validation losses.
    """

    step: int = 0
    micro: int = 0
    loss_sum: float = 0.0
    best_step: int | None = None
    best_loss: float | None = None
    last_loss: float | None = None
    baseline_loss: float | None = None


@dataclass
class RunState:
    """Everything that a resumed run needs to go on to the bit; the learning rate follows from the step."""

    trainable: dict[str, torch.nn.Parameter]
    optimizer: torch.optim.Optimizer
    scaler: torch.amp.GradScaler
    loader: BatchLoader
    noise: torch.Generator
    progress: Progress = field(default_factory=Progress)


def capture(state: RunState) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """The state as named CPU tensors and plain JSON.

    Raises: LossNotFinite instead of handing out damaged weights.
    """
    tensors: dict[str, torch.Tensor] = {"rng/torch": torch.get_rng_state(), "rng/noise": state.noise.get_state()}
    for number, value in enumerate(_cuda_states()):
        tensors[f"rng/cuda/{number}"] = value
    for name, parameter in state.trainable.items():
        tensors[f"weight/{name}"] = parameter.detach()
        if parameter.grad is not None:
            tensors[f"gradient/{name}"] = parameter.grad
        for key, value in state.optimizer.state.get(parameter, {}).items():
            tensors[f"optimizer/{name}/{key}"] = value
    # Clones: training goes on in place while the checkpoint is written.
    copies = {name: value.detach().cpu().contiguous().clone() for name, value in tensors.items()}
    _refuse_damaged(copies)
    return copies, {
        "progress": asdict(state.progress),
        "order": state.loader.order.state(),
        "captions_and_flips": _random_state(state.loader.chance.getstate()),
        "python_random": _random_state(random.getstate()),
        "numpy_random": _numpy_state(),
        "scaler": state.scaler.state_dict(),
    }


def restore(state: RunState, tensors: dict[str, torch.Tensor], facts: dict[str, Any]) -> None:
    """Put a captured state back in place.

    Raises: CheckpointError when it belongs to other settings.
    """
    missing = [name for name in state.trainable if f"weight/{name}" not in tensors]
    if missing:
        raise CheckpointError(f"The checkpoint lacks {missing[0]}: it was made by other settings. Start a new run.")
    for name, parameter in state.trainable.items():
        _restore_parameter(state.optimizer, name, parameter, tensors)
    state.progress = Progress(**facts["progress"])
    state.loader.order.restore(facts["order"])
    state.loader.chance.setstate(_as_state(facts["captions_and_flips"]))
    random.setstate(_as_state(facts["python_random"]))
    kind, keys, *rest = facts["numpy_random"]
    np.random.set_state((kind, np.array(keys, dtype=np.uint32), *rest))
    state.scaler.load_state_dict(facts["scaler"])
    state.noise.set_state(tensors["rng/noise"])
    torch.set_rng_state(tensors["rng/torch"])
    cuda = [tensors[name] for name in sorted(tensors) if name.startswith("rng/cuda/")]
    if cuda and torch.cuda.is_available() and torch.cuda.device_count() == len(cuda):
        torch.cuda.set_rng_state_all(cuda)


def _restore_parameter(
    optimizer: torch.optim.Optimizer,
    name: str,
    parameter: torch.nn.Parameter,
    tensors: dict[str, torch.Tensor],
) -> None:
    with torch.no_grad():
        parameter.copy_(tensors[f"weight/{name}"])
    gradient = tensors.get(f"gradient/{name}")
    parameter.grad = None if gradient is None else gradient.to(parameter.device)
    prefix = f"optimizer/{name}/"
    moments = {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
    if moments:
        # AdamW keeps its step counter on the CPU and its moments beside the weights.
        optimizer.state[parameter] = {
            key: value.clone() if key == "step" else value.to(parameter.device) for key, value in moments.items()
        }


def _refuse_damaged(tensors: dict[str, torch.Tensor]) -> None:
    for name, value in tensors.items():
        if value.is_floating_point() and not torch.isfinite(value).all():
            raise LossNotFinite(
                f"The state is not saved because {name} holds NaN or infinite numbers. Lower "
                "optimisation.learning_rate and run again; the last good checkpoint is kept."
            )


def _cuda_states() -> list[torch.Tensor]:
    return torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []


def _random_state(state: tuple[Any, ...]) -> list[Any]:
    return [state[0], list(state[1]), state[2]]


def _as_state(saved: list[Any]) -> tuple[Any, ...]:
    return saved[0], tuple(saved[1]), saved[2]


def _numpy_state() -> list[Any]:
    kind, keys, *rest = np.random.get_state(legacy=True)
    return [kind, [int(key) for key in keys], *rest]
