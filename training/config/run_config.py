"""All settings of one run in one strict, frozen tree."""

import re
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from training.config.base_model import BaseModelConfig
from training.config.data import DataConfig
from training.config.optimisation import OptimisationConfig
from training.config.output import OutputConfig
from training.config.reports import CheckpointConfig, SampleConfig, ValidationConfig
from training.config.strict import Strict
from training.methods.lora.config import LoraConfig
from training.methods.textual_inversion.config import TextualInversionConfig

MethodConfig = Annotated[LoraConfig | TextualInversionConfig, Field(discriminator="method")]


class RunConfig(Strict):
    """Everything that decides what a run makes; the same config and export give the same weights."""

    name: str = Field(
        description="Name of the weights files. Other programs take it as the trigger of an embedding, so "
        "keep it short and plain.",
    )
    base: BaseModelConfig = Field(default=BaseModelConfig(), description="The base model that is taught.")
    data: DataConfig = Field(description="The pictures and captions, and how they are fed.")
    method: MethodConfig = Field(description="What is learned: a concept model or an embedding.")
    optimisation: OptimisationConfig = Field(
        default=OptimisationConfig(), description="How long, how fast and how exactly it learns."
    )
    validation: ValidationConfig = Field(
        default=ValidationConfig(), description="The loss on pictures that are not trained on."
    )
    samples: SampleConfig = Field(default=SampleConfig(), description="The pictures drawn while it learns.")
    checkpoints: CheckpointConfig = Field(
        default=CheckpointConfig(), description="How often the state is saved, and how much of it is kept."
    )
    output: OutputConfig = Field(default=OutputConfig(), description="The weights files at the end.")

    @field_validator("name")
    @classmethod
    def _is_a_file_name(cls, name: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name):
            raise ValueError("must be 1 to 64 letters, digits, dots, hyphens or underscores, a letter or digit first")
        return name

    @model_validator(mode="after")
    def _settings_fit_together(self) -> "RunConfig":
        if self.optimisation.warmup_steps >= self.optimisation.steps:
            raise ValueError(
                f"optimisation.warmup_steps ({self.optimisation.warmup_steps}) must be less than "
                f"optimisation.steps ({self.optimisation.steps}); shorten the warm-up"
            )
        return self
