"""Notifications, the outbox, and mail caught by an installation without a mail server."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from lms_app.crypto import sealed
from lms_app.models.columns import Row, ciphertext, document, moment, no_facts, primary_id, refers, word
from lms_app.words import JobQueue, NotificationKind


class Notification(Row, table=True):
    """Something a person should know: a kind and ids. The sentence is made on reading. `unique_key` makes delivery happen once."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_inbox", "person_id", "id"),
        Index("ix_notifications_unread", "person_id", postgresql_where=text("read_at IS NULL")),
    )

    id: UUID = primary_id()
    person_id: UUID = refers("people.id", index=False)
    kind: NotificationKind = word()
    subjects: dict[str, Any] = document(default_factory=no_facts)
    unique_key: str = Field(unique=True)
    created_at: datetime = moment()
    read_at: datetime | None = moment(default=None)


class OutboxMessage(Row, table=True):
    """A job that must run because of what was committed with it. `unique_key`, where given, makes one message of many triggers.

    It is not sent, or sent again, before `not_before`. One that was sent too often in vain is parked.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "not_before", postgresql_where=text("done_at IS NULL AND parked_at IS NULL")),
        Index("ix_outbox_parked", "parked_at", postgresql_where=text("parked_at IS NOT NULL")),
    )

    id: UUID = primary_id()
    job: str
    queue: JobQueue = word()
    arguments: dict[str, Any] = document(default_factory=no_facts)
    unique_key: str | None = Field(default=None, unique=True)
    created_at: datetime = moment()
    not_before: datetime = moment()
    sent_at: datetime | None = moment(default=None)
    sendings: int = 0
    done_at: datetime | None = moment(default=None)
    parked_at: datetime | None = moment(default=None)
    last_error: str | None = None


class CaughtMail(Row, table=True):
    """A mail that an installation without a mail server kept for its mailbox page. Sealed under the installation's key."""

    __tablename__ = "caught_mails"

    id: UUID = primary_id()
    person_id: UUID | None = None
    recipient_index: bytes = ciphertext(index=True)
    recipient_sealed: bytes | None = ciphertext(default=None)
    subject_sealed: bytes | None = ciphertext(default=None)
    text_sealed: bytes | None = ciphertext(default=None)
    html_sealed: bytes | None = ciphertext(default=None)
    created_at: datetime = moment(index=True)

    recipient = sealed("recipient_sealed")
    subject = sealed("subject_sealed")
    text = sealed("text_sealed")
    html = sealed("html_sealed")
