"""A small export with pictures of its own, in the layout the studio writes."""

import json
from pathlib import Path

import numpy as np
from PIL import Image

from training.config.config_file import parse_config
from training.config.presets import merged
from training.config.run_config import RunConfig

WORDS = ("apple", "cat", "rocket", "house", "key", "owl", "boat", "tree", "cup")


def write_export(
    folder: Path, train: int = 5, validation: int = 2, size: tuple[int, int] = (64, 64), trigger: str = "ink style"
) -> Path:
    """An export of random pictures captioned "a <word>, <trigger>"; the folder is returned."""
    rng = np.random.default_rng(3)
    for split, count in (("train", train), ("validation", validation)):
        if not count:
            continue
        (folder / split).mkdir(parents=True)
        lines = []
        for number in range(count):
            word = WORDS[number % len(WORDS)]
            pixels = rng.integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / split / f"{word}-{number}.png")
            lines.append(json.dumps({"file_name": f"{word}-{number}.png", "text": f"a {word}, {trigger}"}) + "\n")
        (folder / split / "metadata.jsonl").write_text("".join(lines))
    facts = {"format": "concept-studio-export/1", "dataset": "small", "digest": "ab" * 32, "trigger": trigger}
    (folder / "dataset.json").write_text(json.dumps(facts))
    return folder


def tiny_config(model: Path, export: Path, kind: str, /, **changes: dict) -> RunConfig:
    """A run of a few steps on a tiny model; `changes` are nested settings laid over it."""
    # Few adapters: putting them into a model takes longer than training it for four steps.
    methods = {
        "lora": {"method": "lora", "rank": 2, "alpha": 2.0, "targets": ["feed_forward"]},
        "textual-inversion": {
            "method": "textual-inversion",
            "placeholder": "<ink>",
            "replaces": "ink style",
            "vectors": 2,
        },
    }
    content = {
        "name": "small",
        "base": {"model": str(model)},
        "data": {"path": str(export), "batch_size": 2},
        "method": methods[kind],
        "optimisation": {"steps": 4, "learning_rate": 0.01, "device": "cpu"},
        "validation": {"every": 2, "timesteps": 2},
        "checkpoints": {"every": 2},
    }
    return parse_config(merged(content, changes))
