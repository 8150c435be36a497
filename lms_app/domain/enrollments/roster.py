"""Who takes a course: names opened in the process, searched and sorted there, never in SQL."""

from collections.abc import Hashable
from dataclasses import dataclass
from math import ceil
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import String, cast, func
from sqlalchemy.orm import load_only
from sqlmodel import Session, col, select

from lms_app.adapters.cache import ShortCache
from lms_app.crypto import KEY_LIFE, Unreadable, key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.assessments.override_words import percent_more
from lms_app.domain.courses import access
from lms_app.domain.courses.queries import percent
from lms_app.domain.enrollments.name_rules import plain
from lms_app.domain.notifications.queries import when_in_words
from lms_app.models import Enrollment, Person, Progress
from lms_app.words import EnrollmentStatus

PER_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class RosterLine:
    """One who takes the course. `more` is the time that the course gives on top of the usual, in percent, empty for none."""

    id: str
    name: str
    more: str
    percent: int
    done: int
    total: int
    completed: bool
    active: str
    enrolled: str


@dataclass(frozen=True, kw_only=True)
class Roster:
    """One page of those who take a course. `total` counts all that matched, `learners` all. `role` is what the viewer is on its staff."""

    course_id: str
    run_id: str
    course: str
    role: str
    slug: str
    learners: int
    total: int
    page: int
    pages: int
    lines: list[RosterLine]


def roster(session: Session, actor: Actor, course_id: UUID, search: str = "", page: int = 1) -> Roster:
    """Those who take the newest run of a course that the actor is on the staff of, by name. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    run = access.current_run(session, course.id)
    everybody = named(session, run.id)
    found = matching(everybody, search)
    pages = max(1, ceil(len(found) / PER_PAGE))
    page = min(max(page, 1), pages)
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    rows = session.exec(
        select(Enrollment, Progress)
        .join(Progress, col(Progress.enrollment_id) == col(Enrollment.id), isouter=True)
        .where(col(Enrollment.id).in_([one.enrollment_id for one in shown]))
    ).all()
    taken = {enrollment.id: (enrollment, progress) for enrollment, progress in rows}
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    return Roster(
        course_id=str(course.id),
        run_id=str(run.id),
        course=course.title,
        role=access.role_in(session, actor, course.id),
        slug=course.slug,
        learners=len(everybody),
        total=len(found),
        page=page,
        pages=pages,
        lines=[_line(one.name, *taken[one.enrollment_id], zone) for one in shown],
    )


def _line(name: str, enrollment: Enrollment, progress: Progress | None, zone: ZoneInfo) -> RosterLine:
    return RosterLine(
        id=str(enrollment.id),
        name=name,
        more=percent_more(enrollment.time_factor),
        percent=percent(progress),
        done=progress.done if progress else 0,
        total=progress.total if progress else 0,
        completed=enrollment.completed_at is not None,
        active=when_in_words(enrollment.last_active_at, zone) if enrollment.last_active_at else "",
        enrolled=when_in_words(enrollment.enrolled_at, zone),
    )


@dataclass(frozen=True, kw_only=True)
class Named:
    """Somebody who takes a run, by name."""

    enrollment_id: UUID
    person_id: UUID
    name: str
    plain: str
    """The name as it is sorted and searched by."""


def named(session: Session, run_id: UUID, search: str = "") -> list[Named]:
    """Everybody who takes a run and whose name has all the words of `search`, by name. For those who may see them: it asks for no actor.

    Who takes it is as it is now. Names that were opened for the same people are kept for as long as the keys that open them, for a reader of windows
    asks for them again and again; `forget_names` drops them before that.
    """
    taking = (Enrollment.run_id == run_id, Enrollment.status == EnrollmentStatus.ACTIVE)
    digests = func.sum(func.hashtextextended(cast(Enrollment.id, String), 0))
    people = session.exec(select(func.count(), digests).where(*taking)).one()
    held = _known.get((run_id, *people))
    if held is None:
        held = (_opened(session, taking),)
        _known.put((run_id, *people), held[0])
    return matching(held[0], search)


def matching(people: list[Named], search: str) -> list[Named]:
    """Those whose name has all the words of `search`, in their order."""
    words = plain(search).split()
    return [one for one in people if all(word in one.plain for word in words)]


def forget_names() -> None:
    """Makes this process open names anew: somebody has another one."""
    _known.clear()


_known: ShortCache[Hashable, list[Named]] = ShortCache(seconds=KEY_LIFE, size=100)


def _opened(session: Session, taking: tuple[Any, ...]) -> list[Named]:
    rows = session.exec(
        select(Enrollment.id, Person)
        .join(Person, col(Person.id) == col(Enrollment.person_id))
        .where(*taking)
        .options(load_only(Person.id, Person.name_sealed))  # pyright: ignore[reportArgumentType]
    ).all()
    key_ring.load(session, [person.id for _, person in rows])
    names = [(enrollment_id, person.id, name_of(person)) for enrollment_id, person in rows]
    everybody = [Named(enrollment_id=enrollment_id, person_id=person_id, name=name, plain=plain(name)) for enrollment_id, person_id, name in names]
    return sorted(everybody, key=lambda one: (one.plain, one.name, one.enrollment_id))


def name_of(person: Person) -> str:
    """A person's name; what stands for it once the account is erased."""
    try:
        return person.name or "Erased account"
    except Unreadable:
        return "Erased account"
