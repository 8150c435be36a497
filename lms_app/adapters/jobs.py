"""Jobs by name: a row in the outbox now, a Dramatiq message after commit, and the sweep behind both.

A message is sent until its job is done: what failed after a short pause, what nobody confirmed after a longer one, each twice as long as the one
before. After `TRIES` sendings it is parked with its last error, for somebody to look at and send again.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import structlog
from dramatiq import Message
from dramatiq.brokers.redis import RedisBroker
from sqlalchemy import func, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.database import after_commit, transaction
from lms_app.ids import uuid7
from lms_app.models import OutboxMessage
from lms_app.settings import get_settings
from lms_app.words import JobQueue

log = structlog.get_logger(__name__)

RESEND_AFTER = timedelta(seconds=60)
"""A message sent this long ago and not marked done is sent again by the sweep: jobs are idempotent."""

RETRY_AFTER = timedelta(seconds=1)
"""A job that failed for the first time is sent again after this."""

LONGEST_PAUSE = timedelta(hours=1)

TRIES = 16
"""Sendings before a message is parked: with the pauses between them four hours of failing, nine of silence."""

SPACING = 350
"""Milliseconds between two beginnings of a job that is woken all the time. What many cause is worth looking at together."""

AT_ONCE = 5
"""Jobs that are queued together and sent right after the commit, at most."""

KEPT_AFTER_DONE = timedelta(days=7)


@lru_cache(maxsize=1)
def broker() -> RedisBroker:
    """The process's connection to the job broker. Workers build theirs, with middleware, in `workers/`."""
    return RedisBroker(url=get_settings().broker_redis_url, middleware=[], namespace="lyceum")


def enqueue(
    session: Session, job: str, *, queue: JobQueue, unique_key: str | None = None, not_before: datetime | None = None, **arguments: Any
) -> None:
    """Runs `job` with JSON-able `arguments` once the session's transaction is committed, at least once, on `queue`.

    With a `unique_key` only the first of many calls counts, for good.
    """
    now = clock.now()
    message_id = uuid7()
    at_once = not_before is None or not_before <= now
    row = {
        "id": message_id,
        "job": job,
        "queue": queue,
        "arguments": arguments,
        "unique_key": unique_key,
        "created_at": now,
        "not_before": now + _pause(RESEND_AFTER, 1) if at_once else not_before,
        # Counted as sent from the beginning, so that the sweep leaves it alone; taken back if the sending fails.
        "sent_at": now if at_once else None,
        "sendings": int(at_once),
    }
    session.flush()
    if session.connection().execute(_KEEP, row).first() is not None and at_once:
        after_commit(session, lambda: _send_first(job, queue, message_id, arguments))


def enqueue_many(session: Session, job: str, *, queue: JobQueue, calls: Sequence[tuple[datetime, dict[str, Any]]]) -> None:
    """Runs `job` once for each of many calls, (moment, arguments), not before its moment. Where there are more than `AT_ONCE` of them they are queued
    by one statement, and the next sweep sends them."""
    if len(calls) <= AT_ONCE:
        for moment, arguments in calls:
            enqueue(session, job, queue=queue, not_before=moment, **arguments)
        return
    now = clock.now()
    rows = [
        {"id": uuid7(), "job": job, "queue": queue, "arguments": arguments, "created_at": now, "not_before": max(moment, now), "sendings": 0}
        for moment, arguments in calls
    ]
    session.flush()
    session.connection().execute(insert(OutboxMessage), rows)


_KEEP = insert(OutboxMessage).on_conflict_do_nothing(index_elements=["unique_key"]).returning(col(OutboxMessage.id))


def _send_first(job: str, queue: JobQueue, message_id: UUID, arguments: dict[str, Any]) -> None:
    """Sends right after the commit. What a broker that is down did not take is left to the next sweep; what a process that died did not send, to the
    first one after `RESEND_AFTER`."""
    try:
        _send(job, queue, message_id, arguments)
    except Exception:
        log.warning("outbox_waits_for_broker", job=job, exc_info=True)
        with transaction() as session:
            session.execute(update(OutboxMessage).where(col(OutboxMessage.id) == message_id).values(sent_at=None, sendings=0, not_before=clock.now()))


def _pause(first: timedelta, sendings: int) -> timedelta:
    """How long to wait after so many sendings: doubling, and up to half as long again, so that what failed together does not come back together."""
    return min(first * 2 ** (sendings - 1), LONGEST_PAUSE) * random.uniform(1, 1.5)  # noqa: S311 - it spreads, and keeps no secret


def _send(job: str, queue: JobQueue, message_id: UUID, arguments: dict[str, Any]) -> None:
    """Gives the job to the broker."""
    broker().enqueue(Message(queue_name=queue, actor_name=job, args=(), kwargs={"outbox_id": str(message_id), **arguments}, options={}))


GivenUp = Callable[[Session, str, dict[str, Any]], None]
"""`given_up(session, job, arguments)`: that message is sent no more."""


def sweep(session: Session, *, limit: int = 500, given_up: GivenUp | None = None) -> int:
    """Sends what is due: never sent, failed, or sent long ago and not done. Parks what was sent often enough, and says so to `given_up`. Gives how
    many were sent; concurrent sweeps share the rows out."""
    now = clock.now()
    rows = session.exec(
        select(OutboxMessage)
        .where(col(OutboxMessage.done_at).is_(None), col(OutboxMessage.parked_at).is_(None), OutboxMessage.not_before <= now)
        .order_by(col(OutboxMessage.not_before))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    sent = 0
    for row in rows:
        if row.sendings >= TRIES:
            row.parked_at = now
            row.last_error = row.last_error or "No worker has confirmed it."
            log.error("outbox_parked", job=row.job, message=str(row.id))
            if given_up is not None:
                given_up(session, row.job, row.arguments)
        else:
            _send(row.job, JobQueue(row.queue), row.id, row.arguments)
            row.sent_at, row.sendings = now, row.sendings + 1
            row.not_before = now + _pause(RESEND_AFTER, row.sendings)
            sent += 1
    session.flush()
    if sent:
        log.info("outbox_swept", messages=sent)
    return sent


def done(session: Session, outbox_id: str) -> None:
    """Marks a message as done, inside the job's last transaction."""
    session.execute(update(OutboxMessage).where(col(OutboxMessage.id) == UUID(outbox_id)).values(done_at=clock.now(), parked_at=None))


def failed(session: Session, outbox_id: str, error: str) -> bool:
    """Notes that a message's job failed, and lets the sweep send it again after a pause, or parks it: then it gives True. `error` holds no personal
    data."""
    row = _unfinished(session, outbox_id)
    if row is None:
        return False
    row.last_error = error
    if row.sendings >= TRIES:
        row.parked_at = clock.now()
        log.error("outbox_parked", job=row.job, message=outbox_id)
    else:
        row.not_before = clock.now() + _pause(RETRY_AFTER, max(row.sendings, 1))
    session.flush()
    return row.parked_at is not None


def postpone(session: Session, outbox_id: str, delay: timedelta) -> None:
    """Lets the sweep send a message again after `delay`. It did not fail: the sending does not count."""
    row = _unfinished(session, outbox_id)
    if row is not None:
        row.not_before = clock.now() + delay
        row.sendings = max(row.sendings - 1, 0)
        session.flush()


def _unfinished(session: Session, outbox_id: str) -> OutboxMessage | None:
    return session.exec(
        select(OutboxMessage)
        .where(OutboxMessage.id == UUID(outbox_id), col(OutboxMessage.done_at).is_(None), col(OutboxMessage.parked_at).is_(None))
        .with_for_update()
    ).first()


@dataclass(frozen=True, kw_only=True)
class ParkedJob:
    """A message that is sent no more until somebody says so."""

    id: UUID
    job: str
    arguments: dict[str, Any]
    parked_at: datetime
    sendings: int
    last_error: str


def parked(session: Session, *, limit: int = 1000) -> list[ParkedJob]:
    """What is parked, the oldest first."""
    rows = session.exec(
        select(OutboxMessage).where(col(OutboxMessage.parked_at).is_not(None)).order_by(col(OutboxMessage.parked_at)).limit(limit)
    ).all()
    return [
        ParkedJob(
            id=row.id,
            job=row.job,
            arguments=row.arguments,
            parked_at=row.parked_at,
            sendings=row.sendings,
            last_error=row.last_error or "",
        )
        for row in rows
        if row.parked_at is not None
    ]


def send_again(session: Session, ids: list[UUID] | None = None) -> int:
    """Lets the sweep send parked messages, these or all, as if for the first time. Gives how many."""
    statement = update(OutboxMessage).where(col(OutboxMessage.parked_at).is_not(None))
    if ids is not None:
        statement = statement.where(col(OutboxMessage.id).in_(ids))
    again = session.execute(statement.values(parked_at=None, sent_at=None, sendings=0, not_before=clock.now()))
    return again.rowcount  # pyright: ignore[reportAttributeAccessIssue]


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """How many messages wait to be done, how many of them failed before, and how many are parked."""

    waiting: int
    failing: int
    parked: int


def backlog(session: Session) -> Backlog:
    """The outbox in three figures."""
    is_parked = col(OutboxMessage.parked_at).is_not(None)
    waiting, failing, parked = session.exec(
        select(
            func.count().filter(~is_parked),
            func.count().filter(~is_parked, col(OutboxMessage.last_error).is_not(None)),
            func.count().filter(is_parked),
        ).where(col(OutboxMessage.done_at).is_(None))
    ).one()
    return Backlog(waiting=waiting, failing=failing, parked=parked)


def forget_done(session: Session, *, limit: int = 5000) -> bool:
    """Deletes messages that were done a week ago. One with a unique key stays: it must never run again. True when there may be more."""
    gone = session.execute(
        text(
            "DELETE FROM outbox WHERE id IN "
            "(SELECT id FROM outbox WHERE done_at < :before AND unique_key IS NULL LIMIT :limit FOR UPDATE SKIP LOCKED)"
        ),
        {"before": clock.now() - KEPT_AFTER_DONE, "limit": limit},
    )
    return gone.rowcount == limit  # pyright: ignore[reportAttributeAccessIssue]


def wake(job: str, queue: JobQueue) -> None:
    """Asks for `job` soon, without a promise: for work that the scheduler repeats anyway. Calls become one until the job has begun (`heard`), or for
    a second; where it began less than `SPACING` ago, it begins anew after that."""
    connection = broker().client
    if connection.set(f"wake:{job}", "1", nx=True, px=1000):
        pause = connection.pttl(f"heard:{job}")
        delay = pause if isinstance(pause, int) and pause > 0 else None
        broker().enqueue(Message(queue_name=queue, actor_name=job, args=(), kwargs={}, options={}), delay=delay)


def heard(job: str) -> None:
    """Says that `job` has begun: whatever moves from now on wakes it anew, so that no wake-up is lost in another's coalescing."""
    with broker().client.pipeline() as connection:
        connection.set(f"heard:{job}", "1", px=SPACING)
        connection.delete(f"wake:{job}")
        connection.execute()
