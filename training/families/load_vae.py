"""A VAE to use instead of the base model's own."""

from pathlib import Path

import torch
from diffusers import AutoencoderKL

from training.errors import ModelError
from training.families.load_parts import CONFIG_FOLDERS
from training.weights.read_header import read_safetensors_header


def load_vae(path: str | Path) -> AutoencoderKL:
    """A float32 VAE from a diffusers folder (or its vae/ subfolder) or one .safetensors file.

    Raises:
        ModelError: there is no VAE at this place.
    """
    path = Path(path)
    if path.is_file():
        return _from_file(path)
    for folder in (path, path / "vae"):
        if (folder / "config.json").is_file():
            return AutoencoderKL.from_pretrained(
                str(folder), dtype=torch.float32, use_safetensors=True, local_files_only=True
            )
    raise ModelError(f"There is no VAE at {path}. Give a folder with its config.json or a .safetensors file.")


def _from_file(path: Path) -> AutoencoderKL:
    read_safetensors_header(path)
    return AutoencoderKL.from_single_file(
        str(path), config=str(CONFIG_FOLDERS / "sd1"), subfolder="vae", dtype=torch.float32
    )
