"""Notifications, what people want of them and how they leave the app; the outbox; mail caught by an installation without a mail server."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlmodel import Field

from lms_app.crypto import sealed
from lms_app.models.columns import Row, ciphertext, document, moment, no_facts, primary_id, refers, word
from lms_app.words import DeliveryChannel, DeliveryState, JobQueue, MailTiming, NotificationGroup, NotificationKind


class Notification(Row, table=True):
    """Something a person should know: a kind and ids. The sentence is made on reading. `unique_key` makes delivery happen once.

    `in_app` is false where the person wants to hear it by mail or push alone: the inbox passes over it.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_inbox", "person_id", "id"),
        Index("ix_notifications_unread", "person_id", "id", postgresql_where=text("read_at IS NULL AND in_app")),
        Index("ix_notifications_course_id", "course_id", "person_id"),
    )

    id: UUID = primary_id()
    person_id: UUID = refers("people.id", index=False)
    kind: NotificationKind = word()
    course_id: UUID | None = refers("courses.id", index=False, default=None)
    in_app: bool = True
    subjects: dict[str, Any] = document(default_factory=no_facts)
    unique_key: str = Field(unique=True)
    created_at: datetime = moment()
    read_at: datetime | None = moment(default=None)


class NotificationDelivery(Row, table=True):
    """That a notification leaves the app by one channel, once, not before `due_at`. `tries` counts sendings, `last_error` has no personal data.

    A delivery to browsers (push) stands for all of the person's.
    """

    __tablename__ = "notification_deliveries"
    __table_args__ = (
        UniqueConstraint("notification_id", "channel"),
        Index("ix_notification_deliveries_queued", "person_id", "channel", "due_at", postgresql_where=text("state = 'queued'")),
        Index("ix_notification_deliveries_due", "due_at", postgresql_where=text("state = 'queued'")),
        Index("ix_notification_deliveries_sent", "sent_at", postgresql_where=text("sent_at IS NOT NULL")),
        Index("ix_notification_deliveries_of", "person_id", "sent_at", postgresql_where=text("channel = 'mail'")),
        Index("ix_notification_deliveries_failed", "ended_at", postgresql_where=text("state IN ('failed', 'bounced')")),
    )

    id: UUID = primary_id()
    notification_id: UUID = Field(foreign_key="notifications.id", ondelete="CASCADE")
    person_id: UUID = refers("people.id", index=False)
    channel: DeliveryChannel = word()
    state: DeliveryState = word(default=DeliveryState.QUEUED)
    tries: int = 0
    last_error: str | None = None
    created_at: datetime = moment()
    due_at: datetime = moment()
    sent_at: datetime | None = moment(default=None)
    ended_at: datetime | None = moment(default=None)


class NotificationChoice(Row, table=True):
    """How a person wants to hear of one group of kinds. Without a row the group's defaults hold."""

    __tablename__ = "notification_choices"

    person_id: UUID = Field(foreign_key="people.id", primary_key=True)
    kind_group: NotificationGroup = Field(sa_type=String, primary_key=True)
    in_app: bool = True
    mail: MailTiming = word()
    push: bool = False


class NotificationSettings(Row, table=True):
    """What holds for all notifications of a person. Quiet hours are minutes after midnight in the person's zone. Mail is off from `mail_off_at` on;
    it is paused, after the address has refused `bounces` mails in a row, from `mail_paused_at` on."""

    __tablename__ = "notification_settings"

    person_id: UUID = Field(foreign_key="people.id", primary_key=True)
    quiet_from: int | None = None
    quiet_until: int | None = None
    mail_off_at: datetime | None = moment(default=None)
    bounces: int = 0
    mail_paused_at: datetime | None = moment(default=None)


class CourseMute(Row, table=True):
    """That a person hears of a course in the inbox alone."""

    __tablename__ = "course_mutes"

    person_id: UUID = Field(foreign_key="people.id", primary_key=True)
    course_id: UUID = Field(foreign_key="courses.id", primary_key=True, index=True)
    created_at: datetime = moment()


class PushSubscription(Row, table=True):
    """A browser that takes messages for a person while no page of ours is open. Its address is found by a keyed digest."""

    __tablename__ = "push_subscriptions"

    id: UUID = primary_id()
    person_id: UUID = refers("people.id")
    login_id: UUID | None = refers("logins.id", default=None)
    address_index: bytes = ciphertext(unique=True)
    address_sealed: bytes | None = ciphertext(default=None)
    key_sealed: bytes | None = ciphertext(default=None)
    auth_sealed: bytes | None = ciphertext(default=None)
    created_at: datetime = moment()

    address = sealed("address_sealed")
    key = sealed("key_sealed")
    auth = sealed("auth_sealed")


class SweepMark(Row, table=True):
    """Up to when something was looked through that is looked through again and again."""

    __tablename__ = "sweep_marks"

    name: str = Field(primary_key=True)
    until: datetime = moment()


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
