"""Every knob of a concept model."""

from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic import Strict as StrictType

from training.config.strict import Strict

Target = Literal["attention", "feed_forward", "projections", "convolutions"]


class LoraConfig(Strict):
    """A concept model: LoRA or DoRA adapters on the UNet and, if wanted, the text encoders."""

    method: Literal["lora"] = Field(default="lora", description="Names the method; always lora here.")
    rank: int = Field(
        default=16,
        ge=1,
        le=1024,
        description="Width of the adapters. Raise it when the result misses detail, lower it when the result "
        "copies the pictures; a larger rank makes a larger file.",
    )
    alpha: float = Field(
        default=16.0,
        gt=0,
        description="Strength of the adapters is alpha divided by rank. Keep it equal to the rank; a change acts "
        "like a change of the learning rate, so never change it alone.",
    )
    targets: Annotated[tuple[Target, ...], StrictType(False)] = Field(
        default=("attention", "feed_forward"),
        description="The UNet layers that get adapters: attention, feed_forward, projections, convolutions. Add "
        "convolutions for a drawing style; attention and feed_forward are enough for most objects.",
    )
    dora: bool = Field(
        default=False,
        description="DoRA: learn the length of each weight row apart from its direction. Slower by about a third; "
        "try it when a small rank is not faithful enough.",
    )
    dropout: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description="Share of adapter inputs switched off at random in each step. Raise it to about 0.1 when a "
        "small set is learned by heart.",
    )
    train_text_encoder: bool = Field(
        default=False,
        description="Also put adapters on the text encoders. Helps a new object or face take to its trigger; "
        "costs time and memory and tends to overfit styles.",
    )
    text_encoder_learning_rate: float | None = Field(
        default=None,
        gt=0,
        description="Learning rate of the text encoder adapters. Empty means half of the main learning rate; "
        "lower it when prompts beside the trigger stop working.",
    )

    @field_validator("targets")
    @classmethod
    def _some_targets_each_once(cls, targets: tuple[Target, ...]) -> tuple[Target, ...]:
        if not targets:
            raise ValueError("must name at least one kind of layer")
        if len(set(targets)) < len(targets):
            raise ValueError("names a kind of layer twice; name each once")
        return targets
