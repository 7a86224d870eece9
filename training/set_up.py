"""Build everything a run needs from its config: model, method, data, optimiser."""

import hashlib
import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training.config.run_config import RunConfig
from training.data.cache import TensorCache
from training.data.examples import Example, LatentStore, choose_buckets, make_examples
from training.data.loader import BatchLoader
from training.data.read_dataset import Dataset, read_dataset
from training.device import base_dtype, choose_device, gradient_scaler, prepare_arithmetic
from training.families import load_family
from training.families.family import Family
from training.methods.method import Method, create_method
from training.run_state import RunState
from training.text_conditions import TextConditions


@dataclass
class Lesson:
    """A run ready to learn: the fixed parts, and the `state` that changes."""

    config: RunConfig
    device: torch.device
    family: Family
    dataset: Dataset
    digest: str
    method: Method
    latents: LatentStore
    conditions: TextConditions
    held_out: list[Example]
    state: RunState


def set_up(config: RunConfig) -> Lesson:
    """Load and prepare all; nothing is trained or written yet.

    Raises: TrainingError of the part that does not fit.
    """
    device = choose_device(config.optimisation.device)
    dtype = base_dtype(config, device)
    data = config.data
    dataset = read_dataset(data.path, data.image_column, data.caption_column)
    prepare_arithmetic(device)
    seed_everything(config.optimisation.seed)
    family = load_family(config.base, str(device), dtype)
    if config.optimisation.channels_last:
        family.unet.to(memory_format=torch.channels_last)
    buckets = choose_buckets(data, family.info)
    cache = TensorCache(data.cache_folder, data.cache_memory_mb)
    latents = LatentStore(family, cache)
    method = create_method(config, family, dataset)
    loader = BatchLoader(make_examples(dataset.train, buckets), latents, data, method.caption, config.optimisation.seed)
    return Lesson(
        config=config,
        device=device,
        family=family,
        dataset=dataset,
        digest=dataset_digest(dataset),
        method=method,
        latents=latents,
        conditions=TextConditions(family, cache, method.live_text),
        held_out=make_examples(dataset.validation, buckets),
        state=_fresh_state(config, device, method, loader),
    )


def seed_everything(seed: int) -> None:
    """Start every source of chance that a library may use."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)


def dataset_digest(dataset: Dataset) -> str:
    """The export's digest; for a foreign folder a hash of its rows and file sizes."""
    if dataset.facts.get("digest"):
        return str(dataset.facts["digest"])
    rows: list[Any] = [
        [row.file_name, row.text, row.repeats, row.path.stat().st_size] for row in [*dataset.train, *dataset.validation]
    ]
    return hashlib.sha256(json.dumps(rows).encode("utf-8")).hexdigest()


def _fresh_state(config: RunConfig, device: torch.device, method: Method, loader: BatchLoader) -> RunState:
    settings = config.optimisation
    groups = [{**group, "peak": group["lr"]} for group in method.groups(settings.learning_rate)]
    return RunState(
        trainable=method.trainable,
        optimizer=torch.optim.AdamW(groups, weight_decay=settings.weight_decay),
        scaler=gradient_scaler(config, device),
        loader=loader,
        noise=torch.Generator().manual_seed(settings.seed),
    )


def copy_of_facts(lesson: Lesson) -> dict[str, Any]:
    """dataset.json for the run folder; a foreign folder gets the few facts that are known."""
    dataset = lesson.dataset
    counts = {"train": len(dataset.train), "validation": len(dataset.validation)}
    return dict(dataset.facts) or {
        "dataset": Path(dataset.folder).resolve().name,
        "digest": lesson.digest,
        "trigger": "",
        "counts": counts,
    }
