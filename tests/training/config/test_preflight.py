import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from tests.training.small_export import tiny_config, write_export
from training.config import check_machine
from training.config.preflight import preflight
from training.config.presets import suggest_config

TI = "textual-inversion"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write_export(tmp_path / "0001", train=6)


@pytest.fixture(autouse=True)
def no_gpu(monkeypatch) -> None:
    monkeypatch.setattr(check_machine, "gpu_memory_gb", lambda: None)


def _found(config, title: str) -> list[tuple[str, str]]:
    return [(check.level, check.detail) for check in preflight(config) if check.title == title]


def _config(export: Path, kind: str = "lora", **changes):
    return tiny_config(Path("pocket"), export, kind, **changes)


@pytest.mark.parametrize("method", ["lora", TI])
def test_a_good_dataset_has_no_trouble(export: Path, method: str) -> None:
    checks = preflight(suggest_config(export, "pocket", method, "ink"))
    assert len(checks) >= 8
    assert [check for check in checks if check.level != "ok"] == []


def test_trouble_always_has_a_way_out(export: Path) -> None:
    rows = [json.loads(line) for line in (export / "train" / "metadata.jsonl").read_text().splitlines()]
    rows[0]["text"], rows[1]["text"] = "", "a cat " * 80
    Image.new("RGB", (20, 20)).save(export / "train" / rows[2]["file_name"])
    Image.new("RGB", (400, 40)).save(export / "train" / rows[3]["file_name"])
    (export / "train" / "metadata.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    shutil.rmtree(export / "validation")
    checks = preflight(_config(export))
    titles = {check.title for check in checks if check.level == "warning"}
    wanted = {"Missing captions", "Trigger missing", "Long captions", "Small pictures", "Cut pictures", "Validation"}
    assert titles == wanted
    assert all(check.fix for check in checks if check.level != "ok")


def test_words_of_an_embedding(export: Path, monkeypatch) -> None:
    from training.config import check_words

    assert _found(_config(export, TI), "Placeholder")[0][0] == "ok"
    monkeypatch.setattr(check_words, "is_known_token", lambda word: word == "<ink>_1")
    assert _found(_config(export, TI), "Placeholder")[0][0] == "error"
    config = _config(export, TI, method={"initial_phrase": "a very black ink drawing"})
    assert _found(config, "Start words") == [
        ("warning", '"a very black ink drawing" has 5 tokens for 2 vectors; the last 3 are not used.')
    ]
    assert _found(_config(export, TI, method={"initial_file": "/none.safetensors"}), "Start")[0][0] == "error"


def test_device_memory_and_disk(export: Path, monkeypatch, tiny_folder) -> None:
    assert _found(_config(export, optimisation={"device": "cuda"}), "Device")[0] == ("error", "No GPU was found.")
    fp16 = _config(export, optimisation={"mixed_precision": "fp16", "device": "auto"})
    assert "float16" in _found(fp16, "Device")[0][1]
    large = suggest_config(export, str(tiny_folder("sdxl")), "lora", "ink")
    assert _found(large, "Device")[0][0] == "warning"
    monkeypatch.setattr(check_machine, "gpu_memory_gb", lambda: 8.0)
    assert _found(large, "Memory")[0][0] == "warning"
    assert "GPU with 8 GB" in _found(large, "Device")[0][1]
    full = shutil.disk_usage("/")._replace(free=0)
    monkeypatch.setattr(check_machine.shutil, "disk_usage", lambda path: full)
    assert _found(large, "Disk")[0][0] == "error"


def test_wrong_sizes_are_seen_before_the_run(export: Path) -> None:
    assert _found(_config(export, data={"bucket_step": 8}), "Picture sizes")[0][0] == "error"
    assert _found(_config(export, data={"resolution": 256}), "Resolution")[0][0] == "warning"


def test_unreadable_datasets_and_models_are_reported_together(tmp_path: Path) -> None:
    checks = preflight(tiny_config(Path("/no/model"), tmp_path / "none", "lora"))
    assert [check.level for check in checks] == ["error", "error"]


def test_a_leaking_split_is_seen(export: Path) -> None:
    shutil.rmtree(export / "validation")
    shutil.copytree(export / "train", export / "validation")
    assert _found(_config(export), "Leaking split")[0][0] == "warning"


def test_a_run_of_many_days_is_told_before_it_starts(export: Path) -> None:
    for steps, level, words in ((100, "ok", "minute"), (10**8, "warning", "days")):
        ((found, detail),) = _found(_config(export, optimisation={"steps": steps}), "Time")
        assert found == level and words in detail
