"""Reading quizzes: the cover that a student sees before an attempt."""

from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from lms_app.domain.actor import Actor
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.assessments.score_rules import Sitting, counting_sitting
from lms_app.domain.assessments.sheets import points_in_words, whole_percent
from lms_app.domain.assessments.views import AttemptLine, QuizCover
from lms_app.domain.courses import access
from lms_app.domain.enrollments.progress_rules import rule_sentence
from lms_app.domain.notifications.queries import when_in_words
from lms_app.errors import NotFound
from lms_app.models import AssessmentRevision, AssessmentSection, Attempt, Course, Person, SectionQuestion
from lms_app.words import AttemptStatus, CompletionRule, Feedback


def quiz_cover(session: Session, actor: Actor, assessment_id: UUID) -> QuizCover:
    """A quiz of a course that the actor takes, with the actor's attempts so far. Raises NotFound."""
    assessment, enrollment = access.learned_assessment(session, actor, assessment_id)
    revision = session.get(AssessmentRevision, assessment.published_revision_id)
    if revision is None:
        raise NotFound
    settings = QuizSettings.model_validate(revision.settings)
    course = session.get_one(Course, assessment.course_id)
    points = session.exec(
        select(col(SectionQuestion.points))
        .join(AssessmentSection, col(AssessmentSection.id) == col(SectionQuestion.section_id))
        .where(AssessmentSection.assessment_revision_id == revision.id)
    ).all()
    attempts = session.exec(
        select(Attempt).where(Attempt.enrollment_id == enrollment.id, Attempt.assessment_id == assessment.id).order_by(col(Attempt.number))
    ).all()
    sittings = [Sitting(number=attempt.number, fraction=attempt.fraction) for attempt in attempts if attempt.fraction is not None]
    counting = counting_sitting(sittings)
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    allowed = settings.attempts_allowed
    return QuizCover(
        id=str(assessment.id),
        title=revision.title,
        introduction=settings.introduction,
        course=course.title,
        slug=course.slug,
        page_id=str(assessment.page_id or ""),
        practice=assessment.practice,
        questions=len(points),
        points=points_in_words(sum(points, Decimal(0))),
        pass_percent=whole_percent(settings.pass_mark),
        time_limit=settings.time_limit,
        attempts_allowed=allowed,
        attempts_left=None if allowed is None else max(0, allowed - len(attempts)),
        immediate=settings.feedback == Feedback.IMMEDIATE,
        rule_sentence=rule_sentence(CompletionRule(assessment.completion_rule), pass_mark=settings.pass_mark, required=assessment.required),
        open_attempt=next((str(attempt.id) for attempt in attempts if attempt.status == AttemptStatus.OPEN), ""),
        attempts=[
            AttemptLine(
                id=str(attempt.id),
                number=attempt.number,
                status=attempt.status,
                when=when_in_words(attempt.submitted_at or attempt.started_at, zone),
                percent=whole_percent(attempt.fraction),
                passed=attempt.passed,
                counts=counting is not None and counting.number == attempt.number,
            )
            for attempt in attempts
        ],
        best_percent=whole_percent(counting.fraction) if counting else None,
        passed=any(attempt.passed for attempt in attempts),
    )
