"""Small generated pictures in every format and colour layout."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

Encode = Callable[..., bytes]


def corners_picture(width: int = 60, height: int = 40) -> Image.Image:
    """A white picture whose corners are red, green, blue and black, so that every turn of it can be told."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    third = width // 3, height // 3
    draw.rectangle((0, 0, *third), fill="red")
    draw.rectangle((width - third[0], 0, width, third[1]), fill="lime")
    draw.rectangle((0, height - third[1], third[0], height), fill="blue")
    draw.rectangle((width - third[0], height - third[1], width, height), fill="black")
    return image


@pytest.fixture
def corners() -> Image.Image:
    return corners_picture()


@pytest.fixture
def encode() -> Encode:
    """Return a function that turns a picture into bytes of a format."""

    def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
        if kind == "HEIF":
            import pillow_heif

            pillow_heif.register_heif_opener()
        buffer = io.BytesIO()
        image.save(buffer, kind, **options)
        return buffer.getvalue()

    return encoded


@pytest.fixture
def photo() -> Image.Image:
    """A 400 x 300 picture with a spectrum like a photograph's, the same every time."""
    random = np.random.default_rng(7)
    rows, columns = np.meshgrid(np.fft.fftfreq(300), np.fft.fftfreq(400), indexing="ij")
    frequency = np.hypot(rows, columns)
    frequency[0, 0] = 1
    layers = []
    for _ in range(3):
        spectrum = np.fft.fft2(random.normal(size=(300, 400))) / frequency**1.1
        spectrum[0, 0] = 0
        values = np.fft.ifft2(spectrum).real
        layers.append(np.clip(values / values.std() * 45 + 125, 0, 255).astype(np.uint8))
    return Image.fromarray(np.stack(layers, axis=2))
