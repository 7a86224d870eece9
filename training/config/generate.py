"""A request for pictures: what to draw, with which base model and which trained files."""

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator
from pydantic import Strict as StrictType

from training.config.base_model import POCKET_MODEL
from training.config.strict import FilePath, Strict, Words
from training.errors import GenerateError


class WeightsRequest(Strict):
    """One trained file and how strongly it acts."""

    path: FilePath = Field(description="A LoRA, DoRA or embedding (.safetensors), or a folder with a diffusers LoRA.")
    strength: float = Field(
        1.0,
        ge=0,
        le=1.5,
        description="0 has no effect, 1 is as trained. Lower it when the concept covers up the rest of the prompt.",
    )


class GenerateRequest(Strict):
    """What to draw; everything but the prompts has a default."""

    base_model: str = Field(
        POCKET_MODEL,
        min_length=1,
        description='"pocket", a diffusers folder, one .safetensors file, or a Hub id. Use the model the weights '
        "were trained on, or one of the same family.",
    )
    prompts: Words = Field(min_length=1, description="What to draw, one picture each.")
    negative_prompt: str = Field("", description="What the pictures should not show.")
    seeds: Annotated[tuple[Annotated[int, Field(ge=0, lt=2**32)], ...], StrictType(False)] = Field(
        (0,),
        min_length=1,
        description="Start of all chance: one seed per prompt; fewer are continued by counting up from the last.",
    )
    steps: int = Field(20, ge=1, le=1000, description="Drawing steps per picture; 20 to 30 is usual.")
    guidance: float | None = Field(
        None, ge=0, le=50, description="How strictly the prompt is followed. Empty means what suits the base model."
    )
    width: int | None = Field(None, ge=16, le=4096, description="Pixels. Empty means the base model's own size.")
    height: int | None = Field(None, ge=16, le=4096, description="Pixels. Empty means the base model's own size.")
    weights: Annotated[tuple[WeightsRequest, ...], StrictType(False)] = Field(
        (), description="Trained files to draw with; several act together."
    )
    compare: bool = Field(
        True, description="Also draw the same prompts and seeds without the weights. Needs weights to compare."
    )

    @model_validator(mode="after")
    def _one_seed_at_most_per_prompt(self) -> "GenerateRequest":
        if len(self.seeds) > len(self.prompts):
            raise ValueError(f"there are {len(self.seeds)} seeds for {len(self.prompts)} prompts; repeat the prompts")
        return self

    def seed_of_each_prompt(self) -> list[int]:
        """The given seeds, continued by counting up."""
        missing = len(self.prompts) - len(self.seeds)
        return [*self.seeds, *((self.seeds[-1] + 1 + number) % 2**32 for number in range(missing))]


def load_request(path: Path | str) -> GenerateRequest:
    """Read request.json.

    Raises: GenerateError that lists every problem of the file.
    """
    try:
        content = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise GenerateError(f"The request {path} cannot be read: {error}. Give a JSON file.") from error
    return parse_request(content, str(path))


def parse_request(content: Any, source: str = "request") -> GenerateRequest:
    """Check plain data and return the request.

    Raises: GenerateError that lists every problem.
    """
    try:
        return GenerateRequest.model_validate_json(json.dumps(content, default=str))
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in item['loc']) or 'request'}: {item['msg'].removeprefix('Value error, ')}"
            for item in error.errors(include_url=False)
        )
        raise GenerateError(f"{source} cannot be carried out: {problems}. Correct these settings.") from error
