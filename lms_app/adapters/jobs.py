"""Jobs by name: a row in the outbox now, a Dramatiq message after commit, and the sweep behind both."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import structlog
from dramatiq import Message
from dramatiq.brokers.redis import RedisBroker
from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from lms_app.adapters import clock
from lms_app.database import after_commit, transaction
from lms_app.ids import uuid7
from lms_app.models import OutboxMessage
from lms_app.settings import get_settings
from lms_app.words import JobQueue

log = structlog.get_logger(__name__)

RESEND_AFTER = timedelta(seconds=60)
"""A message sent this long ago and not marked done is sent again by the sweep: jobs are idempotent."""


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
        "not_before": not_before or now,
        # Counted as sent from the beginning, so that the sweep leaves it alone; taken back if the sending fails.
        "sent_at": now if at_once else None,
        "sendings": int(at_once),
    }
    statement = insert(OutboxMessage).values(row).on_conflict_do_nothing(index_elements=["unique_key"]).returning(col(OutboxMessage.id))
    if session.execute(statement).first() is not None and at_once:
        after_commit(session, lambda: _send_first(job, queue, message_id, arguments))


def _send_first(job: str, queue: JobQueue, message_id: UUID, arguments: dict[str, Any]) -> None:
    """Sends right after the commit. What a broker that is down did not take is left to the next sweep; what a process that died did not send, to the
    first one after `RESEND_AFTER`."""
    try:
        _send(job, queue, message_id, arguments)
    except Exception:
        log.warning("outbox_waits_for_broker", job=job, exc_info=True)
        with transaction() as session:
            session.execute(update(OutboxMessage).where(col(OutboxMessage.id) == message_id).values(sent_at=None, sendings=0))


def _send(job: str, queue: JobQueue, message_id: UUID, arguments: dict[str, Any]) -> None:
    """Gives the job to the broker."""
    broker().enqueue(Message(queue_name=queue, actor_name=job, args=(), kwargs={"outbox_id": str(message_id), **arguments}, options={}))


def sweep(session: Session, *, limit: int = 500) -> int:
    """Sends what is due and was not sent, or was sent `RESEND_AFTER` ago and is not done. Gives how many were sent;
    concurrent sweeps share the rows out."""
    now = clock.now()
    rows = session.execute(
        text(
            "SELECT id, job, queue, arguments FROM outbox WHERE done_at IS NULL AND not_before <= :now AND (sent_at IS NULL OR sent_at < :stale) "
            "ORDER BY not_before LIMIT :limit FOR UPDATE SKIP LOCKED"
        ),
        {"now": now, "stale": now - RESEND_AFTER, "limit": limit},
    ).all()
    for row in rows:
        _send(row.job, JobQueue(row.queue), row.id, row.arguments)
    if rows:
        session.execute(
            update(OutboxMessage).where(col(OutboxMessage.id).in_([row.id for row in rows])).values(sent_at=now, sendings=OutboxMessage.sendings + 1)
        )
        log.info("outbox_swept", messages=len(rows))
    return len(rows)


def done(session: Session, outbox_id: str) -> None:
    """Marks a message as done, inside the job's last transaction."""
    session.execute(update(OutboxMessage).where(col(OutboxMessage.id) == UUID(outbox_id)).values(done_at=clock.now()))


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


def wake(job: str, queue: JobQueue, *, coalesce_ms: int = 250) -> None:
    """Asks for `job` soon, without a promise: for work that the scheduler repeats anyway. Calls within `coalesce_ms` become one."""
    connection = broker().client
    if connection.set(f"wake:{job}", "1", nx=True, px=coalesce_ms):
        broker().enqueue(Message(queue_name=queue, actor_name=job, args=(), kwargs={}, options={}), delay=None)


def heard(job: str) -> None:
    """Says that `job` has begun: whatever moves from now on wakes it anew, so that no wake-up is lost in another's coalescing."""
    broker().client.delete(f"wake:{job}")
