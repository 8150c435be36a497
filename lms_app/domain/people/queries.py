"""Who looks: the little that every page shows of a person."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from lms_app.domain.actor import Actor
from lms_app.domain.notifications.queries import unread
from lms_app.domain.notifications.telling import teller
from lms_app.domain.people.views import Viewer
from lms_app.models import Notification, Person
from lms_app.words import Role

NEWEST = 20
"""Notifications that a page knows, so that it tells news from what it has met."""


def viewer(session: Session, actor: Actor | None, known: Collection[str] | None = None) -> Viewer:
    """The person who acts, with their newest notifications; a visitor is nobody. `known` are those that the page has met: what came since is
    told in words. None at its first look: then nothing is news."""
    if actor is None:
        return Viewer()
    person = session.get_one(Person, actor.person_id)
    newest = session.exec(
        select(Notification.id, Notification.read_at)
        .where(Notification.person_id == actor.person_id, col(Notification.in_app))
        .order_by(col(Notification.id).desc())
        .limit(NEWEST)
    ).all()
    fresh = _fresh(newest, known)
    rows = session.exec(select(Notification).where(col(Notification.id).in_(fresh)).order_by(col(Notification.id))).all() if fresh else []
    tell = teller(session, rows, ZoneInfo(person.time_zone))
    told = [tell(row) for row in rows]
    return Viewer(
        signed_in=True,
        name=person.name,
        initials=initials(person.name),
        is_student=Role.STUDENT in actor.roles,
        is_instructor=Role.INSTRUCTOR in actor.roles,
        is_admin=Role.ADMIN in actor.roles,
        unread=unread(session, actor),
        newest=tuple(str(each) for each, _ in newest),
        fresh=tuple(sentence for sentence, _ in told),
        link=told[0][1] if len(told) == 1 else "",
    )


def _fresh(newest: Sequence[tuple[UUID, datetime | None]], known: Collection[str] | None) -> list[UUID]:
    """The unread that the page has not met. Not simply what is newer: of two that are written at once the older may be seen later."""
    if known is None:
        return []
    # What is older than all that the page knows, and was marked as unread again, is no news.
    oldest = min(known) if len(known) >= NEWEST else ""
    return [each for each, read_at in newest if read_at is None and str(each) not in known and str(each) > oldest]


def initials(name: str) -> str:
    """The first letters of the first and last part of a name; of a name in one part, its first letter."""
    parts = name.split()
    letters = [parts[0][0], parts[-1][0]] if len(parts) > 1 else [name[:1]]
    return "".join(letters).upper()
