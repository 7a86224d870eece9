"""From an export to weights: the training half of Concept Studio. Importing this package loads no torch.

This is the whole of what the rest of the program may use. Names are looked up on first use, so that importing the
package costs nothing; the parts that compute run as their own process (`run_command`, `generate_command`).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from training.errors import (
    CannotWrite,
    CheckpointError,
    ConfigError,
    DataError,
    GenerateError,
    ModelError,
    RunError,
    TrainingError,
    WeightsError,
)

if TYPE_CHECKING:
    from training.atomic_files import (
        fsync_folder,
        remove_leftovers,
        stage_folder,
        write_bytes_atomic,
        write_json_atomic,
        write_text_atomic,
    )
    from training.config.base_model import POCKET_MODEL, BaseModelConfig
    from training.config.check import Check
    from training.config.config_file import load_config, parse_config, write_config
    from training.config.data import DataConfig
    from training.config.explain import explain_config
    from training.config.generate import GenerateRequest
    from training.config.optimisation import OptimisationConfig
    from training.config.preflight import preflight
    from training.config.presets import merged, placeholder_for, suggest_config
    from training.config.reports import CheckpointConfig, SampleConfig, ValidationConfig
    from training.config.run_config import RunConfig
    from training.contact_sheet import SheetRow, contact_sheet
    from training.data.buckets import Bucket, CropBox, buckets_around, crop_to_fill, nearest_bucket
    from training.data.captions import bare, with_placeholder
    from training.families.detect import detect_family, list_base_models
    from training.families.info import FamilyInfo
    from training.methods.lora.config import LoraConfig
    from training.methods.textual_inversion.config import TextualInversionConfig
    from training.run_folder import create_run, forget_stop, generate_command, request_stop, run_command
    from training.run_view import RunView, list_runs, read_run
    from training.tokens import count_tokens
    from training.weights.read_header import read_weights_header

_HOMES = {
    "training.atomic_files": (
        "fsync_folder remove_leftovers stage_folder write_bytes_atomic write_json_atomic write_text_atomic"
    ),
    "training.config.base_model": "POCKET_MODEL BaseModelConfig",
    "training.config.check": "Check",
    "training.config.config_file": "load_config parse_config write_config",
    "training.config.data": "DataConfig",
    "training.config.explain": "explain_config",
    "training.config.generate": "GenerateRequest",
    "training.config.optimisation": "OptimisationConfig",
    "training.config.preflight": "preflight",
    "training.config.presets": "merged placeholder_for suggest_config",
    "training.config.reports": "CheckpointConfig SampleConfig ValidationConfig",
    "training.config.run_config": "RunConfig",
    "training.contact_sheet": "SheetRow contact_sheet",
    "training.data.buckets": "Bucket CropBox buckets_around crop_to_fill nearest_bucket",
    "training.data.captions": "bare with_placeholder",
    "training.families.detect": "detect_family list_base_models",
    "training.families.info": "FamilyInfo",
    "training.methods.lora.config": "LoraConfig",
    "training.methods.textual_inversion.config": "TextualInversionConfig",
    "training.run_folder": "create_run forget_stop generate_command request_stop run_command",
    "training.run_view": "RunView list_runs read_run",
    "training.tokens": "count_tokens",
    "training.weights.read_header": "read_weights_header",
}
_WHERE = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = [
    "POCKET_MODEL",
    "BaseModelConfig",
    "Bucket",
    "CannotWrite",
    "Check",
    "CheckpointConfig",
    "CheckpointError",
    "ConfigError",
    "CropBox",
    "DataConfig",
    "DataError",
    "FamilyInfo",
    "GenerateError",
    "GenerateRequest",
    "LoraConfig",
    "ModelError",
    "OptimisationConfig",
    "RunConfig",
    "RunError",
    "RunView",
    "SampleConfig",
    "SheetRow",
    "TextualInversionConfig",
    "TrainingError",
    "ValidationConfig",
    "WeightsError",
    "bare",
    "buckets_around",
    "contact_sheet",
    "count_tokens",
    "create_run",
    "crop_to_fill",
    "detect_family",
    "explain_config",
    "forget_stop",
    "fsync_folder",
    "generate_command",
    "list_base_models",
    "list_runs",
    "load_config",
    "merged",
    "nearest_bucket",
    "parse_config",
    "placeholder_for",
    "preflight",
    "read_run",
    "read_weights_header",
    "remove_leftovers",
    "request_stop",
    "run_command",
    "stage_folder",
    "suggest_config",
    "with_placeholder",
    "write_bytes_atomic",
    "write_config",
    "write_json_atomic",
    "write_text_atomic",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'training' has no attribute {name!r}")
    value = getattr(import_module(_WHERE[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE})
