"""When coverage looks: at what tests do, not at what they stand on."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from coverage import Coverage


@contextmanager
def unmeasured() -> Iterator[None]:
    """Nothing in here counts as tested, nor takes the time of counting, which is as much again. May be nested."""
    measured = Coverage.current() if threading.current_thread() is threading.main_thread() else None
    if measured is None:
        yield
        return
    measured.stop()
    try:
        yield
    finally:
        measured.start()
