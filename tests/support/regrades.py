"""Corrected questions, and everything that undoing a correction must put back."""

import json
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import attempts, quiz_authoring
from lms_app.domain.assessments.regrade_facts import score_of
from lms_app.domain.enrollments import learning, progress
from lms_app.models import Answer, Attempt, Certificate, Completion, Enrollment, Progress, Question, QuestionRevision, QuestionScore
from lms_app.words import QuestionType
from tests.support.campus import RIGHT, WRONG, Campus


def question_of(campus: Campus, type_: QuestionType, title: str = "Final quiz") -> Question:
    """The question of this type in a quiz."""
    line = next(line for line in quiz_authoring.lines_of(campus.session, campus.quiz(title)) if _type_of(campus, line.question_id) == type_)
    return campus.session.get_one(Question, line.question_id)


def _type_of(campus: Campus, question_id: UUID) -> QuestionType:
    return QuestionType(campus.session.get_one(Question, question_id).type)


def corrected(campus: Campus, question: Question, body: dict) -> UUID:
    """A new revision of a question, as saving it in the editor makes."""
    number = len(campus.session.exec(select(QuestionRevision).where(QuestionRevision.question_id == question.id)).all())
    revision = QuestionRevision(question_id=question.id, number=number + 1, type=question.type, body=body, created_at=clock.now())
    campus.session.add(revision)
    campus.session.flush()
    question.published_revision_id = question.draft_revision_id = revision.id
    campus.session.add(question)
    campus.session.flush()
    return revision.id


def sit(campus: Campus, actor: Actor, right: int = 5, title: str = "Final quiz") -> UUID:
    """A submitted attempt with the first so many types answered right, the others wrong."""
    session = campus.session
    sheet = attempts.start(session, actor, campus.quiz(title).id)
    good = list(RIGHT)[:right]
    for entry in sheet.questions:
        type_ = QuestionType(entry.type)
        response = RIGHT[type_] if type_ in good else WRONG[type_]
        session.add(Answer(attempt_id=UUID(sheet.id), question_id=UUID(entry.id), response=response, sequence=1, saved_at=clock.now()))
    session.flush()
    attempts.submit(session, actor, UUID(sheet.id))
    return UUID(sheet.id)


def finish_reading(campus: Campus, actor: Actor) -> None:
    """Completes the pages of the course."""
    began, page = clock.now(), campus.page("Stones").id
    learning.mark_complete(campus.session, actor, campus.page("Sand").id)
    learning.open_page(campus.session, actor, page)
    with clock.moved_to(began + timedelta(seconds=10)):
        learning.heartbeat(campus.session, actor, page, seconds=9, reached_end=True)


def _facts(row: object) -> dict[str, str]:
    return {name: str(value) for name, value in vars(row).items() if not name.startswith("_")}


def state(session: Session) -> str:
    """Everything that undoing must put back, as it stands: marks, attempts, what counts as complete, progress, certificates."""
    session.flush()
    session.expire_all()
    scores = {f"{row.attempt_id}:{row.question_id}": score_of(row) for row in session.exec(select(QuestionScore)).all()}
    sat = {str(row.id): _facts(row) for row in session.exec(select(Attempt)).all()}
    done = {str(row.id): _facts(row) for row in session.exec(select(Completion).where(progress.stands())).all()}
    people = {str(row.id): [str(row.completed_at), row.status] for row in session.exec(select(Enrollment)).all()}
    moved = {str(row.enrollment_id): [row.done, row.total, str(row.fraction)] for row in session.exec(select(Progress)).all()}
    certificates = {
        str(row.id): [row.code, row.award_version, str(row.revoked_at), row.revoked_because] for row in session.exec(select(Certificate)).all()
    }
    return json.dumps([scores, sat, done, people, moved, certificates], sort_keys=True, default=str)
