"""A person's notifications: written once, read once, told in sentences on reading. What leaves the app is queued with them, as its person wants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert as insert_rows
from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from lms_app.adapters import clock, jobs, pubsub
from lms_app.database import after_commit
from lms_app.domain.actor import Actor
from lms_app.domain.notifications.delivery_rules import Wishes, ways
from lms_app.domain.notifications.wishes import wishes_of
from lms_app.ids import uuid7
from lms_app.models import Notification, NotificationDelivery
from lms_app.words import DeliveryChannel, DeliveryState, Hint, JobQueue, NotificationKind

DELIVER = "notifications.deliver"
DIGEST = "notifications.digest"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What one person is told: `subjects` are ids as text, and what only this moment knows. `unique_key` makes it happen once."""

    person_id: UUID
    unique_key: str
    subjects: Mapping[str, Any] = field(default_factory=dict[str, Any])


def deliver(session: Session, person_id: UUID, kind: NotificationKind, *, unique_key: str, **subjects: Any) -> bool:
    """Puts a notification into a person's inbox, once per `unique_key`, and queues what goes out by mail or push. `subjects` are ids as text; the
    `course` among them is what a person may mute. Gives False when it was there already."""
    return bool(deliver_many(session, kind, [Notice(person_id=person_id, unique_key=unique_key, subjects=subjects)]))


def deliver_many(session: Session, kind: NotificationKind, notices: Sequence[Notice]) -> int:
    """The same for many people, all about one course or none, by a constant number of statements beside those of the jobs. Gives how many are new."""
    if not notices:
        return 0
    course = notices[0].subjects.get("course")
    course_id = UUID(course) if course else None
    # A job that runs again for a whole course finds its notices written. Nobody is asked what they want of those.
    keys = [notice.unique_key for notice in notices]
    known = set(session.execute(_KNOWN, {"keys": keys}).scalars()) if len(notices) > 1 else set[str]()
    fresh = [notice for notice in notices if notice.unique_key not in known]
    if not fresh:
        return 0
    wishes = wishes_of(session, {notice.person_id for notice in fresh}, kind, course_id)
    now = clock.now()
    rows = [_row(notice, kind, course_id, wishes[notice.person_id], now) for notice in fresh if notice.person_id in wishes]
    if not rows:
        return 0
    written = {row.id: row.person_id for row in session.execute(_KEEP, rows).all()} if len(rows) > 1 else _keep_one(session, rows[0])
    _queue(session, written, wishes, now)
    for person_id in set(written.values()):
        after_commit(session, lambda person_id=person_id: pubsub.hint(Hint.INBOX, person_id), once=f"inbox:{person_id}")
    return len(written)


def _row(notice: Notice, kind: NotificationKind, course_id: UUID | None, wishes: Wishes, now: datetime) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "person_id": notice.person_id,
        "kind": kind,
        "course_id": course_id,
        # That no mail comes any more is nothing that one can hear of in another way.
        "in_app": wishes.choice.in_app or kind is NotificationKind.MAIL_PAUSED,
        "subjects": dict(notice.subjects),
        "unique_key": notice.unique_key,
        "created_at": now,
        # Of a muted course it lies in the inbox and asks for nothing; and so does a receipt, for what one did oneself a moment ago.
        "read_at": now if wishes.muted or kind is NotificationKind.SUBMITTED else None,
    }


_KNOWN = text("SELECT unique_key FROM notifications WHERE unique_key = ANY(:keys)")
_KEEP = insert(Notification).on_conflict_do_nothing(index_elements=["unique_key"]).returning(col(Notification.id), col(Notification.person_id))


def _keep_one(session: Session, row: dict[str, Any]) -> dict[UUID, UUID]:
    kept = session.connection().execute(_KEEP, row).first()
    return {kept.id: kept.person_id} if kept is not None else {}


def _queue(session: Session, written: Mapping[UUID, UUID], wishes: Mapping[UUID, Wishes], now: datetime) -> None:
    rows: list[dict[str, Any]] = []
    digests: set[tuple[UUID, DeliveryChannel, datetime]] = set()
    for notification_id, person_id in written.items():
        for channel, due_at in ways(wishes[person_id], now):
            delivery = {
                "id": uuid7(),
                "notification_id": notification_id,
                "person_id": person_id,
                "channel": channel,
                "state": DeliveryState.QUEUED,
                "tries": 0,
                "created_at": now,
                "due_at": due_at,
            }
            rows.append(delivery)
            if channel in (DeliveryChannel.DAILY, DeliveryChannel.WEEKLY):
                digests.add((person_id, channel, due_at))
    if not rows:
        return
    announced = _digests_announced(session, digests)
    session.connection().execute(insert_rows(NotificationDelivery), rows)
    alone = [row for row in rows if row["channel"] in (DeliveryChannel.MAIL, DeliveryChannel.PUSH)]
    calls = [(row["due_at"], {"delivery_id": str(row["id"])}) for row in alone]
    jobs.enqueue_many(session, DELIVER, queue=JobQueue.NOTIFICATIONS, calls=calls)
    new = digests - announced
    calls = [(due_at, {"person_id": str(person_id), "channel": str(channel)}) for person_id, channel, due_at in new]
    jobs.enqueue_many(session, DIGEST, queue=JobQueue.NOTIFICATIONS, calls=calls)


def ask_for_digest(session: Session, person_id: UUID, channel: DeliveryChannel, due_at: datetime) -> None:
    """Lets a person's digest be made then. Asked for twice, the second finds nothing to send."""
    jobs.enqueue(session, DIGEST, queue=JobQueue.NOTIFICATIONS, not_before=due_at, person_id=str(person_id), channel=str(channel))


def _digests_announced(session: Session, digests: set[tuple[UUID, DeliveryChannel, datetime]]) -> set[tuple[UUID, DeliveryChannel, datetime]]:
    """Those that are asked for already."""
    if not digests:
        return set()
    rows = session.execute(_ANNOUNCED, {"people": [person_id for person_id, _, _ in digests]}).all()
    return {(row.person_id, DeliveryChannel(row.channel), row.due_at) for row in rows}


_ANNOUNCED = text(
    "SELECT DISTINCT person_id, channel, due_at FROM notification_deliveries "
    "WHERE state = 'queued' AND channel IN ('daily', 'weekly') AND person_id = ANY(:people)"
)


def renew(session: Session, person_id: UUID, unique_key: str, *, moved_at: datetime) -> None:
    """Lets a notification be unread again that was read before what it counts has moved; not one of a muted course."""
    if session.execute(_RENEW, {"key": unique_key, "moved_at": moved_at}).first() is not None:
        after_commit(session, lambda: pubsub.hint(Hint.INBOX, person_id), once=f"inbox:{person_id}")


_RENEW = text(
    "UPDATE notifications n SET read_at = NULL WHERE unique_key = :key AND read_at < :moved_at "
    "AND NOT EXISTS (SELECT FROM course_mutes m WHERE m.person_id = n.person_id AND m.course_id = n.course_id) RETURNING id"
)


def mark_read(session: Session, actor: Actor, notification_id: UUID | None = None) -> None:
    """Marks one of the actor's notifications as read, or all of them."""
    _mark(session, actor, notification_id, read=True)


def mark_unread(session: Session, actor: Actor, notification_id: UUID) -> None:
    """Marks one of the actor's notifications as not read."""
    _mark(session, actor, notification_id, read=False)


def _mark(session: Session, actor: Actor, notification_id: UUID | None, *, read: bool) -> None:
    column = col(Notification.read_at)
    statement = update(Notification).where(col(Notification.person_id) == actor.person_id, column.is_(None) if read else column.is_not(None))
    if notification_id is not None:
        statement = statement.where(col(Notification.id) == notification_id)
    session.execute(statement.values(read_at=clock.now() if read else None))
    after_commit(session, lambda: pubsub.hint(Hint.INBOX, actor.person_id))
