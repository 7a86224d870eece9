"""The answers that travel from a worker process to its owner, as JSON objects."""

from __future__ import annotations

import base64
import dataclasses
from typing import Any

from studio.pictures.facts import PictureFacts, Refusal

READY = {"ready": True}


def answer_to_json(outcome: PictureFacts | Refusal) -> dict[str, Any]:
    """Return the outcome as a JSON object; bytes become base64."""
    content = dataclasses.asdict(outcome)
    if isinstance(outcome, PictureFacts):
        content["thumbnail"] = base64.b64encode(outcome.thumbnail).decode("ascii")
        return {"facts": content}
    return {"refusal": content}


def answer_from_json(answer: dict[str, Any]) -> PictureFacts | Refusal:
    """Return what `answer_to_json` was given."""
    if "refusal" in answer:
        return Refusal(**answer["refusal"])
    content = answer["facts"]
    content["thumbnail"] = base64.b64decode(content["thumbnail"])
    content["notes"] = tuple(content["notes"])
    return PictureFacts(**content)
