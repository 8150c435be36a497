"""Questions put into quizzes by their forms, as an author does in two steps: published in the bank, then used."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session

from lms_app.domain.actor import Actor
from lms_app.domain.assessments import question_bank, question_source
from lms_app.domain.assessments.question_forms import body_from_form
from lms_app.domain.courses import access
from lms_app.models import Question, QuestionRevision
from lms_app.words import QuestionType


def add_question(session: Session, actor: Actor, quiz_id: UUID, type_: QuestionType, form: Mapping[str, Any], points: str = "1") -> UUID:
    """A new question at the end of a quiz."""
    quiz = access.editable_assessment(session, actor, quiz_id)
    question = UUID(question_source.create(session, actor, quiz.course_id, type_, body_from_form(type_, form)).id)
    question_bank.use_in_quiz(session, actor, question, quiz_id, points)
    return question


def save_question(session: Session, actor: Actor, question_id: UUID, form: Mapping[str, Any]) -> None:
    """Another state of a question."""
    question = session.get_one(Question, question_id)
    newest = session.get_one(QuestionRevision, question.published_revision_id)
    body = body_from_form(QuestionType(question.type), form, previous=newest.body)
    question_source.save(session, actor, question_id, body, revision=newest.number)
