"""A person's notifications: delivered once, read once, told in sentences on reading."""

from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from lms_app.adapters import clock, jobs, pubsub
from lms_app.database import after_commit
from lms_app.domain.actor import Actor
from lms_app.ids import uuid7
from lms_app.models import Notification
from lms_app.words import Hint, JobQueue, NotificationKind

MAIL = "notifications.mail"
MAILED = frozenset(
    {
        NotificationKind.ADDED,
        NotificationKind.ADDED_WAITING,
        NotificationKind.CERTIFICATE_ISSUED,
        NotificationKind.IMPORT_FAILED,
        NotificationKind.SEAT_FREED,
    }
)
"""Kinds that also go out by mail."""


def deliver(session: Session, person_id: UUID, kind: NotificationKind, *, unique_key: str, **subjects: Any) -> bool:
    """Puts a notification into a person's inbox, once per `unique_key`, and mails the kinds that are mailed. `subjects` are ids as text.
    Gives False when it was there already."""
    notification_id = uuid7()
    written = session.execute(
        insert(Notification)
        .values(id=notification_id, person_id=person_id, kind=kind, subjects=subjects, unique_key=unique_key, created_at=clock.now())
        .on_conflict_do_nothing(index_elements=["unique_key"])
        .returning(col(Notification.id))
    ).first()
    if written is None:
        return False
    if kind in MAILED:
        jobs.enqueue(session, MAIL, queue=JobQueue.NOTIFICATIONS, unique_key=f"mail:{unique_key}", notification_id=str(notification_id))
    after_commit(session, lambda: pubsub.hint(Hint.INBOX, person_id))
    return True


def mark_read(session: Session, actor: Actor, notification_id: UUID | None = None) -> None:
    """Marks one of the actor's notifications as read, or all of them."""
    statement = update(Notification).where(col(Notification.person_id) == actor.person_id, col(Notification.read_at).is_(None))
    if notification_id is not None:
        statement = statement.where(col(Notification.id) == notification_id)
    session.execute(statement.values(read_at=clock.now()))
    after_commit(session, lambda: pubsub.hint(Hint.INBOX, actor.person_id))
