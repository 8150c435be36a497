"""From question scores to an attempt's result: the one place where totals, passing, completion and what analytics hears are made."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import bindparam, insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock, pubsub
from lms_app.database import after_commit
from lms_app.domain.analytics import events
from lms_app.domain.assessments import answers, grading
from lms_app.domain.assessments.answers import Given
from lms_app.domain.assessments.grading_rules import AttemptGrade
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.assessments.revisions import revision_of
from lms_app.domain.assessments.score_rules import Sitting, Total, counting_fraction, has_passed, total
from lms_app.domain.assessments.types.kind import question_seed
from lms_app.domain.courses.outline import published_quiz
from lms_app.domain.enrollments import progress
from lms_app.domain.enrollments.progress_rules import is_quiz_complete
from lms_app.models import Attempt, Enrollment, QuestionScore
from lms_app.words import AttemptStatus, Hint, NodeKind, Outcome, Release, Verb

FINISHED = (AttemptStatus.SUBMITTED, AttemptStatus.EXPIRED)


def settings_of(session: Session, attempt: Attempt) -> QuizSettings:
    """The settings that an attempt pinned."""
    return revision_of(session, attempt.assessment_revision_id).settings


@dataclass(frozen=True, kw_only=True)
class Closing:
    """What an attempt was graded from, and how it did, while both are at hand."""

    given: dict[UUID, Given]
    graded: AttemptGrade


def close(session: Session, attempt: Attempt, *, late: bool) -> Closing:
    """Grades everything that was saved and settles the attempt. The caller holds its row."""
    now = clock.now()
    settings = settings_of(session, attempt)
    given = answers.given(session, attempt)
    graded = grading.grade(session, attempt, settings, given)
    # The rows as parameters: named as values they would be a statement of their own, compiled anew for each attempt.
    session.connection().execute(
        insert(QuestionScore),
        [
            {
                "attempt_id": attempt.id,
                "question_id": result.question.id,
                "question_revision_id": result.question.revision_id,
                "points": result.question.points,
                "fraction": result.fraction,
                "score": result.score,
                "outcome": result.grade.outcome,
                "graded_at": now,
                "tally": [list(pair) for pair in result.tally],
            }
            for result in graded.questions
        ],
    )
    events.record_answers(session, attempt.id)
    submitted_at = attempt.submitted_at if attempt.status == AttemptStatus.HANDED_IN and attempt.submitted_at else now
    attempt.status = AttemptStatus.EXPIRED if late else AttemptStatus.SUBMITTED
    attempt.submitted_at = min(submitted_at, attempt.deadline_at) if late and attempt.deadline_at else submitted_at
    if settings.release == Release.AUTOMATIC:
        attempt.released_at = now
    _settle(session, attempt, settings, graded.total, graded.pending, first=True, occurred_at=submitted_at)
    if attempt.released_at is not None:
        # A page may wait for the score, whether or not it completes the quiz.
        after_commit(session, lambda: pubsub.hint(Hint.PROGRESS, attempt.person_id))
    return Closing(given=given, graded=graded)


def discard(session: Session, attempt: Attempt) -> None:
    """Ends an attempt that was not submitted in time, where the quiz says that it then does not count. What was saved is kept."""
    attempt.status = AttemptStatus.DISCARDED
    attempt.submitted_at = attempt.deadline_at or clock.now()
    attempt.released_at = clock.now()
    session.add(attempt)
    session.flush()
    _tell(session, attempt)


def settle(session: Session, attempt: Attempt, *, completes: bool = True) -> None:
    """Makes an attempt's total, pass and pending from its question scores, completes the quiz where its rule is met, and tells analytics.

    Called whenever a marker, a regrade or a release has moved something in a closed attempt. The caller holds the row. A regrade looks after
    completion itself (`completes` False): it may take it back too.
    """
    settings = settings_of(session, attempt)
    session.flush()
    scores = session.exec(select(QuestionScore).where(QuestionScore.attempt_id == attempt.id)).all()
    made = total(((row.points, row.score) for row in scores), settings.floor)
    _settle(session, attempt, settings, made, sum(1 for row in scores if row.outcome == Outcome.PENDING), completes=completes)
    after_commit(session, lambda: pubsub.hint(Hint.ATTEMPT, attempt.person_id))


def _settle(
    session: Session,
    attempt: Attempt,
    settings: QuizSettings,
    made: Total,
    pending: int,
    *,
    first: bool = False,
    completes: bool = True,
    occurred_at: datetime | None = None,
) -> None:
    before = attempt.fraction
    attempt.pending = pending
    attempt.score, attempt.max_score, attempt.fraction = made.score, made.max_score, made.fraction
    attempt.passed = None if settings.pass_mark is None or attempt.pending else has_passed(made.fraction, settings.pass_mark)
    session.add(attempt)
    session.flush()
    enrollment = session.get_one(Enrollment, attempt.enrollment_id)
    value = {"fraction": str(attempt.fraction), "number": attempt.number}
    if not first and before is not None:
        value["before"] = str(before)
    events.record(
        session,
        enrollment,
        Verb.SUBMITTED if first else Verb.GRADED,
        NodeKind.ASSESSMENT,
        attempt.assessment_id,
        occurred_at=occurred_at,
        revision_id=attempt.assessment_revision_id,
        attempt_id=attempt.id,
        value=value,
    )
    if completes and attempt.released_at is not None:
        _complete(session, attempt, enrollment, settings)
        progress.reconsider(session, enrollment)
    _tell(session, attempt)


def counting_score(session: Session, enrollment_id: UUID, assessment_id: UUID, settings: QuizSettings, *, marked: bool = False) -> Decimal | None:
    """The fraction that an enrolment's attempts at a quiz make, None without a finished one. `marked` leaves out those that wait for a marker."""
    return counting_fraction(sittings(session, enrollment_id, assessment_id, marked=marked), settings.counting)


def sittings(session: Session, enrollment_id: UUID, assessment_id: UUID, *, marked: bool = False) -> list[Sitting]:
    """The finished attempts of an enrolment at a quiz."""
    made = session.execute(_SITTINGS, {"enrollment_id": enrollment_id, "assessment_id": assessment_id}).all()
    return [Sitting(number=row.number, fraction=row.fraction) for row in made if row.fraction is not None and not (marked and row.pending)]


_SITTINGS = select(col(Attempt.number), col(Attempt.fraction), col(Attempt.pending)).where(
    Attempt.enrollment_id == bindparam("enrollment_id"),
    Attempt.assessment_id == bindparam("assessment_id"),
    col(Attempt.status).in_(FINISHED),
)


def seed_of(attempt: Attempt, question_id: UUID) -> int:
    """The seed of one question of an attempt."""
    return question_seed(attempt.seed, question_id)


def _complete(session: Session, attempt: Attempt, enrollment: Enrollment, settings: QuizSettings) -> None:
    item = published_quiz(session, attempt.assessment_id)
    if item is None:
        return
    counts = counting_score(session, enrollment.id, attempt.assessment_id, settings, marked=True)
    passed = None if settings.pass_mark is None else counts is not None and has_passed(counts, settings.pass_mark)
    if is_quiz_complete(item.rule, passed=passed):
        progress.record(session, enrollment, item, {"attempt": str(attempt.id), "fraction": str(counts or attempt.fraction)})


def _tell(session: Session, attempt: Attempt) -> None:
    after_commit(session, lambda: pubsub.hint_of_many(Hint.EXAM, attempt.assessment_id))
