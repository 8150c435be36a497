"""Courses that are to be completed before another is taken."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, delete, exists, select

from lms_app.adapters import clock
from lms_app.domain import turns
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.enrollments import seats
from lms_app.domain.people import audit
from lms_app.errors import Conflict, Invalid, LimitReached, NotFound
from lms_app.models import Course, Enrollment, Prerequisite
from lms_app.words import Status

MOST = 10


@dataclass(frozen=True, kw_only=True)
class Required:
    """A course that is to be completed first. `done`: by the viewer. `slug` is empty where nobody can open it any more."""

    id: str
    slug: str
    title: str
    done: bool


class Missing(LimitReached):
    """Courses are to be completed first. `courses`: which."""

    def __init__(self, courses: list[Required]) -> None:
        super().__init__(f"Complete {in_words(courses)} first.")
        self.courses = courses


def in_words(courses: Iterable[Required]) -> str:
    """`“Sets”, “Logic” and “Proofs”`."""
    titles = [f"“{course.title}”" for course in courses]
    return " and ".join([", ".join(titles[:-1]), titles[-1]]) if len(titles) > 1 else "".join(titles)


def of_course(session: Session, course_id: UUID, person_id: UUID | None = None) -> list[Required]:
    """What is to be completed before a course, in the order in which it was set; `person_id` says for whom it is done. For those who may see the
    course: it asks for no actor. A course counts as completed whichever of its runs it was completed in, and after one has left it, too."""
    completed = exists().where(
        col(Enrollment.course_id) == Course.id, col(Enrollment.person_id) == person_id, col(Enrollment.completed_at).is_not(None)
    )
    rows = session.execute(
        select(Course.id, Course.slug, Course.title, Course.status, completed)  # pyright: ignore[reportCallIssue, reportArgumentType]
        .join(Prerequisite, col(Prerequisite.required_id) == col(Course.id))
        .where(Prerequisite.course_id == course_id)
        .order_by(col(Prerequisite.created_at), col(Course.id))
    ).all()
    return [
        Required(id=str(course_id), slug=slug if status == Status.PUBLISHED else "", title=title, done=done)
        for course_id, slug, title, status, done in rows
    ]


def required(session: Session, actor: Actor, course_id: UUID) -> list[Required]:
    """What is to be completed before a course, for its staff. Raises NotFound."""
    return of_course(session, access.staffed_course(session, actor, course_id).id)


def missing(session: Session, course_id: UUID, person_id: UUID) -> list[Required]:
    """What a person has still to complete before a course."""
    return [course for course in of_course(session, course_id, person_id) if not course.done]


def require(session: Session, actor: Actor, course_id: UUID, required_id: UUID) -> None:
    """Lets a published course be completed before this one is taken; those who take this one already go on. Twice is once.

    Raises Invalid for a course that leads back to this one, LimitReached, NotFound.
    """
    course = access.editable_course(session, actor, course_id)
    required = session.get(Course, required_id)
    if required is None or required.status != Status.PUBLISHED:
        raise NotFound("There is no such course in the catalogue.")
    # One after the other: two that are each made to wait for the other at the same time would both be let through.
    turns.wait(session, "prerequisites")
    known = set(session.exec(select(Prerequisite.required_id).where(Prerequisite.course_id == course.id)).all())
    if required.id in known:
        return
    if course.id in _behind(session, required.id):
        sentence = "It cannot be its own prerequisite." if required.id == course.id else f"“{required.title}” waits for this course itself."
        raise Invalid(sentence, fields={"required": sentence})
    if len(known) >= MOST:
        raise LimitReached(f"A course has at most {MOST} prerequisites.")
    session.add(Prerequisite(course_id=course.id, required_id=required.id, created_at=clock.now()))
    session.flush()
    audit.note(session, "prerequisite_added", person_id=actor.person_id, object_kind="course", object_id=course.id)
    seats.tell(session, course.id)


def release(session: Session, actor: Actor, course_id: UUID, required_id: UUID) -> None:
    """A course need not be completed before this one any more. Raises NotFound, Conflict when it is no prerequisite."""
    course = access.editable_course(session, actor, course_id)
    gone = session.execute(delete(Prerequisite).where(col(Prerequisite.course_id) == course.id, col(Prerequisite.required_id) == required_id))
    if not gone.rowcount:  # pyright: ignore[reportAttributeAccessIssue]
        raise Conflict("That course is no prerequisite any more.")
    audit.note(session, "prerequisite_removed", person_id=actor.person_id, object_kind="course", object_id=course.id)
    seats.tell(session, course.id)


def _behind(session: Session, course_id: UUID) -> set[UUID]:
    """A course and everything that is to be completed before it."""
    found: set[UUID] = set()
    fresh = {course_id}
    while fresh:
        found |= fresh
        following = session.exec(select(Prerequisite.required_id).where(col(Prerequisite.course_id).in_(fresh))).all()
        fresh = set(following) - found
    return found
