"""The one loop: batches, loss, backward, step, log, save."""

import math
from typing import Literal

import torch

from training.data.loader import Batch
from training.device import autocast
from training.errors import LossNotFinite
from training.loss import denoising_loss, draw_noise
from training.reports import Reporter
from training.schedule import rate_factor
from training.set_up import Lesson


def train(lesson: Lesson, reporter: Reporter) -> Literal["finished", "stopped"]:
    """Learn until the last step or until the run is asked to stop; the state is saved in both cases.

    Raises: LossNotFinite within one step of the first NaN; the last good checkpoint stays.
    """
    settings, state = lesson.config.optimisation, lesson.state
    if not reporter.stop_asked():
        reporter.before_first_step()
    while state.progress.step < settings.steps:
        while state.progress.micro < settings.accumulate:
            if reporter.stop_asked():
                reporter.save()
                return "stopped"
            loss = batch_loss(lesson, state.loader.next_batch())
            state.progress.loss_sum += finite(loss.item(), state.progress.step + 1)
            state.scaler.scale(loss / settings.accumulate).backward()
            state.progress.micro += 1
        rate = set_rate(lesson)
        take_step(lesson)
        mean_loss = state.progress.loss_sum / settings.accumulate
        state.progress.step += 1
        state.progress.micro, state.progress.loss_sum = 0, 0.0
        reporter.after_step(mean_loss, rate)
    return "finished"


def batch_loss(lesson: Lesson, batch: Batch) -> torch.Tensor:
    """The mean loss of one batch at freshly drawn noise and noise levels."""
    settings, state, device = lesson.config.optimisation, lesson.state, lesson.device
    noise = draw_noise(batch.latents, settings.noise_offset, state.noise)
    levels = lesson.family.noise_scheduler.config.num_train_timesteps
    timesteps = torch.randint(0, levels, (len(batch.captions),), generator=state.noise)
    with autocast(lesson.config, device):
        losses = denoising_loss(
            lesson.family,
            batch.latents.to(device),
            noise.to(device),
            timesteps.to(device),
            lesson.conditions.get(batch.captions),
            batch.sizes.to(device),
            settings.min_snr_gamma,
        )
    return losses.mean()


def set_rate(lesson: Lesson) -> float:
    """Give every parameter group its learning rate for this step and return the first one."""
    factor = rate_factor(lesson.state.progress.step, lesson.config.optimisation)
    groups = lesson.state.optimizer.param_groups
    for group in groups:
        group["lr"] = group["peak"] * factor
    return float(groups[0]["lr"])


def take_step(lesson: Lesson) -> None:
    """Shorten the gradients, change the weights once, and forget the gradients."""
    state, step = lesson.state, lesson.state.progress.step + 1
    state.scaler.unscale_(state.optimizer)
    norm = torch.nn.utils.clip_grad_norm_(state.trainable.values(), lesson.config.optimisation.max_grad_norm).item()
    if not state.scaler.is_enabled():
        finite(norm, step)
    # With float16 a first overflow is normal: the scaler leaves the step out and scales less from then on.
    state.scaler.step(state.optimizer)
    state.scaler.update()
    if state.scaler.is_enabled() and state.scaler.get_scale() < 1.0:
        finite(math.nan, step)
    state.optimizer.zero_grad(set_to_none=True)


def finite(value: float, step: int) -> float:
    """`value`, unless it is NaN or infinite.

    Raises: LossNotFinite that says what helps.
    """
    if math.isfinite(value):
        return value
    raise LossNotFinite(
        f"Step {step} gave a loss or gradient that is not a number, so nothing of it was kept. The learning rate is "
        "most likely too high: lower optimisation.learning_rate, or use bf16 or no mixed precision instead of fp16, "
        "and start a new run. The last checkpoint before it is intact."
    )
