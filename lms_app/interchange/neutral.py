"""The neutral document: what every course format is read into and written from. Plain values, no database."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lms_app.words import CompletionRule, QuestionType

Block = dict[str, Any]
"""One block of a page's document, as `domain/content/document.py` has it. Here a `file` is an asset's name ("" = missing),
a quiz block's `assessment` is an `Assessment.ref`, and links are written `file:<asset name>` and `page:<Page.ref>`."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question; `body` is what its type's module stores, with asset names instead of file ids.

    `category` is where a bank keeps it, from the outermost on, with `/` between: see `path_of`. `rubric` is `domain/assessments/rubric_rules.py`.
    `difficulty` is a word of `Difficulty`; `objective` the place, from 1, of the course's objective that it serves, 0 for none.
    """

    ref: str
    type: QuestionType
    title: str
    body: dict[str, Any]
    points: str = "1"
    tags: tuple[str, ...] = ()
    category: str = ""
    rubric: dict[str, Any] | None = None
    difficulty: str = ""
    objective: int = 0


@dataclass(frozen=True, kw_only=True)
class Pool:
    """A place in a section that draws `count` questions of the bank for each attempt, of a category and those below it, with all the tags."""

    category: str = ""
    tags: tuple[str, ...] = ()
    count: int = 1
    points: str = "1"


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a quiz: the next `questions` of its questions, then pools. `introduction` is Markdown."""

    title: str = ""
    introduction: str = ""
    shuffle: bool = False
    questions: int = 0
    pools: tuple[Pool, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """A quiz. `practice` means: try as often as you like, nothing counts. `settings` are fields of `domain/assessments/quiz_settings.py` that the
    source says; what it does not say is left to the importer. Without sections all questions stand in one. `category` is the gradebook's, where it
    is another than its lesson's. `published` says that students see it; `shown` is what they see, where that is not its newest state. `locked`: it
    had a password, which stays where it was."""

    ref: str
    title: str
    practice: bool
    questions: tuple[Question, ...]
    settings: dict[str, Any] = field(default_factory=dict)
    sections: tuple[Section, ...] = ()
    category: str = ""
    availability: dict[str, Any] = field(default_factory=dict)
    locked: bool = False
    published: bool = False
    shown: "Assessment | None" = None


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page. `ref` is unique in the course, and is what `page:` links name.

    `draft` says that students could not see it at the source: it is not to be published with the rest. `availability`, here as at
    modules, lessons and quizzes, is what `domain/courses/availability_rules.py` has, with refs in place of ids; empty for always.
    `published` says that students see it; `shown` is what they see, under `shown_title`, where that is not its newest state.
    """

    ref: str
    title: str
    draft: bool = False
    blocks: tuple[Block, ...] = ()
    rule: CompletionRule = CompletionRule.READ
    required: bool = True
    availability: dict[str, Any] = field(default_factory=dict)
    published: bool = False
    shown: tuple[Block, ...] | None = None
    shown_title: str = ""


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """Pages in order. `category` is the gradebook's word for it ("Homework"), "" where there is none."""

    ref: str
    title: str
    graded: bool = False
    category: str = ""
    pages: tuple[Page, ...] = ()
    availability: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Module:
    """Lessons in order."""

    ref: str
    title: str
    lessons: tuple[Lesson, ...] = ()
    availability: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class GradeCategory:
    """A category of a gradebook. `weight` is in any unit."""

    title: str
    weight: str = "1"
    drop_lowest: int = 0


@dataclass(frozen=True, kw_only=True)
class GradeColumn:
    """A column of a gradebook: of the quiz with that ref, or graded by hand. `category` is its category's place, from 1, 0 for none; `required` the
    fraction needed to pass, `due_at` an instant."""

    title: str
    quiz: str = ""
    category: int = 0
    points: str = "100"
    counted: bool = True
    required: str = ""
    due_at: str = ""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One time a course is given: its settings, and how it is graded (`domain/gradebook/gradebook_settings.py`, empty for the usual way). Moments are
    ISO 8601 in UTC, "" where there is none. `present`: it takes enrolments."""

    title: str = ""
    pace: str = "self"
    time_zone: str = "UTC"
    opens_at: str = ""
    closes_at: str = ""
    enrollment_opens_at: str = ""
    enrollment_closes_at: str = ""
    seats: int | None = None
    policy: str = "open"
    present: bool = True
    grading: dict[str, Any] = field(default_factory=dict)
    categories: tuple[GradeCategory, ...] = ()
    columns: tuple[GradeColumn, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Asset:
    """A file of the course. Its bytes are fetched when asked for, and stay available as long as the asset is held. `stream` gives them in pieces, for
    what is large. `title` is what authors call it, where that is not the last part of its name."""

    name: str
    media_type: str
    size: int
    title: str = ""
    content: Callable[[], bytes] = field(repr=False, compare=False)
    stream: Callable[[], Iterator[bytes]] | None = field(default=None, repr=False, compare=False)

    def read(self) -> bytes:
        """All bytes of the file."""
        return self.content()

    def pieces(self) -> Iterator[bytes]:
        """The bytes of the file piece by piece."""
        return self.stream() if self.stream is not None else iter((self.content(),))


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
    """A whole course. `assessments` are those its quiz blocks name, each one once, and those that stand on no page; `assets` those that it uses, and
    those that lie beside it in the source. `cover` is an asset's name. `bank` has the questions that its quizzes may share or draw: a question of a
    quiz with the `ref` of one in the bank is that one, perhaps in an earlier state. `categories` are the bank's, those without questions too. `runs`
    are the oldest first. `certificate_grade` is the part of a whole grade that the certificate asks for, such as 0.7; `certificate_quizzes` are those
    that must be passed."""

    title: str
    summary: str
    slug: str
    language: str
    level: str = ""
    tags: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    cover: str = ""
    certificate_offered: bool = True
    signatory_name: str = ""
    signatory_title: str = ""
    certificate_heading: str = ""
    certificate_certifies: str = ""
    certificate_completed: str = ""
    certificate_colour: str = ""
    certificate_grade: str = ""
    certificate_quizzes: tuple[str, ...] = ()
    modules: tuple[Module, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    bank: tuple[Question, ...] = ()
    categories: tuple[str, ...] = ()
    runs: tuple[Run, ...] = ()
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
        """Every question of every assessment, then those that are in the bank alone."""
        placed: set[str] = set()
        for assessment in self.assessments:
            placed |= {question.ref for question in assessment.questions}
            yield from assessment.questions
        yield from (question for question in self.bank if question.ref not in placed)


def path_of(names: Iterable[str]) -> str:
    """A category by its names from the outermost on."""
    return "/".join(name.replace("%", "%25").replace("/", "%2F") for name in names)


def names_of(path: str) -> list[str]:
    """The names of a category from the outermost on."""
    return [name.replace("%2F", "/").replace("%25", "%") for name in path.split("/") if name]
