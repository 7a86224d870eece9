"""Write an adapter in both layouts, and read it back from either."""

from pathlib import Path

from training.errors import WeightsError
from training.families.info import FamilyInfo
from training.weights.lora_content import DOWN, LoraContent, State, module_of, tidy_state
from training.weights.lora_diffusers import FILE_NAME, from_diffusers, to_diffusers
from training.weights.lora_kohya import from_kohya, to_kohya
from training.weights.model_hashes import with_hashes
from training.weights.safetensors_file import read_tensors, write_tensors


def save_lora(
    family_info: FamilyInfo,
    state: dict[str, State],
    rank: int,
    alpha: float,
    path_kohya: Path,
    folder_diffusers: Path,
    metadata: dict[str, str],
) -> None:
    """Write the kohya file and `<folder_diffusers>/pytorch_lora_weights.safetensors`.

    `state` maps "unet", "text_encoder" and "text_encoder_2" to what `get_peft_model_state_dict` gives; empty
    parts may be left out.

    Raises:
        WeightsError: there are no tensors, or some hold NaN or infinity.
        CannotWrite: the place is full or read-only.
    """
    parts = {part: tidy_state(part, tensors) for part, tensors in state.items() if tensors}
    if not parts:
        raise WeightsError(f"{path_kohya.name} was not written: the adapter has no tensors. Choose more targets.")
    alphas = {
        f"{part}.{module_of(key)}": float(alpha) for part, keys in parts.items() for key in keys if key.endswith(DOWN)
    }
    content = LoraContent(parts=parts, alphas=alphas, metadata=metadata)
    tensors, header = to_diffusers(content, rank, alpha)
    write_tensors(folder_diffusers / FILE_NAME, tensors, header)
    kohya = to_kohya(content, family_info.name)
    write_tensors(path_kohya, kohya, with_hashes(kohya, metadata))


def read_lora(path: str | Path) -> LoraContent:
    """The adapter of a kohya or diffusers file, or of a folder that holds the latter.

    Raises:
        WeightsError: the file is broken, or holds something else than a LoRA or DoRA.
    """
    path = Path(path)
    if path.is_dir():
        path = path / FILE_NAME
    tensors, metadata = read_tensors(path)
    is_kohya = any(key.startswith(("lora_unet_", "lora_te")) for key in tensors)
    try:
        content, unknown = (from_kohya if is_kohya else from_diffusers)(tensors, metadata)
    except ValueError as error:
        raise WeightsError(f"{path} cannot be used: {error}. Save it per output feature.") from error
    if unknown or not content.parts:
        shown = f" ({unknown[0]})" if unknown else ""
        raise WeightsError(
            f"{path} is no LoRA that is understood here: {len(unknown)} of its {len(tensors)} tensors have "
            f"unknown names{shown}. Give a LoRA or DoRA in kohya or diffusers layout."
        )
    return content


def load_lora_state(path: str | Path) -> dict[str, State]:
    """The adapter's tensors per part under PEFT's names, text encoders below `text_model.`.

    `state_for_module` brings a part into the spelling of a live module.

    Raises:
        WeightsError: as `read_lora`.
    """
    return read_lora(path).parts
