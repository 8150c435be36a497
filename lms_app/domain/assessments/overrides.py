"""Exceptions to a quiz's rules: for a run, a group, a student."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import bindparam, or_
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments.override_rules import Override, Rules, closing_with, effective
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.assessments.revisions import revision_of
from lms_app.domain.courses import access
from lms_app.domain.courses.access import LearnedQuiz
from lms_app.domain.people import audit
from lms_app.errors import Invalid, NotFound
from lms_app.models import Assessment, AssessmentOverride, Enrollment, Group, GroupMember

SMALLEST_FACTOR, LARGEST_FACTOR = Decimal("0.1"), Decimal(10)
FIRST_YEAR, LAST_YEAR = 2000, 2200
LONGEST_EXTRA = 7 * 24 * 3600


@dataclass(frozen=True, kw_only=True)
class OverrideLine:
    """An override as staff sees it. Neither `group_id` nor `enrollment_id`: it holds for the whole run."""

    id: str
    group_id: str
    enrollment_id: str
    opens_at: str
    closes_at: str
    time_factor: str
    extra_seconds: int | None
    attempts_allowed: int | None


def rules_of(session: Session, learned: LearnedQuiz, settings: QuizSettings) -> Rules:
    """The rules that hold for a student now: one statement, or none where the quiz has no exceptions. Of what the person has everywhere and what the
    course gives the larger time factor holds. A quiz closes when the run ends at the latest, unless an exception says otherwise."""
    enrollment = learned.enrollment
    named = {"assessment_id": learned.assessment.id, "run_id": enrollment.run_id, "enrollment_id": enrollment.id}
    rows = session.execute(_OVERRIDES, named).scalars().all() if learned.has_exceptions else []
    return effective(
        closing_with(_rules(settings), learned.run_closes_at),
        run=next((override_of(row) for row in rows if row.group_id is None and row.enrollment_id is None), None),
        groups=[override_of(row) for row in rows if row.group_id is not None],
        student=next((override_of(row) for row in rows if row.enrollment_id is not None), None),
        accommodation=max(filter(None, (learned.time_factor, enrollment.time_factor)), default=None),
    )


_OVERRIDES = select(AssessmentOverride).where(
    AssessmentOverride.assessment_id == bindparam("assessment_id"),
    AssessmentOverride.run_id == bindparam("run_id"),
    or_(col(AssessmentOverride.enrollment_id).is_(None), col(AssessmentOverride.enrollment_id) == bindparam("enrollment_id")),
    or_(
        col(AssessmentOverride.group_id).is_(None),
        col(AssessmentOverride.group_id).in_(select(GroupMember.group_id).where(GroupMember.enrollment_id == bindparam("enrollment_id"))),
    ),
)


def standard_rules(session: Session, assessment: Assessment) -> Rules:
    """The rules that hold for whoever has no exception: as published, or as drafted before that."""
    return _rules(revision_of(session, assessment.published_revision_id or assessment.draft_revision_id).settings)


def set_override(
    session: Session,
    actor: Actor,
    assessment_id: UUID,
    override: Override,
    *,
    group_id: UUID | None = None,
    enrollment_id: UUID | None = None,
) -> UUID:
    """Sets what is different for a student, a group, or the whole run, in the place of what was set before. Gives its id. Attempts under way keep
    their rules. Raises NotFound for somebody who does not take the course, Invalid for what makes no sense."""
    assessment = access.editable_assessment(session, actor, assessment_id)
    run = access.current_run(session, assessment.course_id)
    _check(override, standard_rules(session, assessment))
    if group_id is not None and enrollment_id is not None:
        raise Invalid("An exception is for a student or for a group.")
    if enrollment_id is not None:
        enrollment = session.get(Enrollment, enrollment_id)
        if enrollment is None or enrollment.run_id != run.id:
            raise NotFound("There is no such student in this course.")
    if group_id is not None:
        group = session.get(Group, group_id)
        if group is None or group.run_id != run.id:
            raise NotFound("There is no such group in this course.")
    # One after the other, so that of two who set the same at once the second finds what the first has set.
    session.exec(select(Assessment.id).where(Assessment.id == assessment.id).with_for_update(key_share=True)).one()
    row = session.exec(
        select(AssessmentOverride)
        .where(
            AssessmentOverride.assessment_id == assessment.id,
            AssessmentOverride.run_id == run.id,
            col(AssessmentOverride.group_id).is_not_distinct_from(group_id),
            col(AssessmentOverride.enrollment_id).is_not_distinct_from(enrollment_id),
        )
        .with_for_update()
    ).first() or AssessmentOverride(
        assessment_id=assessment.id, run_id=run.id, group_id=group_id, enrollment_id=enrollment_id, created_at=clock.now()
    )
    row.opens_at, row.closes_at, row.time_factor = override.opens_at, override.closes_at, override.time_factor
    row.extra_seconds, row.attempts_allowed = override.extra_seconds, override.attempts_allowed
    session.add(row)
    session.flush()
    audit.note(session, "override_set", person_id=actor.person_id, object_kind="assessment", object_id=assessment.id)
    return row.id


def remove_override(session: Session, actor: Actor, assessment_id: UUID, override_id: UUID) -> None:
    """Takes an exception back. Attempts under way keep their rules. Raises NotFound."""
    assessment = access.editable_assessment(session, actor, assessment_id)
    row = session.get(AssessmentOverride, override_id)
    if row is None or row.assessment_id != assessment.id:
        raise NotFound("There is no such exception.")
    session.delete(row)
    audit.note(session, "override_removed", person_id=actor.person_id, object_kind="assessment", object_id=assessment.id)


def overrides(session: Session, actor: Actor, assessment_id: UUID) -> list[OverrideLine]:
    """The exceptions of a quiz in its course's present run, the whole run's first."""
    assessment = access.staffed_assessment(session, actor, assessment_id)
    run = access.current_run(session, assessment.course_id)
    rows = session.exec(
        select(AssessmentOverride)
        .where(AssessmentOverride.assessment_id == assessment.id, AssessmentOverride.run_id == run.id)
        .order_by(col(AssessmentOverride.enrollment_id).is_not(None), col(AssessmentOverride.group_id).is_not(None), col(AssessmentOverride.id))
    ).all()
    return [_line(row) for row in rows]


def override_line(session: Session, actor: Actor, assessment_id: UUID, override_id: UUID) -> OverrideLine:
    """One exception of a quiz. Raises NotFound."""
    assessment = access.staffed_assessment(session, actor, assessment_id)
    row = session.get(AssessmentOverride, override_id)
    if row is None or row.assessment_id != assessment.id:
        raise NotFound("There is no such exception.")
    return _line(row)


def pinned(rules: Rules) -> Mapping[str, str | int | None]:
    """Rules as an attempt keeps them: JSON values."""
    return {
        "opens_at": rules.opens_at.isoformat() if rules.opens_at else None,
        "closes_at": rules.closes_at.isoformat() if rules.closes_at else None,
        "time_limit": rules.time_limit,
        "attempts_allowed": rules.attempts_allowed,
    }


def closes_at(pinned_rules: Mapping[str, object]) -> datetime | None:
    """When the quiz closes for who started an attempt under these rules."""
    moment = pinned_rules.get("closes_at")
    return datetime.fromisoformat(moment) if isinstance(moment, str) else None


def override_of(row: AssessmentOverride) -> Override:
    """What a row changes."""
    return Override(
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        time_factor=row.time_factor,
        extra_seconds=row.extra_seconds,
        attempts_allowed=row.attempts_allowed,
    )


def _line(row: AssessmentOverride) -> OverrideLine:
    return OverrideLine(
        id=str(row.id),
        group_id=str(row.group_id or ""),
        enrollment_id=str(row.enrollment_id or ""),
        opens_at=row.opens_at.isoformat() if row.opens_at else "",
        closes_at=row.closes_at.isoformat() if row.closes_at else "",
        time_factor=f"{row.time_factor.normalize():f}" if row.time_factor is not None else "",
        extra_seconds=row.extra_seconds,
        attempts_allowed=row.attempts_allowed,
    )


def _rules(settings: QuizSettings) -> Rules:
    return Rules(opens_at=settings.opens_at, closes_at=settings.closes_at, time_limit=settings.time_limit, attempts_allowed=settings.attempts_allowed)


def _check(override: Override, standard: Rules) -> None:
    wrong = {
        name: f"A day from {FIRST_YEAR} to {LAST_YEAR}."
        for name, moment in (("opens_at", override.opens_at), ("closes_at", override.closes_at))
        if moment is not None and not FIRST_YEAR <= moment.year <= LAST_YEAR
    }
    then = effective(standard, student=override)
    if not wrong and (override.opens_at or override.closes_at) and then.opens_at and then.closes_at and then.closes_at <= then.opens_at:
        if override.closes_at:
            wrong["closes_at"] = "The quiz must close after it opens." if override.opens_at else "The quiz opens later than that for everybody."
        else:
            wrong["opens_at"] = "The quiz closes before that for everybody. Set when it closes, too."
    if override.time_factor is not None and not SMALLEST_FACTOR <= override.time_factor <= LARGEST_FACTOR:
        wrong["time_factor"] = "From 0.1 to 10 times the usual time: 90 % less to 900 % more."
    if override.extra_seconds is not None and not 0 <= override.extra_seconds <= LONGEST_EXTRA:
        wrong["extra_seconds"] = "From 0 to 7 days (10080 minutes)."
    if override.attempts_allowed is not None and not 1 <= override.attempts_allowed <= 100:
        wrong["attempts_allowed"] = "A whole number from 1 to 100."
    if wrong:
        raise Invalid("This exception cannot be set yet.", fields=wrong)
    if override == Override():
        raise Invalid("Say what is different: a date, time or the number of attempts.")
