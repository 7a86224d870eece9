"""Numbers about how a picture looks: sharpness, brightness, contrast, entropy, saturation."""

from __future__ import annotations

import numpy as np
from PIL import Image

_USUAL_CONTRAST = 64.0
_LEAST_CONTRAST = 4.0


def sharpness(luma: np.ndarray) -> float:
    """Return the variance of the Laplacian of a (height, width) luma array, as if its contrast were usual.

    Scaled to a standard deviation of 64, so that a dark or pale picture does not count as blurred. 0 for a flat
    picture and for one under 3 px; about 400 and more for crisp drawings.
    """
    if min(luma.shape) < 3:
        return 0.0
    centre = luma[1:-1, 1:-1]
    laplacian = luma[:-2, 1:-1] + luma[2:, 1:-1] + luma[1:-1, :-2] + luma[1:-1, 2:] - 4 * centre
    # Without a floor the noise of a flat picture would be blown up to a sharp one.
    contrast = max(float(luma.std()), _LEAST_CONTRAST)
    return float(laplacian.var()) * (_USUAL_CONTRAST / contrast) ** 2


def entropy(luma: np.ndarray) -> float:
    """Return the Shannon entropy of the luma histogram in bits (0 for one flat value, at most 8)."""
    counts = np.bincount(luma.astype(np.uint8).ravel(), minlength=256)
    shares = counts[counts > 0] / luma.size
    return float(max(0.0, -(shares * np.log2(shares)).sum()))


def saturation(image: Image.Image) -> float:
    """Return the mean HSV saturation of an RGB picture, 0 to 1."""
    return float(np.asarray(image.convert("HSV").getchannel("S")).mean()) / 255.0
