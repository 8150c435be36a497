"""What a student's learning pages may see. Ids are text; percentages are whole, rounded down, so that 100 means all."""

from dataclasses import dataclass

from lms_app.domain.content.views import BlockView, Heading


@dataclass(frozen=True, kw_only=True)
class OutlinePageLine:
    """A page in the outline. `mark` is done, started, current or open; `note` says what it takes."""

    id: str
    title: str
    link: str
    mark: str
    note: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class OutlineLessonGroup:
    """A lesson in the outline. With one page, `pages` is empty and the lesson itself is the line."""

    id: str
    title: str
    link: str
    mark: str
    note: str
    current: bool
    pages: list[OutlinePageLine]


@dataclass(frozen=True, kw_only=True)
class OutlineModuleGroup:
    """A module in the outline; open where the current page is."""

    id: str
    number: int
    title: str
    current: bool
    done: bool
    lessons: list[OutlineLessonGroup]


@dataclass(frozen=True, kw_only=True)
class QuizOnPage:
    """A quiz that stands on a page: what a student sees before opening it."""

    id: str
    title: str
    questions: int
    practice: bool
    done: bool
    rule_sentence: str
    best_percent: int | None
    link: str


@dataclass(frozen=True, kw_only=True)
class LearningPage:
    """A page of a course as its student reads it. `rule` is the completion rule's name, `rule_sentence` says it in words."""

    course_id: str
    enrollment_id: str
    slug: str
    course: str
    page_id: str
    title: str
    module: str
    lesson: str
    minutes: int
    blocks: list[BlockView]
    headings: list[Heading]
    quizzes: list[QuizOnPage]
    rule: str
    rule_sentence: str
    completed: bool
    previous_link: str
    previous_title: str
    next_link: str
    next_title: str
    modules: list[OutlineModuleGroup]
    done: int
    total: int
    percent: int
    course_completed: bool


@dataclass(frozen=True, kw_only=True)
class MarkedQuiz:
    """A quiz in a course's outline. `required` says whether the course needs it."""

    id: str
    title: str
    required: bool
    done: bool


@dataclass(frozen=True, kw_only=True)
class MarkedPage:
    """A page in a course's outline. `rule` is the name of what completes it."""

    id: str
    title: str
    minutes: int
    rule: str
    required: bool
    done: bool
    quizzes: list[MarkedQuiz]


@dataclass(frozen=True, kw_only=True)
class MarkedLesson:
    """A lesson in a course's outline."""

    id: str
    title: str
    graded: bool
    pages: list[MarkedPage]


@dataclass(frozen=True, kw_only=True)
class MarkedModule:
    """A module in a course's outline."""

    id: str
    title: str
    lessons: list[MarkedLesson]


@dataclass(frozen=True, kw_only=True)
class MarkedOutline:
    """A whole course with what its student has done."""

    course_id: str
    slug: str
    course: str
    done: int
    total: int
    percent: int
    modules: list[MarkedModule]


@dataclass(frozen=True, kw_only=True)
class ProgressReason:
    """One item of the answer to "why 73 %?"."""

    id: str
    title: str
    module: str
    done: bool
    sentence: str
    when: str
    link: str


@dataclass(frozen=True, kw_only=True)
class ProgressView:
    """Where a student stands in a course, and why."""

    slug: str
    course: str
    done: int
    total: int
    percent: int
    sentence: str
    reasons: list[ProgressReason]
