"""Where people talk: a page of a run, and what the one who comes may do there."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.enrollments import openings, run_rules
from lms_app.errors import Conflict, NotFound, TooMany
from lms_app.models import Course, Enrollment, Membership, Page, PageRevision, Post, Run, Thread
from lms_app.words import Role, StaffRole

AT_ONCE = 10
"""Posts that somebody may write in `SPELL`."""
SPELL = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Room:
    """A page of a run, as somebody sees it: with the enrolment of a student, or as staff."""

    course: Course
    run: Run
    page: Page
    enrollment: Enrollment | None
    """None for staff."""
    moderates: bool
    """Whether they close, remove and restore: staff who mark or author."""

    @property
    def takes_part(self) -> bool:
        """Whether they are more than a reader: who takes the course, and staff who may moderate."""
        return self.enrollment is not None or self.moderates

    @property
    def may_write(self) -> bool:
        """Whether they may add to what is said: a student while the run lasts, staff who may moderate."""
        return self.moderates if self.enrollment is None else not self.over

    @property
    def over(self) -> str:
        """That the run has ended, in words, once it has."""
        return run_rules.ended(self.run, clock.now())


def room_of_page(session: Session, actor: Actor, page_id: UUID) -> Room:
    """The discussion of a page that the actor learns from, or is on the staff of. Raises NotFound, Locked, LimitReached before the run opens."""
    page = session.get(Page, page_id)
    if page is None:
        raise NotFound
    role = _role(session, actor, page.course_id)
    if role is not None:
        return _staff_room(session, page, access.current_run(session, page.course_id), role)
    page, enrollment, run = access.learned_page(session, actor, page_id)
    openings.refuse_locked_page(session, enrollment, page.id)
    course = session.get_one(Course, page.course_id)
    return Room(course=course, run=run, page=page, enrollment=enrollment, moderates=False)


def room_of_thread(session: Session, actor: Actor, thread_id: UUID, *, lock: bool = False) -> tuple[Thread, Room]:
    """A thread that the actor may read, and where it stands. `lock` takes its row FOR UPDATE. Raises as `room_of_page` does, and NotFound for
    one of another run, or one that was removed, unless the actor moderates, or removed it themself as whoever asked."""
    query = select(Thread).where(Thread.id == thread_id)
    thread = session.exec(query.with_for_update() if lock else query).first()
    if thread is None:
        raise NotFound
    role = _role(session, actor, thread.course_id)
    if role is not None:
        room = _staff_room(session, session.get_one(Page, thread.page_id), session.get_one(Run, thread.run_id), role)
    else:
        room = room_of_page(session, actor, thread.page_id)
        if room.run.id != thread.run_id:
            raise NotFound
    if thread.removed_at is not None and not room.moderates and session.exec(_withdrawn(actor).where(Thread.id == thread.id)).first() is None:
        raise NotFound("This was removed.")
    return thread, room


def open_to(actor: Actor):
    """What holds for threads that stand in a list for somebody who does not moderate: they were not removed, or by nobody but the actor."""
    return or_(col(Thread.removed_at).is_(None), col(Thread.id).in_(_withdrawn(actor)))


def _withdrawn(actor: Actor):
    """The threads whose question the actor has asked and taken away again: while nobody else has removed it, they may put it back."""
    first = select(Post.id).where(Post.thread_id == Thread.id).order_by(col(Post.id)).limit(1).correlate(Thread).scalar_subquery()
    own = (Thread.person_id == actor.person_id, col(Thread.removed_at).is_not(None), Post.id == first, Post.removed_by == actor.person_id)
    return select(Thread.id).join(Post, col(Post.thread_id) == col(Thread.id)).where(*own)


def must_write(session: Session, actor: Actor, room: Room) -> None:
    """Raises Conflict where the actor may read only, TooMany for whoever writes faster than people do."""
    if not room.may_write:
        raise Conflict(room.over or "You may read here, and not write.")
    recent = session.exec(
        select(func.count(), func.min(Post.written_at)).where(Post.person_id == actor.person_id, col(Post.written_at) > clock.now() - SPELL)
    ).one()
    if recent[0] >= AT_ONCE:
        wait = max(1, int((recent[1] + SPELL - clock.now()).total_seconds()) + 1)
        raise TooMany(f"You have written {AT_ONCE} times in five minutes. Your text is kept here: send it a little later.", retry_after=wait)


def title_of(session: Session, page: Page) -> str:
    """What a page is called now."""
    revision = session.get_one(PageRevision, page.published_revision_id or page.draft_revision_id)
    return revision.title


def staff_of(session: Session, course_id: UUID) -> list[UUID]:
    """Who answers in a course: its owners, editors and graders."""
    query = select(Membership.person_id).where(Membership.course_id == course_id, col(Membership.role).in_(access.MARKERS))
    return list(session.exec(query.order_by(col(Membership.person_id))).all())


def _role(session: Session, actor: Actor, course_id: UUID) -> StaffRole | None:
    if Role.INSTRUCTOR not in actor.roles:
        return None
    role = session.exec(select(Membership.role).where(Membership.course_id == course_id, Membership.person_id == actor.person_id)).first()
    return StaffRole(role) if role else None


def _staff_room(session: Session, page: Page, run: Run, role: StaffRole) -> Room:
    course = session.get_one(Course, page.course_id)
    return Room(course=course, run=run, page=page, enrollment=None, moderates=role in access.MARKERS)
