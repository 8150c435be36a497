"""What a plan of behaviour needs to know of a course: its pages and quizzes in order, and right and wrong answers to every question."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.assessments.types import TYPES, calculated
from lms_app.domain.content.document import document_of
from lms_app.domain.content.rendering import reading_minutes
from lms_app.interchange import neutral
from lms_app.words import Behaviour, CompletionRule, QuestionType


@dataclass(frozen=True, kw_only=True)
class QuestionStep:
    """A question with a response that earns everything, and responses that people give instead. `place` is its place in the quiz, from 0.

    Two types cannot say before what is right. A calculated answer depends on the numbers drawn: `{"formula": …}` is worked out with them. What is
    marked by hand has scripts: `{"good": …}` stands for the next of those that earn everything, or of the others.
    """

    ref: str
    place: int
    right: dict[str, Any]
    wrong: tuple[dict[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class QuizStep:
    """A quiz on a page, with the questions that ask something. `time_limit` is in seconds; `attempts` None is without limit."""

    ref: str
    practice: bool
    immediate: bool
    pass_mark: Decimal | None
    attempts: int | None
    time_limit: int | None
    questions: tuple[QuestionStep, ...]


@dataclass(frozen=True, kw_only=True)
class PageStep:
    """A page. `completes` says whether it counts by itself, `by_hand` whether the student marks it."""

    ref: str
    minutes: int
    completes: bool
    by_hand: bool
    quizzes: tuple[QuizStep, ...]


@dataclass(frozen=True, kw_only=True)
class CourseOutline:
    """A course as a row of pages."""

    slug: str
    pages: tuple[PageStep, ...]

    def questions(self) -> Iterator[QuestionStep]:
        """Every question of every quiz."""
        for page in self.pages:
            for quiz in page.quizzes:
                yield from quiz.questions


def outline_of(course: neutral.Course) -> CourseOutline:
    """The outline of a course."""
    quizzes = {quiz.ref: _quiz(quiz) for quiz in course.assessments}
    return CourseOutline(slug=course.slug, pages=tuple(_page(page, quizzes) for page in course.pages()))


def worked_out(body: dict[str, Any], formula: str, seed: int) -> dict[str, Any]:
    """What one who follows this formula answers to a calculated question, with the numbers of this seed."""
    drawn = calculated.draw(calculated.Calculated.model_validate(body), seed)
    answers = (calculated.CalculatedAnswer(formula=formula),)
    solved = calculated.solve(drawn.model_copy(update={"answers": answers}))
    if solved is None:
        raise ValueError(f"{formula} has no value.")
    return solved.model_dump(mode="json")


def _page(page: neutral.Page, quizzes: dict[str, QuizStep]) -> PageStep:
    return PageStep(
        ref=page.ref,
        minutes=reading_minutes(document_of(page.blocks)),
        completes=page.rule in (CompletionRule.READ, CompletionRule.MANUAL),
        by_hand=page.rule == CompletionRule.MANUAL,
        quizzes=tuple(quizzes[block["assessment"]] for block in page.blocks if block["type"] == "quiz"),
    )


def _quiz(quiz: neutral.Assessment) -> QuizStep:
    settings = QuizSettings.model_validate(quiz.settings)
    return QuizStep(
        ref=quiz.ref,
        practice=quiz.practice,
        immediate=settings.behaviour == Behaviour.IMMEDIATE,
        pass_mark=settings.pass_mark,
        attempts=settings.attempts_allowed,
        time_limit=settings.time_limit,
        questions=tuple(_question(question, place) for place, question in enumerate(quiz.questions) if TYPES[question.type].asks),
    )


def _question(question: neutral.Question, place: int) -> QuestionStep:
    return QuestionStep(ref=question.ref, place=place, right=_right(question), wrong=tuple(_slips(question)))


def _right(question: neutral.Question) -> dict[str, Any]:
    kind = TYPES[question.type]
    if kind.by_hand:
        return {"good": True}
    if question.type == QuestionType.CALCULATED:
        return {"formula": next(answer["formula"] for answer in question.body["answers"] if Decimal(answer["weight"]) == 1)}
    solved = kind.solve(kind.body.model_validate(question.body))
    if solved is None:
        raise ValueError(f"Nobody can answer {question.ref}: its answers are patterns only.")
    return solved.model_dump(mode="json")


def _slips(question: neutral.Question) -> Iterator[dict[str, Any]]:
    """Wrong responses to a question: the other choices, and the mistakes its author expected."""
    body = question.body
    match question.type:
        case QuestionType.SINGLE_CHOICE:
            yield from ({"choice": choice["id"]} for choice in body["choices"] if Decimal(choice["weight"]) < 1)
        case QuestionType.MULTIPLE_CHOICE:
            right = [choice["id"] for choice in body["choices"] if Decimal(choice["weight"]) > 0]
            wrong = [choice["id"] for choice in body["choices"] if Decimal(choice["weight"]) <= 0]
            yield from ({"choices": [*right, extra]} for extra in wrong)
            yield from ({"choices": [kept for kept in right if kept != missed]} for missed in right if len(right) > 1)
        case QuestionType.TRUE_FALSE:
            yield {"value": not body["answer"]}
        case QuestionType.SHORT_TEXT:
            slips = [answer["text"].strip("*") for answer in body["answers"] if Decimal(answer["weight"]) == 0]
            yield from ({"text": slip} for slip in (*slips, "I am not sure"))
        case QuestionType.NUMERIC:
            slips = [str(answer["value"]) for answer in body["answers"] if Decimal(answer["weight"]) == 0]
            yield from ({"text": slip} for slip in (*slips, "42.5"))
        case QuestionType.CALCULATED:
            yield from ({"formula": answer["formula"]} for answer in body["answers"] if Decimal(answer["weight"]) == 0)
        case QuestionType.MATCHING:
            pairs = {prompt["id"]: prompt["right"] for prompt in body["prompts"]}
            for one, other in pairwise(pairs):
                yield {"pairs": {**pairs, one: pairs[other], other: pairs[one]}}
        case QuestionType.ORDERING:
            order = [item["id"] for item in body["items"]]
            yield from ({"order": [*order[:at], order[at + 1], order[at], *order[at + 2 :]]} for at in range(len(order) - 1))
        case QuestionType.CLOZE | QuestionType.DROPDOWN:
            given = _right(question)["gaps"]
            yield from ({"gaps": {**given, gap["id"]: slip}} for gap in body["gaps"] for slip in _gap_slips(body, gap))
        case QuestionType.HOTSPOT:
            wrong = [region["shape"] for region in body["regions"] if Decimal(region["weight"]) <= 0]
            yield from ({"points": [_middle(shape, body["image"])]} for shape in wrong)
        case QuestionType.ESSAY | QuestionType.FILE_UPLOAD:
            yield {"good": False}
        case QuestionType.DESCRIPTION:
            pass


def _gap_slips(body: dict[str, Any], gap: dict[str, Any]) -> Iterator[str]:
    """What people put into a gap in the place of what belongs there."""
    if "right" in gap:
        yield from (choice["id"] for choice in gap["choices"] or body["choices"] if choice["id"] != gap["right"])
    elif gap["kind"] == "select":
        yield from (choice["id"] for choice in gap["choices"] if Decimal(choice["weight"]) == 0)
    else:
        yield from (str(answer.get("text") or answer["value"]) for answer in gap["answers"] if Decimal(answer["weight"]) == 0)


def _middle(shape: dict[str, Any], image: dict[str, Any]) -> dict[str, float]:
    """The middle of a rectangle, in parts of the picture."""
    across, down = (float(shape[at]) + float(shape[size]) / 2 for at, size in (("x", "width"), ("y", "height")))
    return {"x": round(across / image["width"], 4), "y": round(down / image["height"], 4)}
