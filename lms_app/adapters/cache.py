"""A cache inside this process, for what may be a few seconds old, or never changes."""

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class ShortCache(Generic[K, V]):
    """Keeps at most `size` values, each for `seconds`; the oldest go first. Safe between threads."""

    def __init__(self, *, seconds: float, size: int = 10_000) -> None:
        self._seconds = seconds
        self._size = size
        self._held: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K) -> tuple[V] | None:
        """The value in a 1-tuple, so that a kept None is told from nothing kept."""
        with self._lock:
            held = self._held.get(key)
            if held is None:
                return None
            if held[0] < time.monotonic():
                del self._held[key]
                return None
            return (held[1],)

    def put(self, key: K, value: V) -> None:
        """Keeps `value` from now on."""
        with self._lock:
            self._held[key] = (time.monotonic() + self._seconds, value)
            self._held.move_to_end(key)
            while len(self._held) > self._size:
                self._held.popitem(last=False)

    def drop(self, key: K) -> None:
        """Forgets one value."""
        with self._lock:
            self._held.pop(key, None)

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._held.clear()
