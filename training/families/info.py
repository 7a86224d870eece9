"""What is known about a base model before any weight is loaded."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FamilyName = Literal["sd1", "sd2", "sdxl"]
FAMILY_LABELS: dict[str, str] = {
    "sd1": "Stable Diffusion 1.x",
    "sd2": "Stable Diffusion 2.x",
    "sdxl": "Stable Diffusion XL",
}


@dataclass(frozen=True)
class FamilyInfo:
    """One base model: its architecture, where it lies, and the sizes it was made for.

    `resolution` and `bucket_step` are in pixels. `vae_scale` is pixels per latent. `text_widths` holds the
    width of each text encoder's embedding table, `cross_attention_width` what the UNet attends to.
    """

    name: FamilyName
    label: str
    base_model: str
    source: Literal["pocket", "folder", "file", "hub"]
    path: Path | None
    resolution: int
    bucket_step: int
    vae_scale: int
    latent_channels: int
    prediction_type: Literal["epsilon", "v_prediction"]
    cross_attention_width: int
    text_widths: tuple[int, ...]
    default_guidance: float

    @property
    def num_text_encoders(self) -> int:
        """1 for Stable Diffusion 1.x and 2.x, 2 for XL."""
        return len(self.text_widths)


def bucket_step_for(resolution: int, vae_scale: int, unet_blocks: int) -> int:
    """Side lengths must be multiples of this many pixels: 64 for models of usual size, less for small ones."""
    smallest = vae_scale * 2 ** (unet_blocks - 1)
    return max(smallest, 64) if resolution >= 256 else smallest
