"""Invitations of e-mail addresses that have no account yet: whoever confirms such an address is enrolled. A seat is kept for each while it stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, delete, select

from lms_app.adapters import clock, jobs
from lms_app.crypto import blind_index, key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.enrollments import run_rules, seats
from lms_app.domain.notifications import inbox
from lms_app.domain.notifications.queries import when_in_words
from lms_app.domain.people import audit
from lms_app.errors import NotFound
from lms_app.ids import uuid7
from lms_app.models import AddressInvitation, Course, Person, PersonKey, Run
from lms_app.settings import get_settings
from lms_app.words import JobQueue, NotificationKind

MAIL = "enrollments.mail_invitation"
LIFE = timedelta(days=30)
PER_PAGE = 50

Send = Callable[..., None]
"""`send(to, subject, text)`."""


@dataclass(frozen=True, kw_only=True)
class InvitedLine:
    """An address that was invited, as the authors of the course wrote it."""

    id: str
    email: str
    name: str
    waits: bool
    until: str


@dataclass(frozen=True, kw_only=True)
class InvitedPage:
    """One page of the addresses that were invited and have not come."""

    lines: list[InvitedLine]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class Invitee:
    """A clean address that has no account, with the name and group that the staff wrote beside it. Without a seat it waits for one."""

    email: str
    name: str = ""
    group_id: UUID | None = None
    holds_seat: bool = True


def invite(session: Session, actor: Actor, run: Run, invitees: Sequence[Invitee]) -> None:
    """Invites addresses, and mails them, after as many statements for many as for one, but for those whose invitation is over. The caller holds the
    run and knows that none of theirs stands."""
    if not invitees:
        return
    now = clock.now()
    indexes = [blind_index("email", one.email) for one in invitees]
    earlier = select(AddressInvitation).where(AddressInvitation.run_id == run.id, col(AddressInvitation.email_index).in_(indexes))
    for row in session.exec(earlier).all():
        _forget(session, row)
    rows = [
        AddressInvitation(
            run_id=run.id,
            person_id=uuid7(),
            email_index=index,
            group_id=one.group_id,
            holds_seat=one.holds_seat,
            invited_by=actor.person_id,
            created_at=now,
            expires_at=now + LIFE,
        )
        for one, index in zip(invitees, indexes, strict=True)
    ]
    key_ring.create_many(session, [row.person_id for row in rows])
    session.add_all(rows)
    for row, one in zip(rows, invitees, strict=True):
        row.email, row.name = one.email, one.name
    session.flush()
    jobs.enqueue_many(session, MAIL, queue=JobQueue.NOTIFICATIONS, calls=[(now, {"invitation_id": str(row.id)}) for row in rows])


def invited(session: Session, actor: Actor, course_id: UUID, page: int = 1) -> InvitedPage:
    """The addresses that were invited into a course's present run and have not come, the last ones first, for its authors. Raises NotFound."""
    course = access.editable_course(session, actor, course_id)
    run = access.current_run(session, course.id)
    ids = session.exec(
        select(AddressInvitation.id)
        .where(AddressInvitation.run_id == run.id, AddressInvitation.expires_at > clock.now())
        .order_by(col(AddressInvitation.id).desc())
    ).all()
    pages = max(1, ceil(len(ids) / PER_PAGE))
    page = min(max(page, 1), pages)
    shown = ids[(page - 1) * PER_PAGE : page * PER_PAGE]
    rows = session.exec(select(AddressInvitation).where(col(AddressInvitation.id).in_(shown)).order_by(col(AddressInvitation.id).desc())).all()
    key_ring.load(session, [row.person_id for row in rows])
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    lines = [
        InvitedLine(id=str(row.id), email=row.email, name=row.name or "", waits=not row.holds_seat, until=when_in_words(row.expires_at, zone))
        for row in rows
    ]
    return InvitedPage(lines=lines, total=len(ids), page=page, pages=pages)


def take_back(session: Session, actor: Actor, course_id: UUID, invitation_id: UUID) -> None:
    """Takes an invitation back, and gives the seat that it kept to whoever waits longest. Raises NotFound."""
    course = access.editable_course(session, actor, course_id)
    row = session.get(AddressInvitation, invitation_id)
    if row is None or session.get_one(Run, row.run_id).course_id != course.id:
        raise NotFound("There is no such invitation to this course.")
    run = seats.hold(session, row.run_id)
    standing = session.get(AddressInvitation, invitation_id, populate_existing=True)
    if standing is None:
        return
    _forget(session, standing)
    seats.promote(session, run)
    seats.tell(session, course.id)
    audit.note(session, "invitation_taken_back", person_id=actor.person_id, object_kind="course", object_id=course.id)


def take_up(session: Session, person: Person) -> None:
    """Enrols somebody who has an account by now in whatever their address was invited to, or puts them on the waiting list."""
    found = select(AddressInvitation.id, AddressInvitation.run_id).where(AddressInvitation.email_index == person.email_index)
    for invitation_id, run_id in session.exec(found.order_by(col(AddressInvitation.run_id))).all():
        run = seats.hold(session, run_id)
        row = session.get(AddressInvitation, invitation_id, populate_existing=True)
        if row is None:
            # It was taken back meanwhile, and its seat is somebody else's.
            continue
        group_id, kept, stands = row.group_id, row.holds_seat, row.expires_at > clock.now()
        _forget(session, row)
        if not stands or run_rules.has_ended(run, clock.now()):
            continue
        course = str(run.course_id)
        # Those who wait already come first, unless a seat was kept.
        if kept or (not seats.waiting(session, run.id) and seats.left(session, run) != 0):
            enrollment = seats.admit(session, run, person.id, group_id=group_id)
            inbox.deliver(session, person.id, NotificationKind.ENROLLED, unique_key=f"enrolled:{enrollment.id}", course=course)
        else:
            entry = seats.queue(session, run, person.id, group_id=group_id)
            seats.promote(session, run)
            inbox.deliver(session, person.id, NotificationKind.ADDED_WAITING, unique_key=f"waiting:{entry.id}", course=course)


def forget_address(session: Session, email_index: bytes) -> None:
    """Nothing that was said of an address is kept."""
    for row in session.exec(select(AddressInvitation).where(AddressInvitation.email_index == email_index)).all():
        _forget(session, row)


def clean_up(session: Session) -> None:
    """Deletes invitations whose time is over, with their keys, and gives the seats that they kept to those who wait."""
    over = col(AddressInvitation.expires_at) <= clock.now()
    for run_id in session.exec(select(AddressInvitation.run_id).where(over).distinct().order_by(col(AddressInvitation.run_id))).all():
        run = seats.hold(session, run_id)
        for row in session.exec(select(AddressInvitation).where(AddressInvitation.run_id == run_id, over)).all():
            _forget(session, row)
        seats.promote(session, run)


def send(session: Session, invitation_id: UUID, *, send: Send) -> None:
    """Mails an invitation, unless it was taken up or back meanwhile. Whose account was made while they were invited takes it up now."""
    row = session.get(AddressInvitation, invitation_id)
    if row is None or row.expires_at <= clock.now():
        return
    person = session.exec(select(Person).where(Person.email_index == row.email_index)).first()
    if person is not None:
        take_up(session, person)
        return
    course = session.get_one(Course, session.get_one(Run, row.run_id).course_id)
    public = get_settings().public_url
    place = "you are enrolled" if row.holds_seat else "you are on its waiting list, and enrolled by itself when a seat is free"
    # Not by the name that the staff wrote: it is nobody's word but theirs.
    send(
        row.email,
        f"An invitation to {course.title}",
        f"Hello,\n\nThe staff of “{course.title}” invites you to take the course on Lyceum. Register with this address, and {place}:\n\n"
        f"{public}/register\n\nThe invitation stands until {_day(row.expires_at)}. You do not want to come? Then do nothing.\n\nLyceum\n",
    )


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _forget(session: Session, row: AddressInvitation) -> None:
    session.delete(row)
    session.flush()
    session.exec(delete(PersonKey).where(col(PersonKey.person_id) == row.person_id))
    key_ring.forget(row.person_id)
