"""What a student's learning pages may see. Ids are text; percentages are whole, rounded down, so that 100 means all."""

from dataclasses import dataclass

from lms_app.domain.content.views import BlockView, Heading


@dataclass(frozen=True, kw_only=True)
class OutlinePageLine:
    """A page in the outline. `mark` is done, started, open or locked; `note` says what it takes, `locked` when it opens, "" where it is open."""

    id: str
    title: str
    link: str
    mark: str
    note: str
    locked: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class OutlineLessonGroup:
    """A lesson in the outline. With one page, `pages` is empty and the lesson itself is the line. `locked` is said once for all of its pages."""

    id: str
    title: str
    link: str
    mark: str
    note: str
    locked: str
    current: bool
    pages: list[OutlinePageLine]


@dataclass(frozen=True, kw_only=True)
class OutlineModuleGroup:
    """A module in the outline; open where the current page is. `locked` is said once for all that is in it."""

    id: str
    number: int
    title: str
    current: bool
    done: bool
    locked: str
    lessons: list[OutlineLessonGroup]


@dataclass(frozen=True, kw_only=True)
class QuizOnPage:
    """A quiz that stands on a page: what a student sees before opening it. `locked` says when it opens, "" where it is open."""

    id: str
    title: str
    questions: int
    practice: bool
    done: bool
    rule_sentence: str
    best_percent: int | None
    locked: str
    link: str


@dataclass(frozen=True, kw_only=True)
class LearningPage:
    """A page of a course as its student reads it. `rule` is the completion rule's name, `rule_sentence` says it in words; `ended` says when
    the course ended and what that means, once it has.

    `locked` says when the page opens: then it has its place and title, and nothing to read. `next_link` is "" where the next page is locked
    (`next_locked`), `onward_link` leads to the first page after this one that is open. `opens_again_at` is the next moment at which the clock may
    open or close something; "" where it cannot. `certificate_missing` is what somebody who has completed the course lacks for its certificate.
    """

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
    next_locked: str
    onward_link: str
    locked: str
    opens_again_at: str
    modules: list[OutlineModuleGroup]
    done: int
    total: int
    percent: int
    course_completed: bool
    certificate_missing: list[str]
    ended: str


@dataclass(frozen=True, kw_only=True)
class MarkedQuiz:
    """A quiz in a course's outline. `required` says whether the course needs it, `locked` when it opens, "" where it is open."""

    id: str
    title: str
    required: bool
    done: bool
    locked: str


@dataclass(frozen=True, kw_only=True)
class MarkedPage:
    """A page in a course's outline. `rule` is the name of what completes it, `locked` says when it opens, "" where it is open."""

    id: str
    title: str
    minutes: int
    rule: str
    required: bool
    done: bool
    locked: str
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
    """Where a student stands in a course, and why. `certificate_sentence` says when the certificate is earned, "" where none is offered;
    `certificate_missing` what is lacking."""

    slug: str
    course: str
    done: int
    total: int
    percent: int
    sentence: str
    reasons: list[ProgressReason]
    certificate_sentence: str
    certificate_missing: list[str]
