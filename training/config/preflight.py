"""Look for trouble before a run starts: dataset, words, model, device, disk, memory, time. Loads no torch."""

from collections.abc import Callable

from training.config.check import Check
from training.config.check_dataset import check_captions, check_pictures, check_splits
from training.config.check_machine import check_device, check_disk, check_memory, check_packages, check_time
from training.config.check_words import check_placeholder, check_start_words, check_token_counts, check_trigger
from training.config.run_config import RunConfig
from training.data.read_dataset import Dataset, read_dataset
from training.errors import TrainingError
from training.families import detect_family
from training.families.info import FamilyInfo

CHECKS: list[Callable[[RunConfig, Dataset, FamilyInfo], list[Check]]] = [
    check_captions,
    check_trigger,
    check_placeholder,
    check_start_words,
    check_token_counts,
    check_pictures,
    check_splits,
    check_packages,
    check_device,
    check_memory,
    check_disk,
    check_time,
]


def preflight(config: RunConfig) -> list[Check]:
    """All checks of `config`; one with level "error" means that the run would fail or teach nothing."""
    checks: list[Check] = []
    try:
        dataset = read_dataset(config.data.path, config.data.image_column, config.data.caption_column)
    except TrainingError as error:
        checks.append(Check("error", "The dataset cannot be read", str(error), "Export the dataset again."))
    try:
        info = detect_family(config.base.model)
    except TrainingError as error:
        checks.append(Check("error", "The base model cannot be used", str(error), "Choose another base model."))
    if checks:
        return checks
    return [result for check in CHECKS for result in check(config, dataset, info)]
