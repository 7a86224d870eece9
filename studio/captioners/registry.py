"""Which captioner is meant: the embedded one, a folder, or a repository of the Hugging Face Hub."""

from __future__ import annotations

import importlib.util
import json
import os
import re
from pathlib import Path

from studio.captioners.captioner import Captioner
from studio.errors import BadInput, ModelsMissing

POCKET_CAPTIONER = "pocket"
POCKET_FOLDER = Path(__file__).parent / "pocket"

CAPTIONERS = {
    POCKET_CAPTIONER: "Built in, for the example's drawings only; no download",
    "Salesforce/blip-image-captioning-base": "BLIP base, for photos and drawings of any kind; 1 GB, once",
    "Salesforce/blip-image-captioning-large": "BLIP large, longer captions and slower; 1.9 GB, once",
}
"""Captioners offered by name, with what a person should know of them."""

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")


def load_captioner(name: str = POCKET_CAPTIONER) -> Captioner:
    """Load the captioner of this name: `pocket`, a folder, or a Hub id.

    Raises: BadInput when there is no such captioner or it is of another family; ModelsMissing without torch.
    """
    for package in ("torch", "transformers"):
        if importlib.util.find_spec(package) is None:
            raise ModelsMissing("Captioning", package)
    # Threads that wait by spinning slow each other down when anything else computes; read once, when torch loads.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from studio.captioners.blip import BlipCaptioner

    if name == POCKET_CAPTIONER:
        return BlipCaptioner(str(POCKET_FOLDER), name=POCKET_CAPTIONER)
    folder = Path(name).expanduser()
    if folder.is_dir():
        return BlipCaptioner(str(_checked(folder)), name=folder.resolve().name)
    if _HUB_ID.fullmatch(name):
        return BlipCaptioner(name, name=name)
    raise BadInput(
        f"{name}: no captioner of this name, and no folder. Use pocket, a folder, or a Hub id such as "
        "Salesforce/blip-image-captioning-base."
    )


def _checked(folder: Path) -> Path:
    """The folder when it holds a BLIP model in safetensors.

    Raises: BadInput.
    """
    try:
        kind = json.loads((folder / "config.json").read_bytes()).get("model_type")
    except (OSError, ValueError, AttributeError) as error:
        raise BadInput(f"{folder}: holds no readable config.json, so it is no captioner. Check the path.") from error
    if kind != "blip":
        raise BadInput(f"{folder}: holds a model of the family {kind!r}. Captioning needs a BLIP model.")
    if not any(folder.glob("*.safetensors")):
        raise BadInput(
            f"{folder}: holds no .safetensors file, and other kinds of weights are never opened. Convert it."
        )
    return folder
