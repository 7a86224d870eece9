"""The learning rate as a function of the step alone, so that a resumed run needs no scheduler state."""

import math

from training.config.optimisation import OptimisationConfig


def rate_factor(step: int, settings: OptimisationConfig) -> float:
    """What the learning rate is multiplied by in `step` (0 is the first), from 0 to 1."""
    warmup = settings.warmup_steps
    if step < warmup:
        return (step + 1) / (warmup + 1)
    if settings.schedule == "constant":
        return 1.0
    done = (step - warmup) / (settings.steps - warmup)
    return 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
