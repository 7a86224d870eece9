"""What a run shows and keeps while it learns: validation loss, sample pictures, checkpoints."""

from pydantic import Field, model_validator

from training.config.strict import Strict, Words


class ValidationConfig(Strict):
    """The loss on held-out pictures, with the same noise every time so that numbers compare."""

    every: int = Field(
        default=50,
        ge=0,
        description="Steps between two measurements; 0 measures never. Raise it when measuring takes a large "
        "share of the time.",
    )
    timesteps: int = Field(
        default=16,
        ge=1,
        le=1000,
        description="Noise levels tried on each held-out picture, spread evenly. More gives a steadier number and "
        "takes longer.",
    )
    lowest_timestep: int = Field(
        default=50, ge=0, le=999, description="Least noise that is tried. Rarely worth a change."
    )
    highest_timestep: int = Field(
        default=950, ge=0, le=999, description="Most noise that is tried. Rarely worth a change."
    )
    seed: int = Field(
        default=0, ge=0, lt=2**63, description="Start of the fixed noise. Runs compare only when it is the same."
    )

    @model_validator(mode="after")
    def _range_goes_up(self) -> "ValidationConfig":
        if self.highest_timestep < self.lowest_timestep:
            raise ValueError("highest_timestep must not be below lowest_timestep")
        return self


class SampleConfig(Strict):
    """The pictures drawn while it learns, from the same prompts and seeds each time."""

    prompts: Words = Field(
        default=(),
        description="What to draw. Write the trigger or placeholder where it belongs; none means no pictures.",
    )
    every: int = Field(
        default=100,
        ge=0,
        description="Steps between two sets of pictures; 0 draws only before the first and after the last step.",
    )
    negative_prompt: str = Field(
        default="", description="What the pictures should not show. Leave it empty to judge the training alone."
    )
    steps: int = Field(
        default=20, ge=1, le=1000, description="Drawing steps per picture. 20 to 30 is enough to judge a training."
    )
    guidance: float | None = Field(
        default=None,
        ge=0,
        le=50,
        description="How strictly the prompt is followed. Empty means what suits the base model.",
    )
    seed: int = Field(
        default=0,
        ge=0,
        lt=2**32,
        description="Seed of the first picture; each prompt counts one up. Change it for others.",
    )
    width: int | None = Field(
        default=None, ge=16, le=4096, description="Width of the pictures in pixels. Empty means the training size."
    )
    height: int | None = Field(
        default=None, ge=16, le=4096, description="Height of the pictures in pixels. Empty means the training size."
    )


class CheckpointConfig(Strict):
    """The saved states from which a stopped or killed run goes on."""

    every: int = Field(
        default=100,
        ge=1,
        description="Steps between two checkpoints; a crash loses at most that much. Lower it on an unsteady machine.",
    )
    keep: int = Field(
        default=2,
        ge=1,
        description="How many checkpoints stay on disk, the best one by validation loss always among them. "
        "Raise it to compare stages later.",
    )
