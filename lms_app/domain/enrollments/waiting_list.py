"""The waiting list of a run as its staff sees it."""

from dataclasses import dataclass
from math import ceil
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from lms_app.crypto import key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.enrollments import roster, seats
from lms_app.domain.notifications.queries import when_in_words
from lms_app.domain.people import audit
from lms_app.errors import NotFound
from lms_app.models import Person, Run, WaitingEntry


@dataclass(frozen=True, kw_only=True)
class WaitingLine:
    """Somebody who waits. `since` is in the reader's time zone."""

    id: str
    position: int
    name: str
    since: str


@dataclass(frozen=True, kw_only=True)
class WaitingPage:
    """One page of those who wait, the one who comes next first."""

    lines: list[WaitingLine]
    total: int
    page: int
    pages: int


def waiting_list(session: Session, actor: Actor, course_id: UUID, page: int = 1) -> WaitingPage:
    """A page of the waiting list of a course's present run, for its staff. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    entries = seats.waiting(session, access.current_run(session, course.id).id)
    pages = max(1, ceil(len(entries) / roster.PER_PAGE))
    page = min(max(page, 1), pages)
    first = (page - 1) * roster.PER_PAGE
    shown = entries[first : first + roster.PER_PAGE]
    people = {person.id: person for person in session.exec(select(Person).where(col(Person.id).in_([entry.person_id for entry in shown]))).all()}
    key_ring.load(session, people)
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    lines = [
        WaitingLine(id=str(entry.id), position=place, name=roster.name_of(people[entry.person_id]), since=when_in_words(entry.joined_at, zone))
        for place, entry in enumerate(shown, start=first + 1)
    ]
    return WaitingPage(lines=lines, total=len(entries), page=page, pages=pages)


def take_off(session: Session, actor: Actor, course_id: UUID, entry_id: UUID) -> None:
    """Takes somebody off the waiting list, for the authors of the course. Raises NotFound."""
    course = access.editable_course(session, actor, course_id)
    entry = session.get(WaitingEntry, entry_id)
    if entry is None or session.get_one(Run, entry.run_id).course_id != course.id:
        raise NotFound("There is nobody like that on the waiting list.")
    seats.hold(session, entry.run_id)
    session.refresh(entry)
    if entry.ended_at is None:
        seats.end_waiting(session, entry, "taken_off")
        audit.note(session, "waiting_ended", person_id=actor.person_id, object_kind="run", object_id=entry.run_id)
        seats.tell(session, course.id)
