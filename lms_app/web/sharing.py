"""One reading for all tabs of this process that want the same at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from lms_app.errors import LmsError

T = TypeVar("T")


class Shared(Generic[T]):
    """Reads a thing once for everybody who asked for it before the reading began.

    Whoever asks later may want what that reading misses, and waits for the next, which begins when the present one has ended. So nobody is given
    what is older than their question, and a hall of tabs that a hint wakes costs two readings. What is shared must be the same for all who ask by
    one key, and whether they may see it is theirs to find out first. A refusal is of the one who read: the others ask again.
    """

    def __init__(self) -> None:
        self._next: dict[Hashable, asyncio.Task[T]] = {}
        self._present: dict[Hashable, asyncio.Task[T]] = {}

    async def get(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """What `read` gives, or the `read` of another who asked by this key. Raises what that raises, but refuses nobody because of another."""
        place = (asyncio.get_running_loop(), key)
        while (task := self._next.get(place)) is not None:
            try:
                return await asyncio.shield(task)
            except LmsError:
                continue
        task = self._next[place] = asyncio.ensure_future(self._read(place, read))
        # Whoever leaves does not take it from the others.
        return await asyncio.shield(task)

    async def _read(self, place: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        if (before := self._present.get(place)) is not None:
            await asyncio.wait([before])
        task = self._present[place] = self._next.pop(place)
        try:
            return await read()
        finally:
            if self._present.get(place) is task:
                del self._present[place]
