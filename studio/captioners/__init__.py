"""Models that say what is on a picture. Importing this package loads no torch."""

from studio.captioners.captioner import Captioner
from studio.captioners.registry import CAPTIONERS, POCKET_CAPTIONER, load_captioner

__all__ = ["CAPTIONERS", "POCKET_CAPTIONER", "Captioner", "load_captioner"]
