"""The neutral document: what every course format is read into and written from. Plain values, no database."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lms_app.words import CompletionRule, QuestionType

Block = dict[str, Any]
"""One block of a page's document, as `domain/content/document.py` has it. Here a `file` is an asset's name ("" = missing),
a quiz block's `assessment` is an `Assessment.ref`, and links are written `file:<asset name>` and `page:<Page.ref>`."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question; `body` is what its type's module stores, with asset names instead of file ids.

    `category` is where a bank keeps it, from the outermost on, with `/` between.
    """

    ref: str
    type: QuestionType
    title: str
    body: dict[str, Any]
    points: str = "1"
    tags: tuple[str, ...] = ()
    category: str = ""


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """A quiz. `practice` means: try as often as you like, nothing counts. `settings` are fields of `domain/assessments/quiz_settings.py` that the
    source says; what it does not say is left to the importer."""

    ref: str
    title: str
    practice: bool
    questions: tuple[Question, ...]
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page. `ref` is unique in the course, and is what `page:` links name.

    `draft` says that students could not see it at the source: it is not to be published with the rest.
    """

    ref: str
    title: str
    draft: bool = False
    blocks: tuple[Block, ...] = ()
    rule: CompletionRule = CompletionRule.READ
    required: bool = True


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """Pages in order. `category` is the gradebook's word for it ("Homework"), "" where there is none."""

    ref: str
    title: str
    graded: bool = False
    category: str = ""
    pages: tuple[Page, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Module:
    """Lessons in order."""

    ref: str
    title: str
    lessons: tuple[Lesson, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Asset:
    """A file of the course. Its bytes are fetched when asked for, and stay available as long as the asset is held."""

    name: str
    media_type: str
    size: int
    content: Callable[[], bytes] = field(repr=False, compare=False)

    def read(self) -> bytes:
        """All bytes of the file."""
        return self.content()


@dataclass(frozen=True, kw_only=True)
class Unsupported:
    """Something of the source that the course does not hold, or not whole: its kind in the source's word, its title, where it stood, why."""

    kind: str
    title: str
    place: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a reader found, and what it could not take."""

    source_counts: dict[str, int] = field(default_factory=dict)
    unsupported: tuple[Unsupported, ...] = ()
    missing_files: tuple[str, ...] = ()
    removed_scripts: int = 0


@dataclass(frozen=True, kw_only=True)
class Bank:
    """Questions outside any course, as a file of questions holds them, with the pictures and other files that they use."""

    title: str = ""
    questions: tuple[Question, ...] = ()
    assets: tuple[Asset, ...] = ()
    report: Report = field(default_factory=Report)


@dataclass(frozen=True, kw_only=True)
class Course:
    """A whole course. `assessments` are those its quiz blocks name; `assets` those its pages use, and no others. `cover` is an asset's name."""

    title: str
    summary: str
    slug: str
    language: str
    level: str = ""
    cover: str = ""
    certificate_offered: bool = True
    signatory_name: str = ""
    signatory_title: str = ""
    modules: tuple[Module, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    assets: tuple[Asset, ...] = ()
    report: Report = field(default_factory=Report)

    def lessons(self) -> Iterator[Lesson]:
        """Every lesson in the course's order."""
        for module in self.modules:
            yield from module.lessons

    def pages(self) -> Iterator[Page]:
        """Every page in the course's order."""
        for lesson in self.lessons():
            yield from lesson.pages

    def questions(self) -> Iterator[Question]:
        """Every question of every assessment."""
        for assessment in self.assessments:
            yield from assessment.questions
