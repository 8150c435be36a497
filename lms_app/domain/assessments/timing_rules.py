"""When an attempt ends, and whether an answer came in time. Pure; all times are aware."""

from datetime import datetime, timedelta

GRACE = timedelta(seconds=5)
"""What a slow network is forgiven: an answer that left before the deadline may arrive this much later."""


def deadline(started_at: datetime, *, limit: timedelta | None = None, closes_at: datetime | None = None) -> datetime | None:
    """When answers stop being taken: the time limit's end or the close date, whichever is first; None if there is neither.

    An attempt that starts after the close date has its deadline in the past, so nothing is taken.
    """
    ends = [moment for moment in (started_at + limit if limit is not None else None, closes_at) if moment is not None]
    return min(ends, default=None)


def is_in_time(at: datetime, deadline_at: datetime | None, *, grace: timedelta = GRACE) -> bool:
    """Whether what reached the server `at` this moment is still taken. The last moment of grace is."""
    return deadline_at is None or at <= deadline_at + grace


def is_overdue(now: datetime, deadline_at: datetime | None, *, grace: timedelta = GRACE) -> bool:
    """Whether an open attempt is to be closed by the server: exactly when nothing more would be taken."""
    return not is_in_time(now, deadline_at, grace=grace)


def time_left(now: datetime, deadline_at: datetime | None) -> timedelta | None:
    """What the clock shows: time until the deadline, never below zero and without grace; None where there is no limit."""
    return None if deadline_at is None else max(deadline_at - now, timedelta(0))
