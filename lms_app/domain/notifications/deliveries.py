"""Notifications on their way out: in a mail of their own, in a digest, to browsers. Each until it was taken, refused for good, or is not wanted.

A delivery is held by the transaction that sends it, so no two workers send the same. Should a worker die after the server has taken a mail and before
the commit, it is sent again, under the same Message-ID. By that Message-ID, and by where it is returned to (`adapters/mail.py`), a mail is known that
comes back later (`bounces.py`).
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.notifications import inbox, letters, unsubscribing
from lms_app.domain.notifications.delivery_rules import GIVEN_UP_AFTER, Wishes, after_quiet, is_stale, is_wanted, pause
from lms_app.domain.notifications.kind_rules import Group, group_of
from lms_app.domain.notifications.letters import Entry, Letter
from lms_app.domain.notifications.telling import teller, when_in_words
from lms_app.domain.notifications.wishes import wishes_of
from lms_app.errors import Undelivered
from lms_app.models import Notification, NotificationDelivery, NotificationSettings, Person
from lms_app.settings import get_settings
from lms_app.words import DeliveryChannel, DeliveryState, MailTiming, NotificationKind

PER_HOUR = 20
"""Mails to one person in an hour; more wait."""

BOUNCES = 3
"""Refusals of an address in a row after which nothing is mailed to it until its owner says so."""

COME_BACK_WITHIN = timedelta(days=7)
"""How long a mail server may try before it returns a mail. That it has taken another one meanwhile says nothing of the address."""

IN_A_DIGEST = 100
SOON = timedelta(seconds=30)

Mail = Callable[..., None]
"""`send(to, subject, text, html=…, headers=…)`. Raises Undelivered."""

Push = Callable[[Session, UUID, str, str, str], None]
"""`send(session, person_id, tag, sentence, link)` to every browser of the person. Raises Undelivered."""


@dataclass(frozen=True, kw_only=True)
class Again:
    """Not yet: look again at that moment."""

    at: datetime


def send(session: Session, delivery_id: UUID, *, mail: Mail, push: Push) -> Again | None:
    """Sends one delivery, unless it was sent, or is not wanted any more. Gives when to try again what was not taken or has to wait."""
    now = clock.now()
    delivery = session.exec(select(NotificationDelivery).where(NotificationDelivery.id == delivery_id).with_for_update(skip_locked=True)).first()
    if delivery is None:
        # Held by another worker, or gone with its person.
        known = session.exec(select(NotificationDelivery.id).where(NotificationDelivery.id == delivery_id)).first()
        return Again(at=now + SOON) if known is not None else None
    if delivery.state != DeliveryState.QUEUED:
        return None
    notification = session.get_one(Notification, delivery.notification_id)
    channel = DeliveryChannel(delivery.channel)
    wishes = _wishes(session, notification)
    if wishes is None or not is_wanted(channel, wishes) or _stale(notification, delivery, now):
        _end(delivery, DeliveryState.DROPPED, now)
        return None
    waits = after_quiet(now, wishes.zone, wishes.quiet)
    if waits > now:
        return Again(at=waits)
    if channel is DeliveryChannel.MAIL and (busy := _busy(session, delivery.person_id, now)):
        return Again(at=busy)
    person = session.get_one(Person, delivery.person_id)
    sentence, link = teller(session, [notification], wishes.zone)(notification)
    address = f"{get_settings().public_url}{link}"
    try:
        if channel is DeliveryChannel.PUSH:
            push(session, person.id, str(notification.id), sentence, link)
        else:
            letter, headers = _single(person, group_of(NotificationKind(notification.kind)), sentence, address, notification.created_at, wishes.zone)
            _post(mail, person, letter, headers | {"Message-ID": _message_id(delivery.id)}, subject=sentence.rstrip("."))
    except Undelivered as why:
        return _in_vain(session, [delivery], why, wishes, now)
    _taken(session, [delivery], now)
    return None


def send_digest(session: Session, person_id: UUID, channel: DeliveryChannel, *, mail: Mail) -> Again | None:
    """Mails a person, in one, what is due for a digest. Gives when to look again: nothing was taken, there is more, or somebody sends it now."""
    now = clock.now()
    due = select(NotificationDelivery).where(
        NotificationDelivery.person_id == person_id,
        NotificationDelivery.channel == channel,
        NotificationDelivery.state == DeliveryState.QUEUED,
        NotificationDelivery.due_at <= now,
    )
    held = session.exec(due.order_by(col(NotificationDelivery.id)).limit(IN_A_DIGEST).with_for_update(skip_locked=True)).all()
    if not held:
        return Again(at=now + SOON) if session.exec(due.limit(1)).first() is not None else None
    wanted: list[tuple[NotificationDelivery, Notification]] = []
    wishes: Wishes | None = None
    for delivery in held:
        notification = session.get_one(Notification, delivery.notification_id)
        theirs = _wishes(session, notification)
        if theirs is None or not is_wanted(channel, theirs) or _stale(notification, delivery, now):
            _end(delivery, DeliveryState.DROPPED, now)
        else:
            wishes = theirs
            wanted.append((delivery, notification))
    if wishes is None:
        return None
    person = session.get_one(Person, person_id)
    tell = teller(session, [notification for _, notification in wanted], wishes.zone)
    entries = [_entry(tell(notification), notification.created_at, wishes.zone) for _, notification in wanted]
    timing = MailTiming(channel.value)
    stop = unsubscribing.link(person_id, timing)
    title = f"{len(entries)} {'thing' if len(entries) == 1 else 'things'} {'today' if timing == MailTiming.DAILY else 'this week'} in Lyceum"
    letter = Letter(
        title=title,
        greeting=person.name,
        entries=entries,
        why=f"Your preferences say: {unsubscribing.DIGESTS[timing]}.",
        ways=_ways(person_id, ("Stop this digest", stop)),
    )
    try:
        _post(mail, person, letter, _unsubscribe(stop) | {"Message-ID": _message_id(wanted[0][0].id)}, subject=title)
    except Undelivered as why:
        return _in_vain(session, [delivery for delivery, _ in wanted], why, wishes, now)
    _taken(session, [delivery for delivery, _ in wanted], now)
    return Again(at=now) if len(held) == IN_A_DIGEST else None


def _wishes(session: Session, notification: Notification) -> Wishes | None:
    found = wishes_of(session, [notification.person_id], NotificationKind(notification.kind), notification.course_id)
    return found.get(notification.person_id)


def _stale(notification: Notification, delivery: NotificationDelivery, now: datetime) -> bool:
    due = notification.subjects.get("due")
    return is_stale(NotificationKind(notification.kind), delivery.due_at, datetime.fromisoformat(due) if due else None, now)


def _busy(session: Session, person_id: UUID, now: datetime) -> datetime | None:
    """When to look again, where this person has had enough for an hour, or everybody for a minute."""
    mailed = select(func.count()).where(col(NotificationDelivery.channel) == DeliveryChannel.MAIL)
    theirs = mailed.where(col(NotificationDelivery.person_id) == person_id, col(NotificationDelivery.sent_at) > now - timedelta(hours=1))
    if session.exec(theirs).one() >= PER_HOUR:
        return now + timedelta(minutes=10)
    if session.exec(mailed.where(col(NotificationDelivery.sent_at) > now - timedelta(minutes=1))).one() >= get_settings().mails_per_minute:
        return now + timedelta(seconds=random.uniform(5, 30))  # noqa: S311 - it spreads, and keeps no secret
    return None


def _single(person: Person, group: Group, sentence: str, address: str, at: datetime, zone: ZoneInfo) -> tuple[Letter, dict[str, str]]:
    stop = unsubscribing.link(person.id, group.id)
    letter = Letter(
        title=sentence,
        greeting=person.name,
        entries=[_entry((sentence, address), at, zone)],
        why=f"Your preferences say: mail about {unsubscribing.in_a_sentence(group.id)}.",
        ways=_ways(person.id, ("Stop these mails", stop)),
    )
    return letter, _unsubscribe(stop)


def _entry(told: tuple[str, str], at: datetime, zone: ZoneInfo) -> Entry:
    sentence, link = told
    absolute = link if link.startswith(get_settings().public_url) else f"{get_settings().public_url}{link}"
    return Entry(sentence=sentence, link=absolute, when=when_in_words(at, zone))


def _ways(person_id: UUID, first: tuple[str, str]) -> Sequence[tuple[str, str]]:
    every = unsubscribing.link(person_id, unsubscribing.ALL)
    return (first, ("Stop all mail", every), ("Choose what you get", f"{get_settings().public_url}/profile/notifications"))


def _unsubscribe(address: str) -> dict[str, str]:
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _post(mail: Mail, person: Person, letter: Letter, headers: dict[str, str], *, subject: str) -> None:
    mail(person.email, subject, letters.as_text(letter), html=letters.as_html(letter), headers=headers)


def _message_id(delivery_id: UUID) -> str:
    return f"<{delivery_id}@{urlsplit(get_settings().public_url).hostname or 'localhost'}>"


def _taken(session: Session, rows: Sequence[NotificationDelivery], now: datetime) -> None:
    for row in rows:
        row.tries += 1
        row.sent_at, row.last_error = now, None
        _end(row, DeliveryState.SENT, now)
    if rows[0].channel != DeliveryChannel.PUSH:
        settings = session.get(NotificationSettings, rows[0].person_id)
        if settings is not None and settings.bounces and not _came_back(session, rows[0].person_id, now):
            settings.bounces = 0
    session.flush()


def _in_vain(session: Session, rows: Sequence[NotificationDelivery], why: Undelivered, wishes: Wishes, now: datetime) -> Again | None:
    for row in rows:
        row.tries += 1
        row.last_error = why.reason
    given_up = why.for_good or now - rows[0].due_at > GIVEN_UP_AFTER
    if not given_up:
        session.flush()
        return Again(at=after_quiet(now + pause(rows[0].tries), wishes.zone, wishes.quiet))
    for row in rows:
        _end(row, DeliveryState.BOUNCED if why.gone else DeliveryState.FAILED, now)
    if why.gone and rows[0].channel != DeliveryChannel.PUSH:
        note_refusal(session, rows[0].person_id)
    session.flush()
    return None


def note_refusal(session: Session, person_id: UUID) -> None:
    """Counts that an address takes no mail. After `BOUNCES` in a row nothing is mailed to it, and its owner is told in the app how to mend that."""
    session.execute(insert(NotificationSettings).values(person_id=person_id, bounces=0).on_conflict_do_nothing())
    settings = session.exec(select(NotificationSettings).where(NotificationSettings.person_id == person_id).with_for_update()).one()
    settings.bounces += 1
    if settings.bounces >= BOUNCES and settings.mail_paused_at is None:
        settings.mail_paused_at = clock.now()
        session.flush()
        inbox.deliver(session, person_id, NotificationKind.MAIL_PAUSED, unique_key=f"mail-paused:{person_id}:{settings.mail_paused_at.isoformat()}")


def _came_back(session: Session, person_id: UUID, now: datetime) -> bool:
    """Whether a mail to this person that was taken has come back of late."""
    returned = select(NotificationDelivery.id).where(
        NotificationDelivery.person_id == person_id,
        NotificationDelivery.channel != DeliveryChannel.PUSH,
        NotificationDelivery.state == DeliveryState.BOUNCED,
        col(NotificationDelivery.sent_at).is_not(None),
        col(NotificationDelivery.ended_at) > now - COME_BACK_WITHIN,
    )
    return session.exec(returned.limit(1)).first() is not None


def _end(row: NotificationDelivery, state: DeliveryState, now: datetime) -> None:
    row.state, row.ended_at = state, now
