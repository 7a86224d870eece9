"""Each row with the bucket it is trained in, and its encoded picture from the cache."""

from dataclasses import dataclass

import torch

from training.config.data import DataConfig
from training.data.buckets import Bucket, CropBox, buckets_around, crop_to_fill, nearest_bucket
from training.data.cache import TensorCache, cache_key, modules_digest
from training.data.pictures import load_picture, picture_digest
from training.data.read_dataset import Row
from training.families.family import Family
from training.families.info import FamilyInfo


@dataclass(frozen=True)
class Example:
    """A row, its bucket, and the part of the picture that the bucket shows."""

    row: Row
    bucket: Bucket
    crop: CropBox

    @property
    def sizes(self) -> list[float]:
        """Original height and width, crop top and left, target height and width, as XL is told them, in pixels."""
        scale = self.bucket.width / (self.crop.right - self.crop.left)
        top, left = round(self.crop.top * scale), round(self.crop.left * scale)
        return [self.row.height, self.row.width, top, left, self.bucket.height, self.bucket.width]


def choose_buckets(data: DataConfig, info: FamilyInfo) -> list[Bucket]:
    """The sizes pictures are trained at.

    Raises: ConfigError when resolution and step leave none.
    """
    resolution = data.resolution or info.resolution
    return buckets_around(resolution, data.bucket_step or info.bucket_step, 2.0 if data.keep_aspect else 1.0)


def make_examples(rows: list[Row], buckets: list[Bucket]) -> list[Example]:
    """Give each row the bucket of the nearest aspect."""
    examples = []
    for row in rows:
        bucket = nearest_bucket(row.width, row.height, buckets)
        examples.append(Example(row, bucket, crop_to_fill(row.width, row.height, bucket)))
    return examples


class LatentStore:
    """Encoded pictures. One is encoded at a time, so that its numbers never depend on its neighbours."""

    def __init__(self, family: Family, cache: TensorCache) -> None:
        self._family = family
        self._cache = cache
        self._model = modules_digest([family.vae]) if cache.folder else ""
        self._digests: dict[str, str] = {}

    def get(self, example: Example, flipped: bool = False) -> torch.Tensor:
        """Latents [C, h, w] of one picture, mirrored when asked for.

        Raises: DataError when the picture is damaged.
        """
        path = str(example.row.path)
        if path not in self._digests:
            self._digests[path] = picture_digest(example.row.path)
        key = cache_key("latents", self._model, self._digests[path], example.bucket.name, str(flipped))
        return self._cache.get(key, lambda: {"latents": self._encode(example, flipped)})["latents"]

    def _encode(self, example: Example, flipped: bool) -> torch.Tensor:
        pixels = torch.from_numpy(load_picture(example.row.path, example.bucket).copy())
        pixels = pixels.permute(2, 0, 1).float()[None] / 127.5 - 1.0
        if flipped:
            pixels = pixels.flip(-1)
        return self._family.encode_pictures(pixels)[0]
