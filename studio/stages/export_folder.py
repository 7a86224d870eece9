"""The files of an export: written into a staged folder, listed with their hashes, verified later."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from studio.formats.jsonl import table_bytes
from studio.stages.dataset_card import dataset_card
from studio.stages.export_rows import ExportPlan, canonical

MANIFEST = "manifest.sha256"
FACTS = "dataset.json"
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def finish_folder(folder: Path, plan: ExportPlan, hashes: Mapping[str, str], number: int) -> dict[str, Any]:
    """Write tables, card, manifest and dataset.json beside the rendered pictures; returns what dataset.json holds.

    `hashes` are the sha256 of the pictures written so far by their path in the folder.
    """
    hashes = dict(hashes)
    for split in sorted({row.split for row in plan.rows}):
        rows = [row.content for row in plan.rows if row.split == split]
        hashes[f"{split}/metadata.jsonl"] = _write(folder / split / "metadata.jsonl", table_bytes(rows))
    card = dataset_card(plan.facts, plan.counts, plan.buckets, [row.picture for row in plan.rows])
    hashes["README.md"] = _write(folder / "README.md", card.encode("utf-8"))
    manifest = "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes)).encode("ascii")
    _write(folder / MANIFEST, manifest)
    settings = {key: plan.facts[key] for key in ("settings", "trigger", "seed")}
    facts = {
        **plan.facts,
        "number": number,
        "digest": hashlib.sha256(manifest + canonical(settings)).hexdigest(),
        "plan": plan.digest,
        "counts": plan.counts,
        "buckets": plan.buckets,
    }
    text = json.dumps(facts, indent=2, sort_keys=True, ensure_ascii=True) + "\n"
    _write(folder / FACTS, text.encode("ascii"))
    return facts


def read_facts(folder: Path) -> dict[str, Any]:
    """What dataset.json of an export says; empty when it cannot be read."""
    try:
        facts = json.loads((folder / FACTS).read_bytes())
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def faults_of(folder: Path) -> list[tuple[str, str]]:
    """(file, what is wrong) for everything in an export that is not as it was written; empty for a whole one."""
    try:
        manifest = (folder / MANIFEST).read_bytes()
    except OSError:
        return [(MANIFEST, "is missing or cannot be read")]
    faults, listed = [], {FACTS, MANIFEST}
    for number, line in enumerate(manifest.decode("utf-8", "replace").splitlines(), start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            faults.append((MANIFEST, f"line {number} cannot be read"))
            continue
        listed.add(match[2])
        if _hash(folder / match[2]) != match[1]:
            faults.append((match[2], "is missing" if not (folder / match[2]).is_file() else "has other bytes"))
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    faults += [(name, "was not written by the export") for name in sorted(there - listed)]
    return faults + _faults_of_facts(folder, manifest)


def _faults_of_facts(folder: Path, manifest: bytes) -> list[tuple[str, str]]:
    facts = read_facts(folder)
    try:
        settings = canonical({key: facts[key] for key in ("settings", "trigger", "seed")})
    except (KeyError, ValueError):
        return [(FACTS, "is missing or cannot be read")]
    if hashlib.sha256(manifest + settings).hexdigest() != facts.get("digest"):
        return [(FACTS, "does not belong to the manifest")]
    return []


def _write(path: Path, data: bytes) -> str:
    """Write a file of the staged folder (which is fsynced as a whole) and return its sha256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
