"""What the loop asks of a method; nothing else differs between them."""

import random
from pathlib import Path
from typing import Any, Protocol

import torch

from training.config.run_config import RunConfig
from training.data.read_dataset import Dataset, Row
from training.families.family import Family


class Method(Protocol):
    """Something that can be taught to a loaded base model.

    `trainable` names every learned parameter (float32) in a fixed order. `live_text` says that captions must be
    encoded anew in each step because the text encoder or its input is learned.
    """

    trainable: dict[str, torch.nn.Parameter]
    live_text: bool

    def groups(self, rate: float) -> list[dict[str, Any]]:
        """Parameter groups for the optimiser, each with its own peak learning rate as `lr`."""

    def caption(self, row: Row, chance: random.Random) -> str:
        """The text a picture is trained with; `chance` decides where there is a choice."""

    def validation_caption(self, row: Row) -> str:
        """The text a held-out picture is measured with."""

    def baseline_caption(self, row: Row) -> str:
        """The text the untouched base model is measured with."""

    def sample_prompt(self, prompt: str, baseline: bool) -> str:
        """A sample prompt as it is drawn, by the base model before training when `baseline` is set."""

    def train_mode(self, on: bool) -> None:
        """Switch dropout and gradient checkpointing on for steps and off for measuring and drawing."""

    def save(self, folder: Path, name: str, metadata: dict[str, str]) -> list[Path]:
        """Write the final weights files into `folder` and return them."""


def create_method(config: RunConfig, family: Family, dataset: Dataset) -> Method:
    """Prepare the base model for the method in `config` and return what is trained.

    Raises: ConfigError when the settings do not fit the base model.
    """
    if config.method.method == "lora":
        from training.methods.lora.train import LoraTraining

        return LoraTraining(family, config.method, config.optimisation.gradient_checkpointing)
    from training.methods.textual_inversion.train import TextualInversionTraining

    checkpointing = config.optimisation.gradient_checkpointing
    return TextualInversionTraining(family, config.method, dataset.trigger, checkpointing)


def checkpoint_gradients(family: Family, text_too: bool) -> None:
    """Make UNet and, if asked, text encoders compute activations twice instead of keeping them."""
    family.unet.enable_gradient_checkpointing()
    if text_too:
        for encoder in family.text_encoders:
            encoder.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
