"""Making what a student sees of an attempt: sheets while it is open, results when it is over."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.assessments import grading
from lms_app.domain.assessments.grading_rules import drawn_body, grade_response
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.assessments.score_rules import counted_fraction, question_score
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.gaps import place_gaps
from lms_app.domain.assessments.types.kind import Grade, question_seed
from lms_app.domain.assessments.views import (
    AnswerFeedback,
    AttemptResult,
    AttemptSheet,
    ChoiceFeedback,
    ChoiceSheet,
    QuestionSheet,
)
from lms_app.domain.content.rendering import Resolver, html_of_document, html_of_rich_text, inline_html_of_rich_text
from lms_app.domain.courses.addresses import resolver
from lms_app.errors import NotFound
from lms_app.models import Answer, Assessment, AssessmentRevision, Attempt, Course, Enrollment
from lms_app.words import AttemptStatus, Feedback, QuestionType


def attempt_sheet(session: Session, attempt: Attempt) -> AttemptSheet:
    """An open attempt: its questions in the order drawn, what is saved, and feedback on what was checked."""
    revision = session.get_one(AssessmentRevision, attempt.assessment_revision_id)
    assessment = session.get_one(Assessment, attempt.assessment_id)
    course = session.get_one(Course, attempt.course_id)
    bodies = grading.revisions_of(session, attempt)
    answers = _answers(session, attempt)
    resolve = resolver(course.slug)
    questions = []
    for entry in attempt.layout:
        body = bodies[UUID(entry["revision"])]
        answer = answers.get(UUID(entry["question"]))
        checked = answer is not None and answer.checked_at is not None
        feedback = _feedback(entry, _graded(attempt, entry, body, answer.response), resolve) if checked and answer else None
        questions.append(_question(attempt, entry, body, answer, feedback, resolve))
    return AttemptSheet(
        id=str(attempt.id),
        number=attempt.number,
        assessment_id=str(attempt.assessment_id),
        title=revision.title,
        course=course.title,
        slug=course.slug,
        page_id=str(assessment.page_id or ""),
        immediate=QuizSettings.model_validate(revision.settings).feedback == Feedback.IMMEDIATE,
        deadline_at=attempt.deadline_at.isoformat() if attempt.deadline_at else "",
        server_time=clock.now().isoformat(),
        questions=questions,
    )


def feedback_on(session: Session, attempt: Attempt, question_id: UUID, response: dict[str, Any] | None) -> AnswerFeedback:
    """How one response does against the revision that the attempt pinned. Raises NotFound for a question that is not in it."""
    entry = next((entry for entry in attempt.layout if entry["question"] == str(question_id)), None)
    if entry is None:
        raise NotFound
    body = grading.revisions_of(session, attempt)[UUID(entry["revision"])]
    course = session.get_one(Course, attempt.course_id)
    return _feedback(entry, _graded(attempt, entry, body, response), resolver(course.slug))


def attempt_result(session: Session, attempt: Attempt) -> AttemptResult:
    """A submitted attempt with the feedback on every question."""
    revision = session.get_one(AssessmentRevision, attempt.assessment_revision_id)
    settings = QuizSettings.model_validate(revision.settings)
    assessment = session.get_one(Assessment, attempt.assessment_id)
    course = session.get_one(Course, attempt.course_id)
    enrollment = session.get_one(Enrollment, attempt.enrollment_id)
    bodies = grading.revisions_of(session, attempt)
    answers = _answers(session, attempt)
    resolve = resolver(course.slug)
    questions = []
    for entry, result in zip(attempt.layout, grading.grade(session, attempt).questions, strict=True):
        body = bodies[UUID(entry["revision"])]
        answer, feedback = answers.get(UUID(entry["question"])), _feedback(entry, result.grade, resolve)
        questions.append(_question(attempt, entry, body, answer, feedback, resolve))
    used = session.exec(
        select(func.count())
        .select_from(Attempt)
        .where(Attempt.enrollment_id == attempt.enrollment_id, Attempt.assessment_id == attempt.assessment_id)
    ).one()
    return AttemptResult(
        id=str(attempt.id),
        number=attempt.number,
        assessment_id=str(attempt.assessment_id),
        title=revision.title,
        slug=course.slug,
        page_id=str(assessment.page_id or ""),
        score=points_in_words(attempt.score or Decimal(0)),
        max_score=points_in_words(attempt.max_score),
        percent=whole_percent(attempt.fraction) or 0,
        passed=attempt.passed,
        pass_percent=whole_percent(settings.pass_mark),
        late=attempt.status == AttemptStatus.EXPIRED,
        submitted_at=attempt.submitted_at.isoformat() if attempt.submitted_at else "",
        questions=questions,
        course_completed=enrollment.completed_at is not None,
        attempts_left=None if settings.attempts_allowed is None else max(0, settings.attempts_allowed - used),
    )


def points_in_words(value: Decimal) -> str:
    """Points without trailing zeros: `2`, `1.5`, `0.333333`."""
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def whole_percent(fraction: Decimal | None) -> int | None:
    """A fraction as a whole percentage, rounded down, so that 100 means everything."""
    return None if fraction is None else int(fraction * 100)


def _answers(session: Session, attempt: Attempt) -> dict[UUID, Answer]:
    return {row.question_id: row for row in session.exec(select(Answer).where(col(Answer.attempt_id) == attempt.id)).all()}


def _graded(attempt: Attempt, entry: dict[str, Any], body: dict[str, Any], response: dict[str, Any] | None) -> Grade:
    return grade_response(QuestionType(entry["type"]), body, response, seed=question_seed(attempt.seed, UUID(entry["question"])))


def _question(
    attempt: Attempt, entry: dict[str, Any], body: dict[str, Any], answer: Answer | None, feedback: AnswerFeedback | None, resolve: Resolver
) -> QuestionSheet:
    type_, seed = QuestionType(entry["type"]), question_seed(attempt.seed, UUID(entry["question"]))
    sheet = TYPES[type_].sheet(drawn_body(type_, body, seed=seed), seed)
    shown = {"type", "stem", "choices", "hints"}
    return QuestionSheet(
        id=entry["question"],
        number=entry["number"],
        type=entry["type"],
        points=points_in_words(Decimal(entry["points"])),
        html=place_gaps(html_of_document(sheet["stem"], resolve), sheet.get("gaps", [])),
        choices=[ChoiceSheet(id=choice["id"], html=inline_html_of_rich_text(choice["content"], resolve)) for choice in sheet.get("choices", [])],
        extras={name: _readable(value, resolve) for name, value in sheet.items() if name not in shown},
        hints=[html_of_rich_text(hint, resolve) for hint in sheet.get("hints", [])],
        response=answer.response if answer else None,
        sequence=answer.sequence if answer else 0,
        saved_at=answer.saved_at.isoformat() if answer else "",
        feedback=feedback,
    )


def _readable(value: Any, resolve: Resolver) -> Any:
    """JSON values of a sheet with every rich text, which stands under `content`, as HTML under `html`."""
    if isinstance(value, dict):
        return {
            "html" if name == "content" else name: inline_html_of_rich_text(inner, resolve) if name == "content" else _readable(inner, resolve)
            for name, inner in value.items()
        }
    return [_readable(inner, resolve) for inner in value] if isinstance(value, list) else value


def _feedback(entry: dict[str, Any], grade: Grade, resolve: Resolver) -> AnswerFeedback:
    points = Decimal(entry["points"])
    return AnswerFeedback(
        outcome=grade.outcome,
        score=points_in_words(question_score(points, counted_fraction(grade.fraction))),
        points=points_in_words(points),
        html="".join(html_of_rich_text(text, resolve) for text in grade.feedback),
        remark=grade.remark,
        choices=[
            ChoiceFeedback(
                id=choice.id,
                chosen=choice.chosen,
                right=choice.right,
                html=html_of_rich_text(choice.feedback, resolve) if choice.feedback else "",
            )
            for choice in grade.choices
        ],
    )
