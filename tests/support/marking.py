"""A course whose final quiz asks for an essay and a file, for tests of marking."""

import json
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.crypto import key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import attempts
from lms_app.domain.assessments.answers import sealed_response
from lms_app.domain.assessments.types import TYPES
from lms_app.interchange import neutral
from lms_app.models import Answer, Question
from lms_app.words import CompletionRule, QuestionType
from tests.support.campus import Campus, quiz_block, text_block
from tests.support.questions import stem

RUBRIC = {
    "criteria": [
        {"title": "Claim", "levels": [{"title": "Missing", "points": "0"}, {"title": "Clear", "points": "2"}]},
        {"title": "Evidence", "levels": [{"title": "None", "points": "0"}, {"title": "Some", "points": "1"}, {"title": "Full", "points": "2"}]},
    ]
}


def written_course(slug: str = "letters", *, files: bool = False, **final: Any) -> neutral.Course:
    """A course with one quiz, "Final essay": an essay, and a file to hand in where asked for. `final` are its settings."""
    questions = [
        neutral.Question(ref="essay", type=QuestionType.ESSAY, title="Essay", points="4", body={"stem": stem("Why do stones sink?"), "words_min": 5})
    ]
    if files:
        body = {"stem": stem("Hand in your drawing."), "kinds": [".pdf", ".png"], "bytes_max": 2_000_000}
        questions.append(neutral.Question(ref="file", type=QuestionType.FILE_UPLOAD, title="Drawing", points="2", body=body))
    quiz = neutral.Assessment(ref="final", title="Final essay", practice=False, questions=tuple(questions), settings={"pass_mark": "0.5", **final})
    page = neutral.Page(ref="p1", title="Final essay", blocks=(text_block("Write."), quiz_block("final")), rule=CompletionRule.NONE)
    lesson = neutral.Lesson(ref="l1", title="Writing", pages=(page,), graded=True, category="Essays")
    module = neutral.Module(ref="m1", title="Writing", lessons=(lesson,))
    return neutral.Course(title="Letters", summary="Writing about stones", slug=slug, language="en", modules=(module,), assessments=(quiz,))


def write_answer(session: Session, actor: Actor, attempt_id: UUID, question_id: UUID, type_: QuestionType, response: dict[str, Any]) -> None:
    """An answer as the answer path writes it: sealed where it was typed."""
    plain, sealed = response, None
    if TYPES[type_].typed:
        plain, sealed = None, sealed_response(key_ring.key(session, actor.person_id), attempt_id, question_id, json.dumps(response).encode())
    session.add(Answer(attempt_id=attempt_id, question_id=question_id, response=plain, response_sealed=sealed, sequence=1, saved_at=clock.now()))
    session.flush()


def hand_in_essay(campus: Campus, actor: Actor | None = None, text: str = "Because they are heavier than the water that they push aside.") -> UUID:
    """A submitted attempt with an essay in it. Gives the attempt's id."""
    actor = actor or campus.student
    sheet = attempts.start(campus.session, actor, campus.quiz("Final essay").id)
    essay = next(question for question in sheet.questions if question.type == QuestionType.ESSAY)
    write_answer(campus.session, actor, UUID(sheet.id), UUID(essay.id), QuestionType.ESSAY, {"text": text})
    attempts.submit(campus.session, actor, UUID(sheet.id))
    return UUID(sheet.id)


def question_of(campus: Campus, type_: QuestionType) -> UUID:
    """The course's question of this type."""
    return campus.session.exec(select(Question.id).where(Question.course_id == campus.course.id, Question.type == type_)).one()
