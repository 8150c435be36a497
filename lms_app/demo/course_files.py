"""Reads the demo courses: a folder with `course.toml`, pages in Markdown, quizzes in TOML and pictures, into a neutral course.

So the demo enters the database by the same door as an import. In a page, the line `::quiz(NAME)` stands for `quizzes/NAME.toml`, and pictures
are named by their place in the folder.
"""

import base64
import hashlib
import tomllib
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from lms_app.domain.assessments.quiz_settings import QuizSettings, practice_settings
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.multiple_choice import partial_weights
from lms_app.domain.content import rich_text
from lms_app.domain.content.markdown import document_from_markdown
from lms_app.interchange import neutral
from lms_app.words import Behaviour, CompletionRule, QuestionType

FOLDER = Path(__file__).parent / "courses"
SLUGS = ("seeing-with-statistics", "flat-maps-of-a-round-world", "first-steps")


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PageLine(_Written):
    """A page as `course.toml` lists it: its text is `pages/REF.md`, or `text` followed by a quiz."""

    ref: str
    title: str
    rule: CompletionRule = CompletionRule.READ
    text: str = ""
    quiz: str = ""


class LessonPart(_Written):
    """A lesson in `course.toml`."""

    title: str
    graded: bool = False
    category: str = ""
    pages: tuple[PageLine, ...]


class ModulePart(_Written):
    """A module in `course.toml`."""

    title: str
    lessons: tuple[LessonPart, ...]


class CourseFile(_Written):
    """What `course.toml` says. `owner` is the e-mail address of the instructor."""

    title: str
    slug: str
    language: str
    level: str
    summary: str
    cover: str
    owner: str
    signatory_name: str
    signatory_title: str
    modules: tuple[ModulePart, ...]


class WrittenAnswer(_Written):
    """A choice, or an answer that may be typed, with what is said about it."""

    text: str = ""
    value: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    match: Literal["exact", "wildcard"] = "exact"
    right: bool = False
    wrong: bool = False
    because: str


class WrittenQuestion(_Written):
    """A question in a quiz file. Texts are Markdown."""

    id: str
    type: QuestionType
    title: str
    stem: str
    hints: tuple[str, ...] = ()
    unit: str | None = None
    choices: tuple[WrittenAnswer, ...] = ()
    answers: tuple[WrittenAnswer, ...] = ()
    answer: bool | None = None
    when_true: str = ""
    when_false: str = ""


class QuizFile(_Written):
    """What a quiz file says. `pass_mark` is in per cent; without `attempts` there is no limit."""

    title: str
    practice: bool = False
    introduction: str = ""
    pass_mark: int | None = None
    attempts: int | None = None
    time_limit_minutes: int | None = None
    behaviour: Behaviour = Behaviour.IMMEDIATE
    questions: Annotated[tuple[WrittenQuestion, ...], Field(min_length=1)]


def owner_of(slug: str) -> str:
    """The e-mail address of the instructor who owns a demo course."""
    return _course_file(slug).owner


def read_course(slug: str) -> neutral.Course:
    """One demo course. Raises ValueError or Invalid where a file says something that cannot be stored."""
    folder, written = FOLDER / slug, _course_file(slug)
    modules, names = [], []
    for module_number, module in enumerate(written.modules, start=1):
        lessons = []
        for lesson_number, lesson in enumerate(module.lessons, start=1):
            pages = [_page(folder, page) for page in lesson.pages]
            names += [block["assessment"] for page in pages for block in page.blocks if block["type"] == "quiz"]
            lessons.append(
                neutral.Lesson(
                    ref=f"lesson-{module_number}-{lesson_number}",
                    title=lesson.title,
                    graded=lesson.graded,
                    category=lesson.category,
                    pages=tuple(pages),
                )
            )
        modules.append(neutral.Module(ref=f"module-{module_number}", title=module.title, lessons=tuple(lessons)))
    return neutral.Course(
        title=written.title,
        summary=written.summary,
        slug=written.slug,
        language=written.language,
        level=written.level,
        cover=written.cover,
        signatory_name=written.signatory_name,
        signatory_title=written.signatory_title,
        modules=tuple(modules),
        assessments=tuple(_assessment(folder, name) for name in names),
        assets=tuple(_asset(folder, path) for path in sorted((folder / "pictures").iterdir())),
    )


def _course_file(slug: str) -> CourseFile:
    return CourseFile.model_validate(tomllib.loads((FOLDER / slug / "course.toml").read_text(encoding="utf-8")))


def _page(folder: Path, line: PageLine) -> neutral.Page:
    if line.quiz:
        # The quiz is what is to be done here; the page around it does not count on its own.
        blocks = _blocks(f"{line.text}\n\n::quiz({line.quiz})")
        return neutral.Page(ref=line.ref, title=line.title, blocks=blocks, rule=CompletionRule.NONE, required=False)
    blocks = _blocks((folder / "pages" / f"{line.ref}.md").read_text(encoding="utf-8"))
    return neutral.Page(ref=line.ref, title=line.title, blocks=blocks, rule=line.rule)


def _blocks(markdown: str) -> tuple[neutral.Block, ...]:
    return tuple(document_from_markdown(markdown).dump()["blocks"])


def _asset(folder: Path, path: Path) -> neutral.Asset:
    content = partial(path.read_bytes)
    return neutral.Asset(name=path.relative_to(folder).as_posix(), media_type="image/svg+xml", size=path.stat().st_size, content=content)


def _assessment(folder: Path, name: str) -> neutral.Assessment:
    written = QuizFile.model_validate(tomllib.loads((folder / "quizzes" / f"{name}.toml").read_text(encoding="utf-8")))
    settings = (
        practice_settings()
        if written.practice
        else QuizSettings(
            behaviour=written.behaviour,
            attempts_allowed=written.attempts,
            pass_mark=Decimal(written.pass_mark) / 100 if written.pass_mark is not None else None,
            time_limit=written.time_limit_minutes * 60 if written.time_limit_minutes else None,
            introduction=written.introduction,
        )
    )
    return neutral.Assessment(
        ref=name,
        title=written.title,
        practice=written.practice,
        questions=tuple(_question(name, question) for question in written.questions),
        settings=settings.model_dump(mode="json"),
    )


def _question(quiz: str, written: WrittenQuestion) -> neutral.Question:
    body = TYPES[written.type].body.model_validate({**_common(written), **_particular(quiz, written)})
    return neutral.Question(ref=f"{quiz}/{written.id}", type=written.type, title=written.title, body=body.model_dump(mode="json"))


def _common(written: WrittenQuestion) -> dict[str, Any]:
    return {"stem": document_from_markdown(written.stem).dump(), "hints": [rich_text.from_markdown(hint) for hint in written.hints]}


def _particular(quiz: str, written: WrittenQuestion) -> dict[str, Any]:
    """The fields of a body that only its type has."""
    match written.type:
        case QuestionType.SINGLE_CHOICE:
            return {"choices": _choices(quiz, written, [Decimal(choice.right) for choice in written.choices])}
        case QuestionType.MULTIPLE_CHOICE:
            choices = _choices(quiz, written, partial_weights([choice.right for choice in written.choices]))
            return {
                "choices": [
                    {**choice, "feedback_unselected": choice["feedback"] if source.right else None}
                    for choice, source in zip(choices, written.choices, strict=True)
                ]
            }
        case QuestionType.TRUE_FALSE:
            feedback = {"feedback_true": rich_text.from_markdown(written.when_true), "feedback_false": rich_text.from_markdown(written.when_false)}
            return {"answer": written.answer, **feedback}
        case QuestionType.SHORT_TEXT:
            return {"ignore_accents": True, "answers": [{**_said(answer), "text": answer.text, "match": answer.match} for answer in written.answers]}
        case QuestionType.NUMERIC:
            answers = [
                {**_said(answer), "value": answer.value, "tolerance": {"kind": "absolute", "margin": answer.tolerance}} for answer in written.answers
            ]
            return {"unit": written.unit, "answers": answers}
        case _:
            raise ValueError(f"A quiz file cannot say {written.type} yet.")


def _choices(quiz: str, written: WrittenQuestion, weights: list[Decimal]) -> list[dict[str, Any]]:
    return [
        {
            "id": _choice_id(f"{quiz}/{written.id}/{number}"),
            "content": rich_text.from_markdown(choice.text),
            "weight": weight,
            "feedback": rich_text.from_markdown(choice.because),
        }
        for number, (choice, weight) in enumerate(zip(written.choices, weights, strict=True))
    ]


def _said(answer: WrittenAnswer) -> dict[str, Any]:
    return {"weight": Decimal(0 if answer.wrong else 1), "feedback": rich_text.from_markdown(answer.because)}


def _choice_id(name: str) -> str:
    """An id that says nothing, and is the same each time the course is read, so that a plan of answers fits."""
    return base64.urlsafe_b64encode(hashlib.sha256(name.encode()).digest()).decode()[:12]
