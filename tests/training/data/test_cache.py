from pathlib import Path

import torch

from training.data.cache import TensorCache, cache_key, modules_digest


def test_memory_stays_bounded_and_values_stay_right() -> None:
    cache = TensorCache(None, memory_mb=1)
    made = []
    for number in [*range(8), 0]:

        def make(number: int = number) -> dict[str, torch.Tensor]:
            made.append(number)
            return {"x": torch.full((50_000,), float(number))}

        assert cache.get(str(number), make)["x"][0] == number
        assert cache.held_bytes <= 1_000_000
    assert made == [*range(8), 0]


def test_the_folder_serves_the_next_run_and_a_damaged_file_is_made_again(tmp_path: Path) -> None:
    key = cache_key("a", "b")
    value = {"x": torch.rand(4)}
    TensorCache(tmp_path, 10).get(key, lambda: value)

    def never() -> dict[str, torch.Tensor]:
        raise AssertionError("must be read from the folder")

    assert torch.equal(TensorCache(tmp_path, 10).get(key, never)["x"], value["x"])
    (path,) = tmp_path.rglob("*.safetensors")
    path.write_bytes(path.read_bytes()[:20])
    assert torch.equal(TensorCache(tmp_path, 10).get(key, lambda: value)["x"], value["x"])
    assert torch.equal(TensorCache(tmp_path, 10).get(key, never)["x"], value["x"])


def test_digest_follows_every_weight() -> None:
    layer = torch.nn.Linear(3, 3)
    before = modules_digest([layer])
    assert modules_digest([layer]) == before
    layer.bias.data[1] += 1
    assert modules_digest([layer]) != before
    assert modules_digest([layer.half()]) != before
