"""A quiz once more, with its settings and with questions of its own."""

from dataclasses import replace
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import quiz_authoring
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.courses import node_health
from lms_app.models import Assessment, AssessmentRevision, Question, QuestionRevision, Rubric
from lms_app.words import Status


def copy_quiz(session: Session, actor: Actor, quiz: Assessment, page_id: UUID) -> Assessment:
    """A draft of what a quiz is now, for another page of the same course. Its questions and their rubrics are copies; its pools draw from the same
    bank. The caller may author the course."""
    now = clock.now()
    twin = Assessment(
        course_id=quiz.course_id,
        page_id=page_id,
        title=quiz.title,
        status=Status.DRAFT,
        practice=quiz.practice,
        category=quiz.category,
        completion_rule=quiz.completion_rule,
        required=quiz.required,
        created_at=now,
    )
    session.add(twin)
    session.flush()
    newest = session.get_one(AssessmentRevision, quiz.draft_revision_id)
    lines, parts, pools = quiz_authoring.composition_of(session, quiz)
    copies = _copies(session, actor, {line.question_id: line.revision_id for line in lines})
    lines = [replace(line, question_id=copies[line.question_id][0], revision_id=copies[line.question_id][1]) for line in lines]
    quiz_authoring.write_quiz(session, actor, twin, QuizSettings.model_validate(newest.settings), lines, parts, pools)
    return twin


def _copies(session: Session, actor: Actor, asked: dict[UUID, UUID]) -> dict[UUID, tuple[UUID, UUID]]:
    """Copies of questions, each in the revision that is asked: the id of the copy and of its revision, by the id of what was copied."""
    now = clock.now()
    sources = session.exec(select(Question).where(col(Question.id).in_(asked))).all()
    bodies = {row.id: row for row in session.exec(select(QuestionRevision).where(col(QuestionRevision.id).in_(asked.values()))).all()}
    twins = {
        source.id: Question(
            course_id=source.course_id,
            person_id=source.person_id,
            category_id=source.category_id,
            tags=list(source.tags),
            difficulty=source.difficulty,
            objective_id=source.objective_id,
            type=source.type,
            title=source.title,
            words=source.words,
            created_at=now,
        )
        for source in sources
    }
    session.add_all(twins.values())
    session.flush()
    revisions = {
        source: QuestionRevision(
            question_id=twin.id, number=1, type=twin.type, body=bodies[asked[source]].body, created_at=now, created_by=actor.person_id
        )
        for source, twin in twins.items()
    }
    session.add_all(revisions.values())
    rubrics = session.exec(select(Rubric).where(col(Rubric.question_id).in_(asked))).all()
    session.add_all(
        Rubric(question_id=twins[rubric.question_id].id, body=rubric.body, updated_at=now, updated_by=actor.person_id) for rubric in rubrics
    )
    for source, twin in twins.items():
        twin.draft_revision_id = twin.published_revision_id = revisions[source].id
    session.flush()
    node_health.keep(session, [node_health.at_question(twin, revisions[source].body) for source, twin in twins.items() if twin.course_id is not None])
    return {source: (twin.id, revisions[source].id) for source, twin in twins.items()}
