"""What a plan of behaviour needs to know of a course: its pages and quizzes in order, and right and wrong answers to every question."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.content.document import document_of
from lms_app.domain.content.rendering import reading_minutes
from lms_app.interchange import neutral
from lms_app.words import Behaviour, CompletionRule, QuestionType


@dataclass(frozen=True, kw_only=True)
class QuestionStep:
    """A question with a response that earns everything, and responses that people give instead."""

    ref: str
    right: dict[str, Any]
    wrong: tuple[dict[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class QuizStep:
    """A quiz on a page. `time_limit` is in seconds; `attempts` None is without limit."""

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
        questions=tuple(_question(question) for question in quiz.questions),
    )


def _question(question: neutral.Question) -> QuestionStep:
    kind = TYPES[question.type]
    solved = kind.solve(kind.body.model_validate(question.body))
    if solved is None:
        raise ValueError(f"Nobody can answer {question.ref}: its answers are patterns only.")
    return QuestionStep(ref=question.ref, right=solved.model_dump(mode="json"), wrong=tuple(_slips(question)))


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
        case _:
            pass
