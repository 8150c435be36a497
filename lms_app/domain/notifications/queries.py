"""Reading one's inbox: the newest, or a page of what was chosen."""

from math import ceil
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.domain.actor import Actor
from lms_app.domain.notifications.kind_rules import GROUP_OF, GROUPS
from lms_app.domain.notifications.telling import Telling, day_in_words, teller, when_in_words
from lms_app.domain.notifications.views import Inbox, InboxItem, InboxSheet
from lms_app.models import Course, Notification, Person
from lms_app.words import NotificationGroup, NotificationKind

__all__ = ["day_in_words", "inbox", "sheet", "unread", "when_in_words"]

PER_PAGE = 50


def inbox(session: Session, actor: Actor, limit: int = PER_PAGE) -> Inbox:
    """The actor's newest notifications, at most `limit` of them (50 at most)."""
    rows = session.exec(_mine(actor).order_by(col(Notification.id).desc()).limit(min(limit, PER_PAGE))).all()
    zone = _zone(session, actor)
    tell = teller(session, rows, zone)
    return Inbox(items=[_item(row, tell, zone) for row in rows], unread=unread(session, actor))


def sheet(
    session: Session,
    actor: Actor,
    *,
    only_unread: bool = False,
    course_id: UUID | None = None,
    group: NotificationGroup | None = None,
    page: int = 1,
) -> InboxSheet:
    """One page of the actor's notifications, the newest first: all or the unread, of one course, of one group of kinds."""
    chosen = _mine(actor)
    if only_unread:
        chosen = chosen.where(col(Notification.read_at).is_(None))
    if course_id is not None:
        chosen = chosen.where(Notification.course_id == course_id)
    if group is not None:
        chosen = chosen.where(col(Notification.kind).in_([kind for kind, each in GROUP_OF.items() if each == group]))
    total = session.exec(select(func.count()).select_from(chosen.subquery())).one()
    pages = max(1, ceil(total / PER_PAGE))
    page = min(max(page, 1), pages)
    rows = session.exec(chosen.order_by(col(Notification.id).desc()).offset((page - 1) * PER_PAGE).limit(PER_PAGE)).all()
    zone = _zone(session, actor)
    tell = teller(session, rows, zone)
    seen = select(Notification.course_id).where(Notification.person_id == actor.person_id).distinct()
    courses = session.exec(select(Course.id, Course.title).where(col(Course.id).in_(seen)).order_by(Course.title).limit(PER_PAGE)).all()
    return InboxSheet(
        lines=[_item(row, tell, zone) for row in rows],
        unread=unread(session, actor),
        page=page,
        pages=pages,
        total=total,
        courses=[(str(course), title) for course, title in courses],
        groups=[(str(each.id), each.title) for each in GROUPS],
    )


def unread(session: Session, actor: Actor) -> int:
    """How many notifications the actor has not read."""
    query = _mine(actor).where(col(Notification.read_at).is_(None)).subquery()
    return session.exec(select(func.count()).select_from(query)).one()


def _mine(actor: Actor) -> Any:
    return select(Notification).where(Notification.person_id == actor.person_id, col(Notification.in_app))


def _zone(session: Session, actor: Actor) -> ZoneInfo:
    return ZoneInfo(session.get_one(Person, actor.person_id).time_zone)


def _item(row: Notification, tell: Telling, zone: ZoneInfo) -> InboxItem:
    sentence, link = tell(row)
    return InboxItem(
        id=str(row.id),
        kind=row.kind,
        group=GROUP_OF[NotificationKind(row.kind)],
        sentence=sentence,
        link=link,
        when=when_in_words(row.created_at, zone),
        at=row.created_at.isoformat(),
        unread=row.read_at is None,
    )
