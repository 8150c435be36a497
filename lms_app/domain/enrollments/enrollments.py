"""Enrolling, waiting for a seat, and leaving: what students do themselves, and what the staff does for one of them."""

import hmac
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.enrollments import invitation_links, prerequisites, run_rules, seats
from lms_app.domain.notifications import inbox
from lms_app.domain.people import audit, throttling
from lms_app.errors import Invalid, LimitReached, NotAllowed, NotFound
from lms_app.models import Course, Enrollment, InvitationLink, Run
from lms_app.words import EnrollmentPolicy, EnrollmentStatus, NotificationKind, Role

FREE_CODES = 5
"""Codes that somebody may try in a row before each takes longer."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place on a waiting list: `position` is 1 for who comes next, None for who does not wait, since they are `enrolled`."""

    position: int | None
    enrolled: bool


class Full(LimitReached):
    """No seat is free."""

    def __init__(self) -> None:
        super().__init__("This course is full. You can join its waiting list.")


def count_code_try(session: Session, actor: Actor) -> None:
    """Counts an enrolment code that the actor is about to give, in a transaction of its own: what a refusal takes back would count nothing. Raises
    TooMany while guesses are held back. One count for all courses, so that a code cannot be tried at each of them."""
    actor.must_be(Role.STUDENT)
    throttling.spend(session, _code_key(actor), free=FREE_CODES)


def enroll(session: Session, actor: Actor, slug: str, *, code: str = "", invitation: str = "") -> UUID:
    """The id of the actor's enrolment in the current run of a published course. Enrolling twice gives the existing one; after a withdrawal it
    wakes with its history. `code` is the run's enrolment code, which `count_code_try` has counted; `invitation` what stands in an invitation link,
    in whose place neither code nor policy is asked for.

    Raises NotFound, Full, Missing when other courses come first, LimitReached when the run takes nobody now, NotAllowed where one must be invited,
    Invalid for a wrong code or a link that does not work.
    """
    course, run, link, enrollment = _at_the_door(session, actor, slug, invitation)
    if enrollment is not None:
        return enrollment.id
    _refuse(session, actor, course, run, code, link)
    if seats.left(session, run) == 0:
        raise Full
    return _let_in(session, actor, run, link)


def wait(session: Session, actor: Actor, slug: str, *, code: str = "", invitation: str = "") -> Place:
    """Puts the actor on the waiting list of a course that is full; who waits already keeps the place, and where a seat is free they are enrolled.
    Takes and raises what `enroll` does, but for Full."""
    course, run, link, enrollment = _at_the_door(session, actor, slug, invitation)
    if enrollment is not None:
        return Place(position=None, enrolled=True)
    if seats.open_entry(session, run.id, actor.person_id) is None:
        _refuse(session, actor, course, run, code, link)
        if seats.left(session, run) != 0:
            _let_in(session, actor, run, link)
            return Place(position=None, enrolled=True)
        _use(session, actor, run, link)
        seats.queue(session, run, actor.person_id)
    return place(session, run.id, actor.person_id)


def leave_waiting_list(session: Session, actor: Actor, slug: str) -> None:
    """Takes the actor off the waiting list, of whichever run of the course it is. Who is not on it is not either way."""
    course = access.published_course(session, slug)
    for run_id in seats.waited_for(session, course.id, actor.person_id):
        run = seats.hold(session, run_id)
        seats.end_waiting(session, seats.open_entry(session, run.id, actor.person_id), "left")
    seats.tell(session, course.id)


def place(session: Session, run_id: UUID, person_id: UUID) -> Place:
    """Where somebody stands on the waiting list of a run."""
    return Place(position=seats.position(session, run_id, person_id), enrolled=False)


def own_place(session: Session, actor: Actor, slug: str) -> Place:
    """Where the actor stands on the waiting list of a course. Raises NotFound, also for who neither waits nor takes it."""
    course = access.published_course(session, slug)
    run = access.current_run(session, course.id)
    if seats.takes(session, run.id, actor.person_id) is not None:
        return Place(position=None, enrolled=True)
    standing = place(session, run.id, actor.person_id)
    if standing.position is None:
        raise NotFound("You are not on the waiting list of this course.")
    return standing


def withdraw(session: Session, actor: Actor, slug: str) -> None:
    """Ends the actor's enrolment in a course; what was done stays. Whoever waits longest gets the seat. Raises NotFound for who does not take it."""
    course = access.published_course(session, slug)
    run = seats.hold(session, access.own_enrollment(session, actor, course.id).run_id)
    seats.vacate(session, run, access.own_enrollment(session, actor, course.id, lock=True))


def remove(session: Session, actor: Actor, course_id: UUID, enrollment_id: UUID) -> None:
    """Takes somebody out of the course, for its authors, and tells them; what they did stays. Whoever waits longest gets the seat. Raises
    NotFound."""
    course = access.editable_course(session, actor, course_id)
    enrollment = session.get(Enrollment, enrollment_id)
    if enrollment is None or enrollment.course_id != course.id:
        raise NotFound("There is no such student in this course.")
    run = seats.hold(session, enrollment.run_id)
    session.refresh(enrollment, with_for_update=True)
    if enrollment.status != EnrollmentStatus.ACTIVE:
        return
    seats.vacate(session, run, enrollment)
    audit.note(session, "student_removed", person_id=actor.person_id, object_kind="enrollment", object_id=enrollment.id)
    inbox.deliver(
        session,
        enrollment.person_id,
        NotificationKind.TAKEN_OUT,
        unique_key=f"taken-out:{enrollment.id}:{clock.now().isoformat()}",
        course=str(course.id),
    )


def _at_the_door(session: Session, actor: Actor, slug: str, invitation: str) -> tuple[Course, Run, InvitationLink | None, Enrollment | None]:
    """The course and its run, held; the link that somebody came by; and their enrolment, if they have one or a seat was free for them."""
    actor.must_be(Role.STUDENT)
    course = access.published_course(session, slug)
    run = seats.hold(session, access.current_run(session, course.id).id)
    enrollment = seats.takes(session, run.id, actor.person_id)
    if enrollment is None and run.seats is not None and seats.promote(session, run):
        enrollment = seats.takes(session, run.id, actor.person_id)
    link = invitation_links.good(session, invitation, run_id=run.id) if invitation and enrollment is None else None
    return course, run, link, enrollment


def _refuse(session: Session, actor: Actor, course: Course, run: Run, code: str, link: InvitationLink | None) -> None:
    """Raises what keeps the actor out, seats aside."""
    if closed := run_rules.why_nobody_enrols(run, clock.now()):
        raise LimitReached(closed)
    if lacking := prerequisites.missing(session, course.id, actor.person_id):
        raise prerequisites.Missing(lacking)
    if link is not None:
        return
    if run.enrollment_policy == EnrollmentPolicy.INVITATION:
        raise NotAllowed("This course is by invitation only.")
    if run.enrollment_policy == EnrollmentPolicy.CODE and not _is_right(run, code):
        sentence = "That is not the code of this course." if code.strip() else "This course needs a code. Its staff gives it to you."
        raise Invalid(sentence, fields={"code": sentence})


def _is_right(run: Run, code: str) -> bool:
    return bool(run.enrollment_code) and hmac.compare_digest(run_rules.plain_code(code), run.enrollment_code or "")


def _let_in(session: Session, actor: Actor, run: Run, link: InvitationLink | None) -> UUID:
    _use(session, actor, run, link)
    enrollment = seats.admit(session, run, actor.person_id)
    inbox.deliver(
        session,
        actor.person_id,
        NotificationKind.ENROLLED,
        unique_key=f"enrolled:{enrollment.id}",
        course=str(run.course_id),
    )
    return enrollment.id


def _use(session: Session, actor: Actor, run: Run, link: InvitationLink | None) -> None:
    """Counts the link, or takes the try of a code back that was right: what is written where no code is asked for proves nothing, and the code of one
    course nothing about the guesses at another's."""
    if link is not None:
        invitation_links.use(session, link)
    elif run.enrollment_policy == EnrollmentPolicy.CODE:
        throttling.give_back(session, _code_key(actor))


def _code_key(actor: Actor) -> bytes:
    return throttling.key_of("enrolment-code", str(actor.person_id))
