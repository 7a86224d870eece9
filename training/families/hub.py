"""Find a Hugging Face Hub model in the local cache, or fetch its small config files."""

import re
from pathlib import Path

from training.errors import ModelError

HUB_ID = re.compile(r"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*(@[\w./-]+)?$")
CONFIG_FILES = ("*.json", "*/*.json", "*/*.txt")


def looks_like_hub_id(text: str) -> bool:
    """True for owner/name, with an optional @revision."""
    return bool(HUB_ID.match(text))


def split_hub_id(text: str) -> tuple[str, str | None]:
    """Repository and revision of "owner/name" or "owner/name@revision"."""
    name, _, revision = text.partition("@")
    return name, revision or None


def folder_of_hub_model(text: str) -> Path:
    """Local snapshot folder with at least the configs of a Hub model.

    Raises:
        ModelError: it is neither in the local cache nor reachable.
    """
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError
    except ModuleNotFoundError:
        raise ModelError(f'"{text}" needs huggingface_hub: pip install "concept-studio[models]".') from None
    name, revision = split_hub_id(text)
    try:
        return Path(snapshot_download(name, revision=revision, local_files_only=True, allow_patterns=["*.json"]))
    except (LocalEntryNotFoundError, OSError, ValueError):
        pass  # not in the cache: ask the Hub
    try:
        return Path(snapshot_download(name, revision=revision, allow_patterns=list(CONFIG_FILES)))
    except (HfHubHTTPError, OSError, ValueError) as error:
        raise ModelError(
            f'The model "{text}" is neither in the local Hugging Face cache nor reachable now '
            f"({type(error).__name__}). Check its name and the network, or give a local folder or file."
        ) from error
