"""The way into a run for somebody who looks at its course: what they may do next, and why not more."""

from dataclasses import dataclass

from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.enrollments import prerequisites, run_rules, seats
from lms_app.domain.enrollments.prerequisites import Required
from lms_app.models import Enrollment, Run
from lms_app.words import EnrollmentPolicy


@dataclass(frozen=True, kw_only=True)
class WayIn:
    """What somebody may do next; the steps are those of `CoursePage`. `waits_elsewhere`: they are on the waiting list of another run."""

    step: str
    notice: str = ""
    needs_code: bool = False
    position: int | None = None
    seats_left: int | None = None
    waits_elsewhere: bool = False
    prerequisites: list[Required]


def way_in(session: Session, actor: Actor | None, run: Run, enrollment: Enrollment | None, *, invited: bool = False) -> WayIn:
    """What the actor may do next in a run, whose `enrollment` they have, if any. `invited`: by a link, so that neither code nor policy is asked
    for."""
    required = prerequisites.of_course(session, run.course_id, actor.person_id if actor else None)
    left = seats.left(session, run)
    if enrollment is not None:
        return _inside(session.get_one(Run, enrollment.run_id), enrollment, left)
    needs_code = run.enrollment_policy == EnrollmentPolicy.CODE and not invited
    step, notice, position = _outside(session, actor, run, required, left, invited)
    elsewhere = actor is not None and any(each != run.id for each in seats.waited_for(session, run.course_id, actor.person_id))
    return WayIn(
        step=step,
        notice=notice,
        needs_code=needs_code,
        position=position,
        seats_left=left,
        waits_elsewhere=elsewhere,
        prerequisites=required,
    )


def _inside(run: Run, enrollment: Enrollment, left: int | None) -> WayIn:
    now = clock.now()
    if opens := run_rules.opens_later(run, now):
        return WayIn(step="opens", notice=f"You are enrolled. {opens}", seats_left=left, prerequisites=[])
    step = "review" if enrollment.completed_at is not None else "continue" if enrollment.last_page_id else "start"
    return WayIn(step=step, notice=run_rules.ended(run, now), seats_left=left, prerequisites=[])


def _outside(
    session: Session, actor: Actor | None, run: Run, required: list[Required], left: int | None, invited: bool
) -> tuple[str, str, int | None]:
    """Step, notice, and the place on the waiting list."""
    now = clock.now()
    opens = run_rules.opens_later(run, now)
    if run_rules.has_ended(run, now):
        return "closed", "This course has ended.", None
    if actor is not None and run.seats is not None and (position := seats.position(session, run.id, actor.person_id)):
        return "waiting", "You are enrolled by itself, and told, when a seat is free.", position
    if closed := run_rules.why_nobody_enrols(run, now):
        return "closed", closed, None
    if actor is None:
        return "sign_in", "This course is by invitation only." if _shut(run, invited) else opens, None
    if lacking := [course for course in required if not course.done]:
        return "missing", f"Complete {prerequisites.in_words(lacking)} first.", None
    if _shut(run, invited):
        return "invitation", "This course is by invitation only.", None
    if left == 0:
        return "full", "This course is full. When a seat is free, whoever waits longest is enrolled by itself.", None
    return "code" if run.enrollment_policy == EnrollmentPolicy.CODE and not invited else "enroll", opens, None


def _shut(run: Run, invited: bool) -> bool:
    return run.enrollment_policy == EnrollmentPolicy.INVITATION and not invited
