"""Trying a question out: its author sees and answers it as a student would, as it stands. Nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session

from lms_app.domain.actor import Actor
from lms_app.domain.assessments import question_drafts, sheets
from lms_app.domain.assessments.grading_rules import drawn_body, grade_response
from lms_app.domain.assessments.question_forms.fields import plain
from lms_app.domain.assessments.quiz_settings import QuizSettings, Shown
from lms_app.domain.assessments.sheets import Scene
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.calculated import Calculated, draw, solve, written
from lms_app.domain.assessments.types.kind import question_seed
from lms_app.domain.assessments.views import AnswerFeedback, QuestionSheet
from lms_app.domain.content.kept_html import html_of_rich_text
from lms_app.domain.courses.addresses import resolver
from lms_app.errors import Invalid
from lms_app.models import Attempt, Course
from lms_app.words import Behaviour, QuestionType

DRAWS = 6
"""How many draws of a calculated question are shown."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A question as a student would see it, and how the answer does, where one was given. `percent` is what the answer earns of the points; "" where
    a person marks it. `hints` are all of them."""

    question: QuestionSheet
    hints: list[str]
    feedback: AnswerFeedback | None
    percent: str


@dataclass(frozen=True, kw_only=True)
class Draw:
    """What one attempt at a calculated question would draw: the numbers by name, and the right answer as it would be written."""

    values: dict[str, str]
    answer: str


def try_out(
    session: Session, actor: Actor, question_id: UUID, form: Mapping[str, Any], *, seed: int, response: Mapping[str, Any] | None = None
) -> Trial:
    """What a student would see of a form, drawn by `seed`, and how a response would be graded. Raises Invalid by the fields of the form, NotFound."""
    question, body = question_drafts.body_now(session, actor, question_id, form)
    type_ = QuestionType(question.type)
    course = session.get_one(Course, question.course_id) if question.course_id else None
    scene = Scene(
        attempt=Attempt(seed=seed),  # pyright: ignore[reportCallIssue]
        settings=QuizSettings(behaviour=Behaviour.IMMEDIATE),
        sections={},
        resolve=resolver(course.slug if course else ""),
    )
    asks = TYPES[type_].asks
    entry = {"question": str(question.id), "type": type_.value, "points": "1", "number": 1 if asks else None}
    sheet = sheets.question_sheet(scene, entry, body, None, None, hints=[], tries=0)
    hints = [html_of_rich_text(hint, scene.resolve) for hint in drawn_body(type_, body, seed=_seed(seed, question.id)).hints]
    if response is None or not asks:
        return Trial(question=sheet, hints=hints, feedback=None, percent="")
    try:
        TYPES[type_].response.model_validate(response)
    except ValueError as fault:
        raise Invalid("This is no answer to such a question.") from fault
    grade = grade_response(type_, body, response, seed=_seed(seed, question.id))
    solution = TYPES[type_].solution(drawn_body(type_, body, seed=_seed(seed, question.id)))
    feedback = sheets.feedback_of(scene, entry, grade, grade.fraction, Shown(), solution=solution)
    earned = "" if TYPES[type_].by_hand else plain((grade.fraction * 100).quantize(Decimal("0.01")))
    return Trial(question=sheet, hints=hints, feedback=feedback, percent=earned)


def draws(session: Session, actor: Actor, question_id: UUID, form: Mapping[str, Any]) -> list[Draw]:
    """What some attempts at a calculated question would draw. Raises Invalid by the fields of the form, NotFound."""
    question, body = question_drafts.body_now(session, actor, question_id, form)
    if question.type != QuestionType.CALCULATED:
        return []
    read = Calculated.model_validate(body)
    found: list[Draw] = []
    for seed in range(DRAWS):
        drawn = draw(read, seed)
        right = solve(drawn)
        values: dict[str, Decimal] = drawn.drawn or {}
        found.append(Draw(values={name: written(value) for name, value in values.items()}, answer=right.text if right else ""))
    return found


def _seed(seed: int, question_id: UUID) -> int:
    return question_seed(seed, question_id)
