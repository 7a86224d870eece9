"""The search returns exactly the pairs within the radius, whichever way it takes."""

import numpy as np
import pytest

from studio.stages import hamming_search
from studio.stages.hamming_search import as_numbers, close_pairs, distances


def related_hashes(count: int, seed: int) -> np.ndarray:
    """Random hashes, half of them a few bits away from another one."""
    random = np.random.default_rng(seed)
    hashes = random.integers(0, 2**64, count, dtype=np.uint64)
    for place in range(count // 2):
        flips = random.choice(64, random.integers(0, 20), replace=False)
        hashes[count - 1 - place] = hashes[place] ^ np.uint64(sum(1 << int(bit) for bit in flips))
    return hashes


def brute_force(left, right, radius):
    return {tuple(pair) for pair in np.argwhere(distances(left[:, None], right[None, :]) <= radius).tolist()}


@pytest.fixture(params=["few", "many"])
def size_of_search(request, monkeypatch):
    """Small sets are compared directly; run the indexed way on them too."""
    if request.param == "many":
        monkeypatch.setattr(hamming_search, "_FEW_HASHES", 0)
    monkeypatch.setattr(hamming_search, "_TILE", 64)


@pytest.mark.parametrize("radius", [0, 1, 4, 8, 12, 15, 16])
def test_pairs_between_two_sets(size_of_search, radius):
    left, right = related_hashes(500, 1), related_hashes(400, 1)
    found = close_pairs(left, right, radius).tolist()
    assert {tuple(pair) for pair in found} == brute_force(left, right, radius)
    assert len(found) == len(brute_force(left, right, radius)) > 0


@pytest.mark.parametrize("radius", [0, 1, 4, 8, 12, 15, 16])
def test_pairs_within_one_set(size_of_search, radius):
    hashes = related_hashes(700, 2)
    found = [tuple(pair) for pair in close_pairs(hashes, None, radius).tolist()]
    assert found == sorted(pair for pair in brute_force(hashes, hashes, radius) if pair[0] < pair[1])
    assert found


def test_empty_sets():
    nothing = as_numbers([])
    assert close_pairs(nothing, None, 8).shape == (0, 2)
    assert close_pairs(as_numbers(["ff" * 8]), nothing, 8).shape == (0, 2)


def test_hashes_are_read_as_hexadecimal():
    one, other = as_numbers(["8000000000000001", "0000000000000000"])
    assert distances(one, other) == 2
