"""Enrolling and withdrawing."""

from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import events
from lms_app.domain.courses import access
from lms_app.domain.enrollments import progress
from lms_app.domain.notifications import inbox
from lms_app.errors import LimitReached
from lms_app.ids import uuid7
from lms_app.models import Enrollment, Run
from lms_app.words import EnrollmentStatus, NodeKind, NotificationKind, Role, Verb


def enroll(session: Session, actor: Actor, slug: str) -> UUID:
    """The id of the actor's enrolment in the current run of a published course. Enrolling twice gives the existing one; after a withdrawal it
    wakes with its history. Raises NotFound, LimitReached when the run is full or closed."""
    actor.must_be(Role.STUDENT)
    course = access.published_course(session, slug)
    run = access.current_run(session, course.id)
    # The run's row is the queue for its last seat.
    session.exec(select(Run).where(Run.id == run.id).with_for_update()).one()
    session.execute(
        insert(Enrollment)
        .values(id=uuid7(), run_id=run.id, course_id=course.id, person_id=actor.person_id, status=EnrollmentStatus.WITHDRAWN, enrolled_at=clock.now())
        .on_conflict_do_nothing(index_elements=["run_id", "person_id"])
    )
    enrollment = session.exec(select(Enrollment).where(Enrollment.run_id == run.id, Enrollment.person_id == actor.person_id)).one()
    if enrollment.status == EnrollmentStatus.ACTIVE:
        return enrollment.id
    _refuse_if_closed(session, run)
    enrollment.status = EnrollmentStatus.ACTIVE
    enrollment.enrolled_at = clock.now()
    enrollment.withdrawn_at = None
    session.add(enrollment)
    session.flush()
    progress.rebuild(session, enrollment)
    events.record(session, enrollment, Verb.ENROLLED, NodeKind.COURSE, course.id)
    inbox.deliver(
        session,
        actor.person_id,
        NotificationKind.ENROLLED,
        unique_key=f"enrolled:{enrollment.id}",
        course=str(course.id),
    )
    return enrollment.id


def withdraw(session: Session, actor: Actor, slug: str) -> None:
    """Ends the actor's enrolment in a course; what was done stays. Withdrawing twice is no error."""
    course = access.published_course(session, slug)
    enrollment = access.own_enrollment(session, actor, course.id, lock=True)
    enrollment.status = EnrollmentStatus.WITHDRAWN
    enrollment.withdrawn_at = clock.now()
    session.add(enrollment)
    events.record(session, enrollment, Verb.WITHDREW, NodeKind.COURSE, course.id)


def _refuse_if_closed(session: Session, run: Run) -> None:
    now = clock.now()
    if run.closes_at is not None and run.closes_at <= now:
        raise LimitReached("This course has ended.")
    if run.seats is None:
        return
    taken = session.exec(
        select(func.count()).select_from(Enrollment).where(Enrollment.run_id == run.id, col(Enrollment.status) == EnrollmentStatus.ACTIVE)
    ).one()
    if taken >= run.seats:
        raise LimitReached("This course is full.")
