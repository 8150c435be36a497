"""Reads the demo courses: a folder with `course.toml`, pages in Markdown, quizzes in TOML and pictures, into a neutral course.

So the demo enters the database by the same door as an import. In a page, the line `::quiz(NAME)` stands for `quizzes/NAME.toml`, and pictures
are named by their place in the folder.
"""

import tomllib
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Annotated

from pydantic import Field

from lms_app.demo.question_files import Written, WrittenQuestion, question_of
from lms_app.domain.assessments.quiz_settings import QuizSettings, practice_settings
from lms_app.domain.content.markdown import document_from_markdown
from lms_app.interchange import neutral
from lms_app.words import Behaviour, CompletionRule

FOLDER = Path(__file__).parent / "courses"
SLUGS = ("seeing-with-statistics", "flat-maps-of-a-round-world", "first-steps")


class PageLine(Written):
    """A page as `course.toml` lists it: its text is `pages/REF.md`, or `text` followed by a quiz."""

    ref: str
    title: str
    rule: CompletionRule = CompletionRule.READ
    text: str = ""
    quiz: str = ""


class LessonPart(Written):
    """A lesson in `course.toml`."""

    title: str
    graded: bool = False
    category: str = ""
    pages: tuple[PageLine, ...]


class ModulePart(Written):
    """A module in `course.toml`."""

    title: str
    lessons: tuple[LessonPart, ...]


class CourseFile(Written):
    """What `course.toml` says. `owner` is the e-mail address of the instructor, `editors` those of others who author it."""

    title: str
    slug: str
    language: str
    level: str
    summary: str
    cover: str
    owner: str
    editors: tuple[str, ...] = ()
    signatory_name: str
    signatory_title: str
    modules: tuple[ModulePart, ...]


class QuizFile(Written):
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


def editors_of(slug: str) -> tuple[str, ...]:
    """The e-mail addresses of the instructors who author a demo course beside its owner."""
    return _course_file(slug).editors


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
        questions=tuple(question_of(name, question) for question in written.questions),
        settings=settings.model_dump(mode="json"),
    )
