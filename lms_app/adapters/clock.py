"""The time. Everything that asks for it asks here, so that tests and the seed can move it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_moved: ContextVar[datetime | timedelta | None] = ContextVar("moved_clock", default=None)


def now() -> datetime:
    """The present moment, aware, UTC."""
    moved = _moved.get()
    if isinstance(moved, datetime):
        return moved
    real = datetime.now(UTC)
    return real + moved if moved else real


@contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """Inside, `now()` stands at `moment`."""
    token = _moved.set(moment)
    try:
        yield
    finally:
        _moved.reset(token)


@contextmanager
def moved_by(distance: timedelta) -> Iterator[None]:
    """Inside, `now()` runs `distance` ahead of the real time."""
    token = _moved.set(distance)
    try:
        yield
    finally:
        _moved.reset(token)
