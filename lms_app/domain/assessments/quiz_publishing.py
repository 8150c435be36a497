"""Showing a quiz's newest revision to students, and which quizzes stand on a page."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.content.document import Document, QuizBlock
from lms_app.errors import Invalid
from lms_app.models import Assessment, AssessmentRevision, AssessmentSection, Page, SectionPool, SectionQuestion
from lms_app.words import CompletionRule, Status


def show_newest(session: Session, quiz: Assessment) -> bool:
    """Shows a quiz's newest revision to students, and lets its rule follow its settings. A quiz without questions is not shown; that gives False."""
    revision = session.get(AssessmentRevision, quiz.draft_revision_id)
    if revision is None or not question_count(session, revision.id):
        return False
    settings = QuizSettings.model_validate(revision.settings)
    before = session.get(AssessmentRevision, quiz.published_revision_id) if quiz.published_revision_id else None
    old_mark = QuizSettings.model_validate(before.settings).pass_mark if before else settings.pass_mark
    rule = rule_of(practice=quiz.practice, settings=settings)
    if rule != quiz.completion_rule or (rule == CompletionRule.PASSED and old_mark != settings.pass_mark):
        quiz.completion_rule, quiz.rule_version = rule, quiz.rule_version + 1
    quiz.published_revision_id, quiz.status = revision.id, Status.PUBLISHED
    session.add(quiz)
    return True


def rule_of(*, practice: bool, settings: QuizSettings) -> CompletionRule:
    """What completes a quiz with these settings."""
    return CompletionRule.PASSED if settings.pass_mark is not None and not practice else CompletionRule.SUBMITTED


def question_count(session: Session, revision_id: UUID) -> int:
    """Questions in a revision of a quiz, those that pools draw included."""
    query = (
        select(func.count())
        .select_from(SectionQuestion)
        .join(AssessmentSection, col(AssessmentSection.id) == col(SectionQuestion.section_id))
        .where(AssessmentSection.assessment_revision_id == revision_id)
    )
    pools = (
        select(func.coalesce(func.sum(SectionPool.count), 0))
        .join(AssessmentSection, col(AssessmentSection.id) == col(SectionPool.section_id))
        .where(AssessmentSection.assessment_revision_id == revision_id)
    )
    return session.exec(query).one() + int(session.exec(pools).one())


def quizzes_in(session: Session, course_id: UUID, document: Document) -> list[Assessment]:
    """The quizzes that a document places, in its order. Raises Invalid for one that the course does not have, or that is placed twice."""
    ids = [block.assessment for block in document.blocks if isinstance(block, QuizBlock)]
    found = quizzes_named(session, course_id, ids)
    unknown = next((name for name in ids if name not in found), None)
    if unknown is not None:
        raise Invalid(f"This course has no quiz {unknown}. Take the line with it out, or add a quiz.", fields={"markdown": "There is no such quiz."})
    if len(set(ids)) < len(ids):
        raise Invalid("A quiz can stand on a page once.", fields={"markdown": "This quiz is placed twice."})
    return [found[name] for name in ids]


def place_on(session: Session, page: Page, document: Document) -> list[Assessment]:
    """Makes the quizzes that a document places those of the page: others leave it, and count no more. Gives the placed ones."""
    placed = quizzes_in(session, page.course_id, document)
    kept = {quiz.id for quiz in placed}
    for quiz in session.exec(select(Assessment).where(Assessment.page_id == page.id)).all():
        if quiz.id not in kept:
            quiz.page_id, quiz.status = None, Status.DRAFT
            session.add(quiz)
    for quiz in placed:
        quiz.page_id = page.id
        session.add(quiz)
    return placed


def quizzes_named(session: Session, course_id: UUID, ids: Sequence[str]) -> dict[str, Assessment]:
    """Those of a course's quizzes that a document calls by these names, by their names; what is archived or no quiz is left out."""
    wanted: list[UUID] = []
    for name in ids:
        try:
            wanted.append(UUID(name))
        except ValueError:
            continue
    if not wanted:
        return {}
    query = select(Assessment).where(Assessment.course_id == course_id, col(Assessment.id).in_(wanted), col(Assessment.archived_at).is_(None))
    return {str(quiz.id): quiz for quiz in session.exec(query).all()}
