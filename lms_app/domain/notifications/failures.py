"""Mails and messages that did not arrive, or are late, for administrators: what was tried, what was said, and once more. Addresses are masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_
from sqlmodel import Session, col, select

from lms_app.adapters import clock, jobs
from lms_app.crypto import key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.notifications import inbox
from lms_app.domain.notifications.kind_rules import group_of
from lms_app.domain.notifications.telling import when_in_words
from lms_app.domain.people import audit
from lms_app.domain.people.registration import MAIL_LINK
from lms_app.errors import NotAllowed
from lms_app.models import Notification, NotificationDelivery, NotificationSettings, Person
from lms_app.words import DeliveryChannel, DeliveryState, JobQueue, NotificationKind, Role

KEPT = timedelta(days=30)
LATE = timedelta(days=7)
"""How long it is shown that a mail was late, of which no more was heard."""

PER_PAGE = 50
AT_ONCE = 500
"""Deliveries that are tried again by one press."""

CHANNELS = {
    DeliveryChannel.MAIL: "Mail",
    DeliveryChannel.DAILY: "Daily digest",
    DeliveryChannel.WEEKLY: "Weekly digest",
    DeliveryChannel.PUSH: "Browser",
}
_LOST = (DeliveryState.FAILED, DeliveryState.BOUNCED)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One delivery that was given up. `bounced`: the address itself was refused. `late`: nothing is given up, a mail server still tries."""

    id: str
    address: str
    about: str
    channel: str
    when: str
    tries: int
    reason: str
    bounced: bool
    late: bool


@dataclass(frozen=True, kw_only=True)
class MailReport:
    """How mail goes: a page of what was given up in thirty days or is late, the newest first; how much was given up; what was sent in a day and what
    waits; addresses that are paused; mails of accounts that were given up, which `parked-jobs` lists."""

    failures: list[Failure]
    total: int
    given_up: int
    page: int
    pages: int
    sent: int
    waiting: int
    paused: int
    parked: int


def report(session: Session, actor: Actor | None, page: int = 1) -> MailReport:
    """The report, for administrators. `actor` is None for whoever has the machine. Raises NotAllowed."""
    _must_administer(actor)
    now = clock.now()
    shown = select(NotificationDelivery).where(or_(_is_lost(), _is_late()))
    total = session.exec(select(func.count()).select_from(shown.subquery())).one()
    pages = max(1, ceil(total / PER_PAGE))
    page = min(max(page, 1), pages)
    rows = session.exec(shown.order_by(col(NotificationDelivery.ended_at).desc()).offset((page - 1) * PER_PAGE).limit(PER_PAGE)).all()
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone if actor else "UTC")
    queued = (NotificationDelivery.state == DeliveryState.QUEUED, NotificationDelivery.due_at <= now)
    return MailReport(
        failures=_lines(session, rows, zone),
        total=total,
        given_up=_count(session, _is_lost()),
        page=page,
        pages=pages,
        sent=_count(session, col(NotificationDelivery.sent_at) > now - timedelta(days=1)),
        waiting=_count(session, *queued),
        paused=session.exec(select(func.count()).where(col(NotificationSettings.mail_paused_at).is_not(None))).one(),
        parked=sum(1 for job in jobs.parked(session) if job.job == MAIL_LINK),
    )


def retry(session: Session, actor: Actor | None, delivery_id: UUID | None = None) -> int:
    """Lets one delivery that was given up be tried again, or all of thirty days, `AT_ONCE` at most. Gives how many. Raises NotAllowed."""
    _must_administer(actor)
    lost = select(NotificationDelivery).where(_is_lost()).order_by(col(NotificationDelivery.id)).limit(AT_ONCE).with_for_update(skip_locked=True)
    if delivery_id is not None:
        lost = lost.where(NotificationDelivery.id == delivery_id)
    now = clock.now()
    rows = session.exec(lost).all()
    for row in rows:
        row.state, row.tries, row.due_at, row.ended_at = DeliveryState.QUEUED, 0, now, None
        if row.channel in (DeliveryChannel.MAIL, DeliveryChannel.PUSH):
            jobs.enqueue(session, inbox.DELIVER, queue=JobQueue.NOTIFICATIONS, delivery_id=str(row.id))
        else:
            inbox.ask_for_digest(session, row.person_id, DeliveryChannel(row.channel), now)
    session.flush()
    if rows:
        audit.note(session, "mail_retried", person_id=actor.person_id if actor else None)
    return len(rows)


def masked(address: str) -> str:
    """An address of which whoever knows it recognises it, and nobody else learns it."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}" if local else ""


def _must_administer(actor: Actor | None) -> None:
    if actor is not None and Role.ADMIN not in actor.roles:
        raise NotAllowed


def _is_lost():
    return and_(col(NotificationDelivery.state).in_(_LOST), col(NotificationDelivery.ended_at) > clock.now() - KEPT)


def _is_late():
    """What a mail server has taken, and has said of that it could not hand it over yet."""
    told = (col(NotificationDelivery.last_error).is_not(None), col(NotificationDelivery.ended_at) > clock.now() - LATE)
    return and_(col(NotificationDelivery.state) == DeliveryState.SENT, *told)


def _count(session: Session, *conditions) -> int:  # pyright: ignore[reportMissingParameterType]
    return session.exec(select(func.count()).select_from(NotificationDelivery).where(*conditions)).one()


def _lines(session: Session, rows: Sequence[NotificationDelivery], zone: ZoneInfo) -> list[Failure]:
    ids = {row.person_id for row in rows}
    key_ring.load(session, ids)
    people = {row.id: row for row in session.exec(select(Person).where(col(Person.id).in_(ids))).all()}
    told = session.exec(select(Notification).where(col(Notification.id).in_({row.notification_id for row in rows}))).all()
    kinds = {row.id: NotificationKind(row.kind) for row in told}
    return [
        Failure(
            id=str(row.id),
            address=masked(people[row.person_id].email or ""),
            about=group_of(kinds[row.notification_id]).title,
            channel=CHANNELS[DeliveryChannel(row.channel)],
            when=when_in_words(row.ended_at or row.created_at, zone),
            tries=row.tries,
            reason=row.last_error or "",
            bounced=row.state == DeliveryState.BOUNCED,
            late=row.state == DeliveryState.SENT,
        )
        for row in rows
    ]
