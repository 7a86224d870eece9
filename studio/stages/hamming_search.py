"""Find all pairs of 64-bit hashes within a Hamming radius, exactly, without comparing every pair.

Pigeonhole: cut the bits into more pieces than the radius has bits; two hashes within the radius agree on at least one
whole piece. So only hashes that share a piece are compared, in tiles of bounded size.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

HASH_BITS = 64
_TILE = 256
# Pieces of fewer bits hardly tell hashes apart: then comparing all is cheaper.
_LEAST_PIECE_BITS = 4
# Fewer and longer pieces make many groups of one hash each, which costs more than it saves.
_LEAST_PIECES = 7
_FEW_HASHES = 3000


def as_numbers(hashes: list[str]) -> np.ndarray:
    """Return hashes of 16 hex digits as a uint64 array of shape (number of hashes,)."""
    return np.array([int(text, 16) for text in hashes], dtype=np.uint64)


def distances(one: np.ndarray | np.uint64, other: np.ndarray | np.uint64) -> np.ndarray:
    """Return the number of different bits, element by element (uint8, 0 to 64)."""
    return np.bitwise_count(np.bitwise_xor(one, other))


def close_pairs(left: np.ndarray, right: np.ndarray | None, radius: int) -> np.ndarray:
    """Return every (i, j) with `left[i]` and `right[j]` at most `radius` bits apart, each once, in order.

    Without `right`, the pairs within `left`, with i < j. The arrays are uint64; the answer has shape (pairs, 2).
    """
    pieces = _number_of_pieces(len(left), radius)
    width = len(left) if right is None else len(right)
    found = [np.empty(0, dtype=np.int64)]
    for piece in range(pieces):
        for rows, columns in _sharing_piece(left, right, piece, pieces):
            # One number for a pair sorts several times faster than two.
            found += [one * width + other for one, other in _compare(left, right, rows, columns, radius)]
    codes = np.unique(np.concatenate(found))
    return np.stack([codes // max(1, width), codes % max(1, width)], axis=1)


def _number_of_pieces(hashes: int, radius: int) -> int:
    """Return into how many pieces to cut: at least radius + 1, or 1 for comparing all."""
    pieces = max(radius + 1, _LEAST_PIECES)
    too_short = HASH_BITS // pieces < _LEAST_PIECE_BITS
    return 1 if too_short or hashes <= _FEW_HASHES else pieces


def _sharing_piece(
    left: np.ndarray, right: np.ndarray | None, piece: int, pieces: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the numbers of the hashes that agree on one piece of their bits, left and right, value by value."""
    left_order, left_keys = _sorted_by_piece(left, piece, pieces)
    right_order, right_keys = (left_order, left_keys) if right is None else _sorted_by_piece(right, piece, pieces)
    keys, starts = np.unique(left_keys, return_index=True)
    ends = np.append(starts, len(left))[1:]
    right_starts = np.searchsorted(right_keys, keys, "left")
    right_ends = np.searchsorted(right_keys, keys, "right")
    for start, end, right_start, right_end in zip(starts, ends, right_starts, right_ends, strict=True):
        yield left_order[start:end], right_order[right_start:right_end]


def _sorted_by_piece(hashes: np.ndarray, piece: int, pieces: int) -> tuple[np.ndarray, np.ndarray]:
    if pieces == 1:
        return np.arange(len(hashes)), np.zeros(len(hashes), dtype=np.uint64)
    first, end = piece * HASH_BITS // pieces, (piece + 1) * HASH_BITS // pieces
    mask = np.uint64((1 << (end - first)) - 1)
    keys = np.right_shift(hashes, np.uint64(first)) & mask
    order = np.argsort(keys, kind="stable")
    return order, keys[order]


def _compare(
    left: np.ndarray, right: np.ndarray | None, rows: np.ndarray, columns: np.ndarray, radius: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield (row numbers, column numbers) of close pairs, tile by tile."""
    others = left if right is None else right
    for row in range(0, len(rows), _TILE):
        some = rows[row : row + _TILE]
        # Within one array each pair is looked at once; the order is stable, so later means a larger number.
        for column in range(row if right is None else 0, len(columns), _TILE):
            against = columns[column : column + _TILE]
            close = distances(left[some][:, None], others[against][None, :]) <= radius
            if right is None and row == column:
                close = np.triu(close, 1)
            if close.any():
                first, second = np.nonzero(close)
                yield some[first], against[second]
