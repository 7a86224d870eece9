"""What every group of settings has in common: frozen, unknown keys refused, no silent conversion."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict
from pydantic import Strict as StrictType

# JSON and YAML know neither paths nor tuples, so these two convert.
FilePath = Annotated[Path, StrictType(False)]
Words = Annotated[tuple[str, ...], StrictType(False)]


class Strict(BaseModel):
    """Base of all settings: a typing mistake is an error, never a silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False, validate_default=True)
