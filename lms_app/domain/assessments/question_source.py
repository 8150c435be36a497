"""Questions of a bank by their bodies, as programs read and write them. What stands here holds keys, and reaches authors alone."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import question_bank, question_pictures, quiz_authoring
from lms_app.domain.assessments.question_bank import QuizName
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.content.document import QuizBlock, RichTextBlock
from lms_app.domain.content.plain_text import text_of
from lms_app.domain.courses import access
from lms_app.errors import Conflict, Invalid, NotFound
from lms_app.models import Assessment, Question, QuestionRevision
from lms_app.words import QuestionType

SUMMARY = "This question cannot be saved yet."
CODE_0 = "A text holds a character of code 0, which is none."
_CODE_0 = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True, kw_only=True)
class QuestionSource:
    """A question with its key. `course_id` is "" in a person's own bank, `category` for none; `used_in` are the quizzes that ask it."""

    id: str
    course_id: str
    type: str
    title: str
    category: str
    tags: list[str]
    revision: int
    body: dict[str, Any]
    used_in: list[QuizName]


def read(session: Session, actor: Actor, question_id: UUID) -> QuestionSource:
    """A question as it is asked now, to those who may author it. Raises NotFound."""
    question = access.editable_question(session, actor, question_id)
    return _source(session, question, _newest(session, question))


def create(
    session: Session,
    actor: Actor,
    course_id: UUID | None,
    type_: QuestionType,
    body: Mapping[str, Any],
    *,
    category_id: UUID | None = None,
    tags: Sequence[str] = (),
) -> QuestionSource:
    """A new question in a course's bank, or in the actor's own (None). Raises Invalid with the fields of the body that need another look,
    NotAllowed and NotFound."""
    question_bank.owned(session, actor, course_id)
    checked = checked_body(type_, body)
    question_pictures.check(session, course_id, checked)
    question = Question(
        course_id=course_id,
        person_id=None if course_id else actor.person_id,
        type=type_,
        title=quiz_authoring.title_of(checked),
        created_at=clock.now(),
    )
    session.add(question)
    session.flush()
    revision = quiz_authoring.write_question(session, actor, question, checked)
    if category_id is not None:
        question_bank.put_in_category(session, actor, question.id, category_id)
    if tags:
        question_bank.tag(session, actor, question.id, ", ".join(tags))
    return _source(session, question, revision)


def save(session: Session, actor: Actor, question_id: UUID, body: Mapping[str, Any], *, revision: int) -> QuestionSource:
    """Saves what a question asks as its next revision. The quizzes that ask it take it into their drafts: students see it when those are published,
    and attempts that were begun keep the question as it was. The same body again changes nothing.

    `revision` is the number of the one that was read. Raises Conflict where it is no longer the newest, Invalid and NotFound.
    """
    access.editable_question(session, actor, question_id)
    question = session.exec(
        select(Question).where(Question.id == question_id).with_for_update(key_share=True).execution_options(populate_existing=True)
    ).one()
    newest = _newest(session, question)
    if newest.number != revision:
        raise Conflict(f"This question was changed meanwhile: it is at revision {newest.number}. Read it again, then save yours.")
    checked = checked_body(QuestionType(question.type), body)
    if checked == TYPES[QuestionType(question.type)].body.model_validate(newest.body).model_dump(mode="json"):
        return _source(session, question, newest)
    question_pictures.check(session, question.course_id, checked)
    question.title = quiz_authoring.title_of(checked) or question.title
    written = quiz_authoring.write_question(session, actor, question, checked)
    _let_quizzes_follow(session, actor, question, written)
    return _source(session, question, written)


def copy(session: Session, actor: Actor, question_id: UUID, course_id: UUID | None) -> QuestionSource:
    """Copies a question into a course's bank, or the actor's own (None), as `question_bank.copy` does, and gives the copy."""
    return read(session, actor, question_bank.copy(session, actor, question_id, course_id))


def use_in_quiz(session: Session, actor: Actor, assessment_id: UUID, question_id: UUID, points: str) -> QuestionSource:
    """Puts a question at the end of a quiz, as `question_bank.use_in_quiz` does, and gives it."""
    question_bank.use_in_quiz(session, actor, question_id, assessment_id, points)
    return read(session, actor, question_id)


def put_in_category(session: Session, actor: Actor, question_id: UUID, category_id: UUID | None) -> QuestionSource:
    """Puts a question into a category of its bank, or into none, and gives it. Raises NotFound."""
    question_bank.put_in_category(session, actor, question_id, category_id)
    return read(session, actor, question_id)


def tag(session: Session, actor: Actor, question_id: UUID, tags: Sequence[str]) -> QuestionSource:
    """Gives a question these tags in the place of those before, and gives it. Raises Invalid, NotFound."""
    question_bank.tag(session, actor, question_id, ", ".join(tags))
    return read(session, actor, question_id)


def checked_body(type_: QuestionType, body: Mapping[str, Any]) -> dict[str, Any]:
    """A body as it is stored. Raises Invalid with what is wrong, by the places in the body (`choices.0.weight`)."""
    kind = TYPES[type_]
    try:
        read_body = kind.body.model_validate(body)
    except ValidationError as fault:
        wrong: dict[str, str] = {}
        for error in fault.errors(include_url=False, include_context=False, include_input=False)[:50]:
            place = ".".join(("body", *(str(step) for step in error["loc"])))
            wrong.setdefault(place[:200], error["msg"].removeprefix("Value error, "))
        raise Invalid(SUMMARY, fields=wrong) from fault
    if not text_of(read_body.stem).strip() and all(isinstance(block, RichTextBlock) for block in read_body.stem.blocks):
        raise Invalid(SUMMARY, fields={"body.stem": "Write what is asked."})
    if any(isinstance(block, QuizBlock) for block in read_body.stem.blocks):
        raise Invalid(SUMMARY, fields={"body.stem": "A question cannot hold a quiz."})
    try:
        kind.check(read_body)
    except ValueError as fault:
        raise Invalid(SUMMARY, fields={"body": str(fault)}) from fault
    checked = read_body.model_dump(mode="json")
    if holds_code_0(json.dumps(checked)):
        raise Invalid(SUMMARY, fields={"body": CODE_0})
    return checked


def holds_code_0(written: str) -> bool:
    """Whether a text in this JSON holds the one character that the database does not keep."""
    return bool(_CODE_0.search(written))


def _newest(session: Session, question: Question) -> QuestionRevision:
    revision = session.get(QuestionRevision, question.published_revision_id) if question.published_revision_id else None
    if revision is None:
        raise NotFound("This question has not been saved yet.")
    return revision


def _let_quizzes_follow(session: Session, actor: Actor, question: Question, revision: QuestionRevision) -> None:
    ids = [UUID(quiz.id) for quiz in question_bank.used_in(session, [question.id]).get(question.id, [])]
    for quiz in session.exec(select(Assessment).where(col(Assessment.id).in_(ids)).order_by(col(Assessment.id))).all():
        lines, parts, pools = quiz_authoring.composition_of(session, quiz)
        followed = [replace(line, revision_id=revision.id) if line.question_id == question.id else line for line in lines]
        quiz_authoring.recompose(session, actor, quiz, followed, parts, pools)


def _source(session: Session, question: Question, revision: QuestionRevision) -> QuestionSource:
    return QuestionSource(
        id=str(question.id),
        course_id=str(question.course_id or ""),
        type=question.type,
        title=question.title or "Question",
        category=str(question.category_id or ""),
        tags=list(question.tags),
        revision=revision.number,
        body=revision.body,
        used_in=question_bank.used_in(session, [question.id]).get(question.id, []),
    )
