"""A person's calendar address: whoever has it reads that person's dates without signing in, until it is replaced, stopped, or the account erased.
Only a digest of what stands in it is kept, so that an address is shown once, to whom it belongs."""

import hashlib
import secrets
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.calendar.moments import Moment, MomentKind, moments_of
from lms_app.domain.calendar.queries import LABELS
from lms_app.domain.calendar.views import FeedEntry, FeedStanding
from lms_app.domain.notifications.queries import when_in_words
from lms_app.domain.people import audit
from lms_app.errors import NotFound
from lms_app.models import CalendarFeed, Person
from lms_app.settings import get_settings
from lms_app.words import Role

BACK = timedelta(days=180)
"""How long a date stays in a feed after it has passed."""
MOST_ENTRIES = 1_000
READ_NOTED = timedelta(hours=1)
"""How exactly it is known when a feed was read."""


def standing(session: Session, actor: Actor) -> FeedStanding:
    """Whether the actor has a calendar address."""
    actor.must_be(Role.STUDENT)
    feed = session.get(CalendarFeed, actor.person_id)
    return FeedStanding(exists=False) if feed is None else _standing(session, feed)


def make(session: Session, actor: Actor) -> FeedStanding:
    """A new calendar address for the actor. One that they had before works no longer."""
    actor.must_be(Role.STUDENT)
    token, now = secrets.token_urlsafe(24), clock.now()
    feed = session.exec(select(CalendarFeed).where(CalendarFeed.person_id == actor.person_id).with_for_update()).first()
    feed = feed or CalendarFeed(person_id=actor.person_id, digest=b"", created_at=now)
    feed.digest, feed.created_at, feed.read_at = _digest(token), now, None
    session.add(feed)
    session.flush()
    audit.note(session, "calendar_feed_made", person_id=actor.person_id)
    return _standing(session, feed, address=f"{get_settings().public_url}/v/calendar/{token}.ics")


def stop(session: Session, actor: Actor) -> None:
    """Ends the actor's calendar address. Nothing happens where there is none."""
    feed = session.get(CalendarFeed, actor.person_id)
    if feed is not None:
        session.delete(feed)
        session.flush()
        audit.note(session, "calendar_feed_stopped", person_id=actor.person_id)


def entries_behind(session: Session, _: object, token: str) -> list[FeedEntry]:
    """What a calendar gets that reads this address: the dates of its person, none other. Raises NotFound for an address that is not, or no longer, in
    use."""
    feed = session.exec(select(CalendarFeed).where(CalendarFeed.digest == _digest(token))).first()
    person = session.get(Person, feed.person_id) if feed is not None else None
    if feed is None or person is None or person.erased_at is not None or not person.can_learn:
        raise NotFound("This calendar address is not in use.")
    now = clock.now()
    if feed.read_at is None or feed.read_at < now - READ_NOTED:
        feed.read_at = now
        session.add(feed)
    host = urlsplit(get_settings().public_url).hostname or "lyceum"
    kept = [each for each in moments_of(session, person.id) if each.at > now - BACK]
    return [_entry(each, host) for each in kept[:MOST_ENTRIES]]


def _entry(moment: Moment, host: str) -> FeedEntry:
    label = "Handed in" if moment.done else LABELS[moment.kind]
    about = "" if moment.kind in (MomentKind.BEGINS, MomentKind.ENDS) else moment.course
    return FeedEntry(
        uid=f"{moment.kind}-{moment.run_id}-{moment.node}@{host}",
        at=moment.at.isoformat(),
        summary=f"{label}: {moment.title}",
        description=" ".join(filter(None, (f"In {about}." if about else "", moment.note))),
        link=f"{get_settings().public_url}{moment.link}",
        course=moment.course,
    )


def _standing(session: Session, feed: CalendarFeed, address: str = "") -> FeedStanding:
    zone = ZoneInfo(session.get_one(Person, feed.person_id).time_zone)
    return FeedStanding(
        exists=True,
        since=when_in_words(feed.created_at, zone),
        read=when_in_words(feed.read_at, zone) if feed.read_at else "",
        address=address,
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
