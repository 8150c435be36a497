"""Sittings: begun, answered (in `answer_writes`), checked question by question where the quiz says so, submitted once."""

import secrets
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import events
from lms_app.domain.assessments import grading, sheets, timing_rules
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.assessments.score_rules import total
from lms_app.domain.assessments.types.kind import place
from lms_app.domain.assessments.views import AnswerFeedback, AttemptResult, AttemptSheet
from lms_app.domain.courses import access
from lms_app.domain.courses.outline import published_outline
from lms_app.domain.enrollments import progress
from lms_app.domain.enrollments.progress_rules import is_quiz_complete
from lms_app.errors import Conflict, LimitReached, NotFound
from lms_app.models import (
    Answer,
    Assessment,
    AssessmentRevision,
    AssessmentSection,
    Attempt,
    Enrollment,
    Question,
    QuestionScore,
    SectionQuestion,
)
from lms_app.words import AttemptStatus, EnrollmentStatus, Feedback, NodeKind, Verb

BATCH = 50


def start(session: Session, actor: Actor, assessment_id: UUID) -> AttemptSheet:
    """The actor's open attempt at a quiz: the one under way, or a new one. Raises LimitReached when no attempt is left."""
    assessment, enrollment = access.learned_assessment(session, actor, assessment_id)
    # Two tabs that start at once meet here; the second finds the first one's attempt.
    session.exec(select(Enrollment.id).where(Enrollment.id == enrollment.id).with_for_update(key_share=True)).one()
    running = _open_attempt(session, enrollment.id, assessment.id)
    if running is not None and timing_rules.is_overdue(clock.now(), running.deadline_at):
        _close_overdue(session, running)
        running = None
    attempt = running or _begin(session, assessment, enrollment)
    return sheets.attempt_sheet(session, attempt)


def read(session: Session, actor: Actor, attempt_id: UUID) -> AttemptSheet:
    """An open attempt of the actor's, with what is saved. Raises NotFound, Conflict when it is over."""
    attempt = own_attempt(session, actor, attempt_id)
    if attempt.status != AttemptStatus.OPEN:
        raise Conflict("This attempt is over.")
    return sheets.attempt_sheet(session, attempt)


def check(session: Session, actor: Actor, attempt_id: UUID, question_id: UUID) -> AnswerFeedback:
    """How the saved answer to one question did, in a quiz with immediate feedback. From then on the answer stands.

    Raises NotFound, Conflict where the quiz tells only after submission or nothing is saved yet.
    """
    attempt = own_attempt(session, actor, attempt_id)
    revision = session.get_one(AssessmentRevision, attempt.assessment_revision_id)
    if QuizSettings.model_validate(revision.settings).feedback != Feedback.IMMEDIATE:
        raise Conflict("This quiz tells how you did after you submit it.")
    if attempt.status != AttemptStatus.OPEN:
        raise Conflict("This attempt is over.")
    _refuse_who_has_left(session, attempt)
    answer = session.exec(select(Answer).where(Answer.attempt_id == attempt.id, Answer.question_id == question_id).with_for_update()).first()
    if answer is None:
        raise Conflict("Answer the question first.")
    if answer.checked_at is None:
        answer.checked_at = clock.now()
        session.add(answer)
    return sheets.feedback_on(session, attempt, question_id, answer.response)


def submit(session: Session, actor: Actor, attempt_id: UUID) -> AttemptResult:
    """Grades the actor's attempt with what is saved. A second submit gives the first result; after the deadline what was saved counts.

    Raises Conflict when the actor has left the course while it was open.
    """
    attempt = own_attempt(session, actor, attempt_id, lock=True)
    if attempt.status == AttemptStatus.OPEN:
        _refuse_who_has_left(session, attempt)
        _close(session, attempt, late=timing_rules.is_overdue(clock.now(), attempt.deadline_at))
    return sheets.attempt_result(session, attempt)


def result(session: Session, actor: Actor, attempt_id: UUID) -> AttemptResult:
    """The result of a submitted attempt of the actor's. Raises NotFound, Conflict while it is open."""
    attempt = own_attempt(session, actor, attempt_id)
    if attempt.status == AttemptStatus.OPEN:
        raise Conflict("This attempt is not submitted yet.")
    return sheets.attempt_result(session, attempt)


def close_overdue(session: Session) -> bool:
    """Submits a batch of open attempts whose time is over, with what was acknowledged. Gives True when there may be more."""
    overdue = session.exec(
        select(Attempt)
        .where(Attempt.status == AttemptStatus.OPEN, col(Attempt.deadline_at) < clock.now() - timing_rules.GRACE)
        .order_by(col(Attempt.deadline_at))
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    for attempt in overdue:
        _close(session, attempt, late=True)
    return len(overdue) == BATCH


def own_attempt(session: Session, actor: Actor, attempt_id: UUID, *, lock: bool = False) -> Attempt:
    """An attempt of the actor's. Raises NotFound. `lock` takes the row FOR UPDATE, which answers on their way wait for."""
    query = select(Attempt).where(Attempt.id == attempt_id, Attempt.person_id == actor.person_id)
    attempt = session.exec(query.with_for_update() if lock else query).first()
    if attempt is None:
        raise NotFound("There is no such attempt of yours.")
    return attempt


def _refuse_who_has_left(session: Session, attempt: Attempt) -> None:
    if session.get_one(Enrollment, attempt.enrollment_id).status != EnrollmentStatus.ACTIVE:
        raise Conflict("You have left this course. Enrol again to go on with this attempt; what you saved is kept.")


def _close_overdue(session: Session, attempt: Attempt) -> None:
    """Closes an attempt once no answer is on its way to it any more, unless somebody else has closed it in the meantime."""
    session.refresh(attempt, with_for_update=True)
    if attempt.status == AttemptStatus.OPEN:
        _close(session, attempt, late=True)


def _open_attempt(session: Session, enrollment_id: UUID, assessment_id: UUID) -> Attempt | None:
    return session.exec(
        select(Attempt).where(Attempt.enrollment_id == enrollment_id, Attempt.assessment_id == assessment_id, Attempt.status == AttemptStatus.OPEN)
    ).first()


def _begin(session: Session, assessment: Assessment, enrollment: Enrollment) -> Attempt:
    revision = session.get(AssessmentRevision, assessment.published_revision_id)
    if revision is None:
        raise NotFound
    settings = QuizSettings.model_validate(revision.settings)
    used = session.exec(
        select(func.count()).select_from(Attempt).where(Attempt.enrollment_id == enrollment.id, Attempt.assessment_id == assessment.id)
    ).one()
    if settings.attempts_allowed is not None and used >= settings.attempts_allowed:
        raise LimitReached("You have used all attempts at this quiz.")
    now = clock.now()
    seed = secrets.randbits(62)
    layout = _draw(session, revision.id, seed if settings.shuffle_questions else None)
    if not layout:
        raise NotFound("This quiz has no questions yet.")
    attempt = Attempt(
        run_id=enrollment.run_id,
        course_id=enrollment.course_id,
        enrollment_id=enrollment.id,
        person_id=enrollment.person_id,
        assessment_id=assessment.id,
        assessment_revision_id=revision.id,
        number=used + 1,
        seed=seed,
        layout=layout,
        started_at=now,
        deadline_at=timing_rules.deadline(now, limit=timedelta(seconds=settings.time_limit) if settings.time_limit else None),
        max_score=total((Decimal(entry["points"]), Decimal(0)) for entry in layout).max_score,
    )
    session.add(attempt)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("This quiz was just started elsewhere. Load the page again.") from error
    events.record(session, enrollment, Verb.STARTED, NodeKind.ASSESSMENT, assessment.id, revision_id=revision.id, attempt_id=attempt.id)
    return attempt


def _draw(session: Session, revision_id: UUID, seed: int | None) -> list[dict[str, Any]]:
    """The questions of a revision as an attempt pins them: in their order, or in the seed's."""
    rows = session.exec(
        select(SectionQuestion, Question.type)
        .join(AssessmentSection, col(AssessmentSection.id) == col(SectionQuestion.section_id))
        .join(Question, col(Question.id) == col(SectionQuestion.question_id))
        .where(AssessmentSection.assessment_revision_id == revision_id)
        .order_by(col(AssessmentSection.number), col(SectionQuestion.number))
    ).all()
    if seed is not None:
        rows = sorted(rows, key=lambda row: place(seed, str(row[0].question_id)))
    return [
        {
            "question": str(entry.question_id),
            "revision": str(entry.question_revision_id),
            "type": str(type_),
            "points": str(entry.points),
            "number": number,
        }
        for number, (entry, type_) in enumerate(rows, start=1)
    ]


def _close(session: Session, attempt: Attempt, *, late: bool) -> None:
    """Grades everything that was saved, writes the result, and completes the quiz where its rule is met."""
    now = clock.now()
    revision = session.get_one(AssessmentRevision, attempt.assessment_revision_id)
    graded = grading.grade(session, attempt, pass_mark=QuizSettings.model_validate(revision.settings).pass_mark)
    for result in graded.questions:
        session.add(
            QuestionScore(
                attempt_id=attempt.id,
                question_id=result.question.id,
                question_revision_id=result.question.revision_id,
                points=result.question.points,
                fraction=result.fraction,
                score=result.score,
                outcome=result.grade.outcome,
                tally=[list(pair) for pair in result.tally],
                graded_at=now,
            )
        )
    attempt.status = AttemptStatus.EXPIRED if late else AttemptStatus.SUBMITTED
    attempt.submitted_at = min(now, attempt.deadline_at) if late and attempt.deadline_at else now
    attempt.score, attempt.max_score, attempt.fraction = graded.total.score, graded.total.max_score, graded.total.fraction
    attempt.passed = graded.passed
    session.add(attempt)
    session.flush()
    enrollment = session.get_one(Enrollment, attempt.enrollment_id)
    events.record(
        session,
        enrollment,
        Verb.SUBMITTED,
        NodeKind.ASSESSMENT,
        attempt.assessment_id,
        revision_id=attempt.assessment_revision_id,
        attempt_id=attempt.id,
        value={"fraction": str(attempt.fraction), "number": attempt.number},
    )
    _complete(session, attempt, enrollment)


def _complete(session: Session, attempt: Attempt, enrollment: Enrollment) -> None:
    outline = published_outline(session, attempt.course_id)
    item = next((item for item in outline.items() if item.id == attempt.assessment_id), None)
    if item is not None and is_quiz_complete(item.rule, passed=attempt.passed):
        progress.record(session, enrollment, item, {"attempt": str(attempt.id), "fraction": str(attempt.fraction)}, outline=outline)
