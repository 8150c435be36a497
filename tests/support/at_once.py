"""Acts that are all begun at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from lms_app.errors import LimitReached


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """What each gives, or the limit that it comes upon."""
    gate = Barrier(len(acts))

    def one(act: Callable[[], Any]) -> Any:
        gate.wait(10)
        try:
            return act()
        except LimitReached as refusal:
            return refusal

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result(60) for done in [pool.submit(one, act) for act in acts]]
