"""`check` finds every planted fault, names it, and answers with a code of its own."""

from __future__ import annotations

import json
import sqlite3
import struct

import pytest

from studio.stages.check import EXIT_CODES, check, exit_code
from studio.stages.decide import decide
from studio.stages.edit_captions import set_caption
from studio.stages.export import export


def codes(dataset) -> list[str]:
    return [finding.code for finding in check(dataset)]


@pytest.fixture
def exported(filled):
    set_caption(filled, 1, "a cat")
    export(filled)
    return filled


def write_weights(dataset, tensor_hash: str = ""):
    header = json.dumps(
        {"__metadata__": {"sshs_model_hash": tensor_hash}, "a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}
    ).encode()
    path = dataset.runs / "0001-lora" / "weights" / "inks.safetensors"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(header)) + header + b"\x00\x00\x80\x3f")
    return path


def test_a_whole_dataset_has_no_findings(exported):
    import hashlib

    write_weights(exported, hashlib.sha256(b"\x00\x00\x80\x3f").hexdigest())
    assert check(exported) == [] and exit_code([]) == 0


def test_missing_and_changed_originals(exported, folder, draw):
    (folder / "p01.png").unlink()
    draw(folder / "p02.png", 88)
    assert sorted(codes(exported)) == ["original_changed", "original_missing"]
    assert exit_code(check(exported)) == 11
    found = {finding.subject: finding for finding in check(exported)}
    assert "gone" in found["p01.png"].sentence and "other bytes" in found["p02.png"].sentence
    with exported.catalog() as catalog:
        ids = [catalog.pictures.by_name(name)[0].id for name in ("p01.png", "p02.png")]
    decide(exported, ids, "reject")
    assert exit_code(check(exported)) == 0 and {finding.level for finding in check(exported)} == {"warning"}


def test_a_flipped_byte_in_an_export(exported):
    picture = next((exported.exports / "0001" / "train").glob("*.png"))
    data = bytearray(picture.read_bytes())
    data[50] ^= 1
    picture.write_bytes(data)
    (finding,) = check(exported)
    assert (finding.code, finding.subject, exit_code([finding])) == ("export_damaged", "exports/0001", 12)
    assert picture.name in finding.sentence


@pytest.mark.parametrize("name", ["manifest.sha256", "dataset.json", "README.md", "train/metadata.jsonl"])
def test_a_missing_or_torn_file_in_an_export(exported, name):
    path = exported.exports / "0001" / name
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert set(codes(exported)) == {"export_damaged"}
    path.unlink()
    assert set(codes(exported)) == {"export_damaged"}


def test_torn_and_changed_weights(exported):
    path = write_weights(exported, "0" * 64)
    (finding,) = check(exported)
    assert (finding.code, exit_code([finding])) == ("weights_damaged", 13)
    assert "not those that were written" in finding.sentence
    path.write_bytes(path.read_bytes()[:-3])
    assert codes(exported) == ["weights_damaged"]


def test_a_broken_row_and_a_broken_catalog(exported):
    with sqlite3.connect(exported.catalog_path) as db:
        db.execute("UPDATE pictures SET edit = '{nonsense' WHERE id = 3")
    findings = check(exported)
    assert [finding.code for finding in findings] == ["catalog_damaged"] and findings[0].subject == "picture 3"
    assert exit_code(findings) == 14
    data = bytearray(exported.catalog_path.read_bytes())
    data[:100] = b"\x00" * 100
    for leftover in ("-wal", "-shm"):
        exported.catalog_path.with_name(exported.catalog_path.name + leftover).unlink(missing_ok=True)
    exported.catalog_path.write_bytes(data)
    assert codes(exported) == ["catalog_damaged"]


@pytest.mark.parametrize(
    ("statement", "subject"),
    [
        ("UPDATE settings SET value = '{' WHERE key = 'resolution'", "setting resolution"),
        ("UPDATE pictures SET tags = '{' WHERE id = 2", "picture 2"),
        ("UPDATE pictures SET extra = '[]' WHERE id = 2", "picture 2"),
    ],
)
def test_what_sqlite_finds_sound_but_nothing_can_read(exported, statement, subject):
    with exported.catalog() as catalog:
        catalog.settings.set("resolution", 512)
    with sqlite3.connect(exported.catalog_path) as db:
        db.execute(statement)
    (finding,) = check(exported)
    assert (finding.code, finding.subject) == ("catalog_damaged", subject)
    assert subject.split()[1] in finding.sentence


def test_exit_codes_are_distinct():
    assert len(set(EXIT_CODES.values())) == len(EXIT_CODES)
    assert not {0, 1, 2, 3} & set(EXIT_CODES.values())
