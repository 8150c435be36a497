"""What the staff decides about students at risk: from where on something is a reason, and who is flagged without need."""

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain import turns
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import risk
from lms_app.domain.analytics import risk_rules as rules
from lms_app.domain.analytics.risk_rules import Thresholds
from lms_app.domain.courses import access
from lms_app.errors import Conflict, Invalid, NotFound
from lms_app.models import Enrollment, RiskDismissal, RiskThresholds

LONGEST_REASON = 300


def set_thresholds(session: Session, actor: Actor, course_id: UUID, thresholds: Thresholds) -> None:
    """Keeps thresholds for a course. Raises NotFound, Invalid."""
    course = access.staffed_course(session, actor, course_id, access.MARKERS)
    if wrong := rules.checked(thresholds):
        raise Invalid("These thresholds do not go that far.", fields=wrong)
    turns.wait(session, f"risk:{course.id}")
    session.merge(RiskThresholds(course_id=course.id, **asdict(thresholds), changed_at=clock.now()))


def dismiss(session: Session, actor: Actor, course_id: UUID, enrollment_id: UUID, reason: str) -> None:
    """Notes that a student is well as they are. They are flagged again once there is another reason, or one gets worse. Raises NotFound, Invalid,
    Conflict where they are not flagged."""
    course = access.staffed_course(session, actor, course_id, access.MARKERS)
    run = access.current_run(session, course.id)
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= LONGEST_REASON:
        said = f"Say why, in at most {LONGEST_REASON} characters."
        raise Invalid(said, fields={"reason": said})
    found = risk.look(session, run)
    one = next((one for one in found.flagged if one.student.enrollment_id == enrollment_id), None)
    if one is None:
        raise Conflict("This student is not flagged any more.")
    turns.wait(session, f"risk:{course.id}")
    session.execute(delete(RiskDismissal).where(col(RiskDismissal.enrollment_id) == enrollment_id))
    row = RiskDismissal(
        enrollment_id=enrollment_id,
        person_id=one.student.person_id,
        actor_id=actor.person_id,
        codes=list(one.reasons),
        at=clock.now(),
    )
    session.add(row)
    row.reason = reason


def take_back(session: Session, actor: Actor, course_id: UUID, enrollment_id: UUID) -> None:
    """Lets a student be flagged again who was dismissed. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id, access.MARKERS)
    run = access.current_run(session, course.id)
    query = select(RiskDismissal).join(Enrollment, col(Enrollment.id) == col(RiskDismissal.enrollment_id))
    row = session.exec(query.where(Enrollment.id == enrollment_id, Enrollment.run_id == run.id)).first()
    if row is None:
        raise NotFound("Nobody of that kind is dismissed in this course.")
    session.delete(row)
