"""Monthly partitions of the event log, made ahead of time. What falls in no month lies in `learning_events_rest`, so nothing is ever refused."""

from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from lms_app.adapters import clock

MAKE_PARTITIONS = "analytics.make_partitions"
"""Name of the job."""


def make_partitions(session: Session) -> list[str]:
    """Makes this month's and next month's partition (UTC) where they are missing, and gives the names of those made.

    Rows of such a month that lie in the rest move over in the same transaction; they keep their `xid`, so the fold neither misses nor repeats them.
    Writers wait meanwhile. Raises OperationalError where the table cannot be had within 3 s; then nothing has changed.
    """
    first = clock.now().astimezone(UTC).date().replace(day=1)
    months = [month for month in (first, _after(first)) if not _exists(session, _name(month))]
    if months:
        session.execute(text("SET LOCAL lock_timeout = '3s'"))
        session.execute(text("SET LOCAL statement_timeout = 0"))
        session.execute(text("LOCK TABLE learning_events IN ACCESS EXCLUSIVE MODE"))
    return [_make(session, month) for month in months if not _exists(session, _name(month))]


def _make(session: Session, month: date) -> str:
    name, low, high = _name(month), _lowest_id(month), _lowest_id(_after(month))
    session.execute(text(f"CREATE TABLE {name} (LIKE learning_events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"))
    taken = "WITH moved AS (DELETE FROM learning_events_rest WHERE id >= :low AND id < :high RETURNING *)"
    session.execute(text(f"{taken} INSERT INTO {name} SELECT * FROM moved"), {"low": low, "high": high})  # noqa: S608 - `name` is made of a date
    session.execute(text(f"ALTER TABLE learning_events ATTACH PARTITION {name} FOR VALUES FROM ('{low}') TO ('{high}')"))
    return name


def _name(month: date) -> str:
    return f"learning_events_{month:%Y%m}"


def _after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _lowest_id(month: date) -> UUID:
    """The least UUID whose first 48 bits, the milliseconds of a UUIDv7, say that the month has begun."""
    return UUID(int=int(datetime(month.year, month.month, 1, tzinfo=UTC).timestamp() * 1000) << 80)


def _exists(session: Session, name: str) -> bool:
    return session.execute(text("SELECT to_regclass(:name)"), {"name": name}).scalar() is not None
