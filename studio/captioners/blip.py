"""BLIP: one sentence a picture. The embedded model, BLIP base and BLIP large go through the same code."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from transformers import AutoTokenizer, BlipForConditionalGeneration, BlipProcessor
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil
from transformers.utils import logging as transformers_logging

from studio.errors import BadInput

_NEW_TOKENS = 40


class BlipCaptioner:
    """A loaded BLIP model: float32 on a processor, float16 on a CUDA device. It answers alike each time.

    `source` is a folder or a Hub id; files in the local cache are used first and need no network.

    Raises: BadInput when the model cannot be loaded, with the reason.
    """

    def __init__(self, source: str, name: str, device: str = "") -> None:
        self.name = name
        self._device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        self._dtype = torch.float16 if self._device.type == "cuda" else torch.float32
        with _quiet():
            self._processor, self._model = _load(source, self._dtype)
        self._model.to(self._device).eval()

    def caption(self, images: list[Image.Image], careful: bool = False) -> list[str]:
        """One caption a picture; `careful` forbids repeated phrases."""
        against_loops: dict[str, Any] = {"repetition_penalty": 1.5, "no_repeat_ngram_size": 2} if careful else {}
        inputs = self._processor(images=images, return_tensors="pt")
        pixels = inputs["pixel_values"].to(self._device, self._dtype)
        with torch.inference_mode():
            tokens = self._model.generate(
                pixel_values=pixels, max_new_tokens=_NEW_TOKENS, do_sample=False, num_beams=1, **against_loops
            )
        return [text.strip() for text in self._processor.batch_decode(tokens, skip_special_tokens=True)]


def _load(source: str, dtype: torch.dtype) -> tuple[Any, Any]:
    """Processor and model, from the local cache when it has them, else from the Hub."""
    try:
        return _load_parts(source, dtype, offline=True)
    except (OSError, ValueError) as error:
        if Path(source).is_dir():
            raise BadInput(
                f"{source}: the captioner cannot be loaded ({_first_line(error)}). Check the folder."
            ) from error
    try:
        return _load_parts(source, dtype, offline=False)
    except (OSError, ValueError) as error:
        raise _cannot_load(source, error) from error


def _load_parts(source: str, dtype: torch.dtype, offline: bool) -> tuple[Any, Any]:
    # The image processor of the Pillow backend is named: the default one needs torchvision.
    images = BlipImageProcessorPil.from_pretrained(source, local_files_only=offline)
    processor = BlipProcessor(images, AutoTokenizer.from_pretrained(source, local_files_only=offline))
    # float16 files come up half in float16 and half in float32 unless a type is asked for.
    model = BlipForConditionalGeneration.from_pretrained(
        source, dtype=dtype, use_safetensors=True, local_files_only=offline
    )
    return processor, model


def _cannot_load(source: str, error: Exception) -> BadInput:
    detail = str(error)
    if "safetensors" in detail and "does not appear to have a file" in detail:
        return BadInput(
            f"{source}: this repository holds no .safetensors weights, and other kinds are never opened. Choose "
            "another captioner."
        )
    return BadInput(
        f"{source}: the captioner is not in the local cache and cannot be fetched ({_first_line(error)}). Check the "
        "name and the network, or use pocket."
    )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Loading bars and advice of the library are of no use to a person who captions."""
    level = transformers_logging.get_verbosity()
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        transformers_logging.set_verbosity(level)
        transformers_logging.enable_progress_bar()
