"""Where somebody lands whose account was made just now: in the course that they were invited to."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.enrollments import invitation_links, prerequisites, run_rules, seats
from lms_app.domain.enrollments.prerequisites import Required
from lms_app.domain.enrollments.way_in import way_in
from lms_app.domain.notifications import inbox
from lms_app.models import Course, Enrollment, InvitationLink, Registration, Run, WaitingEntry
from lms_app.words import NotificationKind, Status


def come_by_link(session: Session, person_id: UUID, link_id: UUID) -> None:
    """Enrols somebody in the run of the link by which they came to register, or puts them on its waiting list. Nothing is done where the link lets
    nobody in any more, or the run takes nobody: the course's page says why."""
    link = session.get_one(InvitationLink, link_id)
    run = seats.hold(session, link.run_id)
    session.refresh(link, with_for_update=True)
    course = session.get_one(Course, run.course_id)
    stands = invitation_links.state(link) == "open"
    if seats.takes(session, run.id, person_id) is not None:
        return
    takes = course.status == Status.PUBLISHED and access.current_run(session, course.id).id == run.id
    if not (stands and takes) or run_rules.why_nobody_enrols(run, clock.now()) or prerequisites.missing(session, course.id, person_id):
        return
    invitation_links.use(session, link)
    seats.promote(session, run)
    if seats.left(session, run) == 0:
        entry = seats.queue(session, run, person_id)
        inbox.deliver(session, person_id, NotificationKind.ADDED_WAITING, unique_key=f"waiting:{entry.id}", course=str(course.id))
    else:
        enrollment = seats.admit(session, run, person_id)
        inbox.deliver(session, person_id, NotificationKind.ENROLLED, unique_key=f"enrolled:{enrollment.id}", course=str(course.id))


@dataclass(frozen=True, kw_only=True)
class JoinPage:
    """Where an invitation link leads. `step`, `notice`, `position` and `prerequisites` are those of `CoursePage`, as for somebody who is invited."""

    title: str
    slug: str
    summary: str
    step: str
    notice: str
    position: int | None
    prerequisites: list[Required]


def join_page(session: Session, actor: Actor | None, token: str) -> JoinPage:
    """The course that a link leads into, and what the viewer may do next there. Raises NotFound for a link that lets nobody in."""
    course = invitation_links.course_behind(session, token)
    run = access.current_run(session, course.id)
    enrollment = seats.takes(session, run.id, actor.person_id) if actor else None
    way = way_in(session, actor, run, enrollment, invited=True)
    return JoinPage(
        title=course.title,
        slug=course.slug,
        summary=course.summary,
        step=way.step,
        notice=way.notice,
        position=way.position,
        prerequisites=way.prerequisites,
    )


def first_page(session: Session, person_id: UUID) -> str:
    """The page of the course that somebody newly here was invited to, else the home page."""
    takes = select(Course.slug).join(Enrollment, col(Enrollment.course_id) == col(Course.id)).where(Enrollment.person_id == person_id)
    waits = (
        select(Course.slug)
        .join(Run, col(Run.course_id) == col(Course.id))
        .join(WaitingEntry, col(WaitingEntry.run_id) == col(Run.id))
        .where(WaitingEntry.person_id == person_id)
    )
    asked = (
        select(Course.slug)
        .join(Run, col(Run.course_id) == col(Course.id))
        .join(InvitationLink, col(InvitationLink.run_id) == col(Run.id))
        .join(Registration, col(Registration.invitation_link_id) == col(InvitationLink.id))
        .where(Registration.person_id == person_id)
    )
    for query in (takes.order_by(col(Enrollment.id).desc()), waits.order_by(col(WaitingEntry.id).desc()), asked):
        slug = session.exec(query.where(Course.status == Status.PUBLISHED)).first()
        if slug is not None:
            return f"/courses/{slug}"
    return "/home"
