"""Find all pairs of 64-bit hashes within a Hamming radius, exactly, without comparing every pair.

Pigeonhole: cut the bits into radius + 1 pieces; two hashes within the radius agree on at least one whole piece. So
only hashes that share a piece are compared, in tiles of bounded size.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

HASH_BITS = 64
_TILE = 256
# Pieces of fewer bits hardly tell hashes apart: then comparing all is cheaper.
_LEAST_PIECE_BITS = 4


def as_numbers(hashes: list[str]) -> np.ndarray:
    """Return hashes of 16 hex digits as a uint64 array of shape (number of hashes,)."""
    return np.array([int(text, 16) for text in hashes], dtype=np.uint64)


def distances(one: np.ndarray | np.uint64, other: np.ndarray | np.uint64) -> np.ndarray:
    """Return the number of different bits, element by element (uint8, 0 to 64)."""
    return np.bitwise_count(np.bitwise_xor(one, other))


def close_pairs(left: np.ndarray, right: np.ndarray, radius: int) -> np.ndarray:
    """Return every (i, j) with `left[i]` and `right[j]` at most `radius` bits apart, each once, in order.

    `left` and `right` are uint64 arrays without repeated values; the answer has shape (pairs, 2).
    """
    pieces = radius + 1
    if HASH_BITS // pieces < _LEAST_PIECE_BITS:
        found = list(_compare(left, right, np.arange(len(left)), np.arange(len(right)), radius))
    else:
        found = [pairs for piece in range(pieces) for pairs in _sharing_piece(left, right, radius, piece, pieces)]
    if not found:
        return np.empty((0, 2), dtype=np.int64)
    return np.unique(np.concatenate(found), axis=0)


def _sharing_piece(left: np.ndarray, right: np.ndarray, radius: int, piece: int, pieces: int) -> Iterator[np.ndarray]:
    """Yield the close pairs among hashes that agree on one piece of their bits."""
    left_order, left_keys = _sorted_by_piece(left, piece, pieces)
    right_order, right_keys = _sorted_by_piece(right, piece, pieces)
    keys, left_starts = np.unique(left_keys, return_index=True)
    left_ends = np.append(left_starts[1:], len(left))
    right_starts = np.searchsorted(right_keys, keys, "left")
    right_ends = np.searchsorted(right_keys, keys, "right")
    spans = zip(left_starts, left_ends, right_starts, right_ends, strict=True)
    for left_start, left_end, right_start, right_end in spans:
        yield from _compare(left, right, left_order[left_start:left_end], right_order[right_start:right_end], radius)


def _sorted_by_piece(hashes: np.ndarray, piece: int, pieces: int) -> tuple[np.ndarray, np.ndarray]:
    first, end = piece * HASH_BITS // pieces, (piece + 1) * HASH_BITS // pieces
    mask = np.uint64((1 << (end - first)) - 1)
    keys = np.right_shift(hashes, np.uint64(first)) & mask
    order = np.argsort(keys, kind="stable")
    return order, keys[order]


def _compare(
    left: np.ndarray, right: np.ndarray, rows: np.ndarray, columns: np.ndarray, radius: int
) -> Iterator[np.ndarray]:
    for row in range(0, len(rows), _TILE):
        for column in range(0, len(columns), _TILE):
            some, others = rows[row : row + _TILE], columns[column : column + _TILE]
            close = distances(left[some][:, None], right[others][None, :]) <= radius
            if close.any():
                first, second = np.nonzero(close)
                yield np.stack([some[first], others[second]], axis=1)
