"""Read and write a run's settings as YAML or JSON; every problem is reported at once and in plain words."""

import json
import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from training.atomic_files import write_text_atomic
from training.config.run_config import RunConfig
from training.errors import ConfigError

_TAGS = {"lora", "textual-inversion"}


class _Loader(yaml.SafeLoader):
    """YAML as people write it: 1e-4 is a number (YAML 1.1 would read it as text)."""

    yaml_implicit_resolvers = yaml.SafeLoader.yaml_implicit_resolvers.copy()


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9][0-9_]*(\.[0-9_]*)?[eE][-+]?[0-9]+$"), list("-+0123456789")
)


def load_config(path: Path | str) -> RunConfig:
    """Read the settings in `path` (YAML or JSON).

    Raises: ConfigError that lists every missing, unknown or impossible setting.
    """
    path = Path(path)
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=_Loader)
    except FileNotFoundError:
        raise ConfigError(f"There is no config file {path}. Give the path of an existing one.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read ({error}). Give a YAML file in UTF-8.") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path} is not valid YAML: {' '.join(str(error).split())}. Correct that place.") from error
    return parse_config(content, str(path))


def parse_config(content: Any, source: str = "config") -> RunConfig:
    """Check plain data (as from YAML or a form) and return the settings; `source` is named in errors.

    Raises: ConfigError that lists every missing, unknown or impossible setting.
    """
    if not isinstance(content, dict):
        raise ConfigError(f"{source} holds no settings. Write them as `key: value` lines, starting with `name:`.")
    try:
        # By way of JSON, because only there do strict models take lists and texts for tuples and paths.
        text = json.dumps(content, default=str)
    except (TypeError, ValueError, RecursionError) as error:
        raise ConfigError(f"{source} cannot be read as settings ({error}). Write plain names and values.") from error
    try:
        return RunConfig.model_validate_json(text)
    except ValidationError as error:
        problems = "".join(f"\n  - {_in_words(item)}" for item in error.errors(include_url=False))
        raise ConfigError(f"{source} has settings that need a correction:{problems}") from error


def write_config(config: RunConfig, path: Path | str) -> None:
    """Write every setting of `config`, defaults included, as YAML.

    Raises: CannotWrite when the place is full or read-only.
    """
    content = config.model_dump(mode="json")
    write_text_atomic(path, yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100))


def _in_words(item: Any) -> str:
    """One problem as `where: what, and what to do`."""
    # The discriminator's value is no key that the user wrote.
    place = ".".join(str(part) for part in item["loc"] if part not in _TAGS) or "settings"
    kind, message, value = item["type"], item["msg"], item.get("input")
    if kind == "extra_forbidden":
        return f"{place}: unknown setting. Correct the spelling or remove it."
    if kind == "missing":
        return f"{place}: is missing. Add it."
    if kind.startswith("union_tag"):
        return f'{place}: "method" must be there and be lora or textual-inversion.'
    message = message.removeprefix("Value error, ").removeprefix("Input ")
    shown = "" if isinstance(value, dict) else f" (it is {json.dumps(value, default=str)[:80]})"
    return f"{place}: {message}{shown}."
