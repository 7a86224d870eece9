"""How colourful a picture is, as one number."""

from PIL import Image


def mean_saturation(picture: Image.Image) -> float:
    """Mean HSV saturation of all pixels: 0 for black, white and greys, 1 for pure colours."""
    histogram = picture.convert("RGB").convert("HSV").getchannel("S").histogram()
    return sum(value * count for value, count in enumerate(histogram)) / (255 * sum(histogram))
