"""Tell which family a base model belongs to, from configs and file headers alone (no torch)."""

from dataclasses import replace
from pathlib import Path

from training.config.base_model import POCKET_MODEL
from training.errors import ModelError, TrainingError
from training.families.detect_file import info_from_file
from training.families.detect_folder import info_from_folder
from training.families.hub import folder_of_hub_model, looks_like_hub_id
from training.families.info import FamilyInfo

POCKET_FOLDER = Path(__file__).parent / "pocket"
POCKET_LABEL = "Pocket emoji (built in)"


def detect_family(base_model: str) -> FamilyInfo:
    """Family and sizes of "pocket", a diffusers folder, one .safetensors file or a Hub id.

    Reads JSON configs and safetensors headers only. A Hub id is looked up in the local cache first; its small
    config files (never weights) are fetched when they are not there.

    Raises:
        ModelError: there is no such model, or it cannot be trained here; the message says why.
    """
    if base_model == POCKET_MODEL:
        return replace(
            info_from_folder(POCKET_FOLDER, base_model),
            label=POCKET_LABEL,
            source="pocket",
            default_guidance=3.0,
        )
    path = Path(base_model).expanduser()
    if path.is_dir():
        return info_from_folder(path, base_model)
    if path.is_file():
        return info_from_file(path, base_model)
    if looks_like_hub_id(base_model):
        return replace(info_from_folder(folder_of_hub_model(base_model), base_model), source="hub")
    raise ModelError(
        f'There is no base model "{base_model}". Give "{POCKET_MODEL}", a diffusers folder, a .safetensors '
        "file, or a Hub id such as owner/name."
    )


def list_base_models(home: Path) -> list[FamilyInfo]:
    """The embedded model, then every usable folder and .safetensors file directly under `<home>/models`.

    Entries that are no base models (a LoRA, say) are left out: `detect_family` on their path tells why.
    """
    found = [detect_family(POCKET_MODEL)]
    folder = Path(home) / "models"
    if not folder.is_dir():
        return found
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or not (path.is_dir() or path.suffix == ".safetensors"):
            continue
        try:
            found.append(detect_family(str(path)))
        except TrainingError:
            continue
    return found
