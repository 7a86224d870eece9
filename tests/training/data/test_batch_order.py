from collections import Counter

from training.data.batch_order import BatchOrder
from training.data.buckets import Bucket

SQUARE, TALL = Bucket(64, 64), Bucket(48, 80)


def _order(seed: int = 0) -> BatchOrder:
    return BatchOrder([SQUARE] * 5 + [TALL] * 2, [1] * 7, batch_size=3, seed=seed)


def test_batches_are_full_and_of_one_bucket() -> None:
    order = _order()
    for _ in range(50):
        batch = order.next_batch()
        assert len(batch) == 3
        assert all(index < 5 for index in batch) or all(index >= 5 for index in batch)


def test_every_picture_is_seen_equally_often_and_none_is_dropped() -> None:
    order = _order()
    seen = Counter(index for _ in range(70) for index in order.next_batch())
    assert set(seen) == set(range(7))
    assert max(seen.values()) - min(seen.values()) <= 2


def test_repeats_count() -> None:
    order = BatchOrder([SQUARE] * 2, [1, 3], batch_size=4, seed=0)
    assert Counter(order.next_batch()) == {0: 1, 1: 3}


def test_a_restored_order_goes_on_as_if_nothing_happened() -> None:
    whole = _order()
    expected = [whole.next_batch() for _ in range(20)]
    for cut in range(20):
        first = _order()
        begun = [first.next_batch() for _ in range(cut)]
        second = _order(seed=0)
        second.restore(first.state())
        assert begun + [second.next_batch() for _ in range(20 - cut)] == expected


def test_seeds_differ() -> None:
    assert [_order(1).next_batch() for _ in range(3)] != [_order(2).next_batch() for _ in range(3)]
