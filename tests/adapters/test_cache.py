"""The cache inside a process."""

import time

from lms_app.adapters.cache import ShortCache


def test_a_kept_none_is_told_from_nothing() -> None:
    cache: ShortCache[str, int | None] = ShortCache(seconds=60)
    cache.put("a", None)
    assert cache.get("a") == (None,)
    assert cache.get("b") is None


def test_values_fade_and_can_be_dropped() -> None:
    cache: ShortCache[str, int] = ShortCache(seconds=0.05)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.drop("b")
    assert cache.get("a") == (1,)
    assert cache.get("b") is None
    time.sleep(0.06)
    assert cache.get("a") is None


def test_the_oldest_goes_when_it_is_full() -> None:
    cache: ShortCache[int, int] = ShortCache(seconds=60, size=2)
    for number in (1, 2, 1, 3):
        cache.put(number, number)
    assert [cache.get(number) for number in (1, 2, 3)] == [(1,), None, (3,)]
