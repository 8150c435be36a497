"""What only a look at the whole course can tell: its tree, its quizzes, what leads where, and what students have answered. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from math import atanh, sqrt
from typing import Literal
from uuid import UUID

from lms_app.domain.certificates.award_rules import COMPLETED, AwardRule
from lms_app.domain.courses.availability_health_rules import WaitingNode, never_met
from lms_app.domain.courses.availability_rules import Availability
from lms_app.domain.courses.health_rules import Finding, each_once, found
from lms_app.words import NodeKind

WAITING = timedelta(days=7)
"""How long changes may wait before they are remarked upon."""

ENOUGH_ANSWERS = 10
"""Answers from which it is remarkable that nobody, or everybody, is right."""

WORTH_A_LOOK = -0.05
"""An item-rest correlation above this does no harm, however sure it is."""

CHANCE = 1.645
"""Standard errors below nought where chance alone puts one in twenty of the questions that tell nobody apart."""


@dataclass(frozen=True, kw_only=True)
class ModuleFacts:
    """A module that is in the course."""

    id: UUID
    title: str


@dataclass(frozen=True, kw_only=True)
class LessonFacts:
    """A lesson of such a module."""

    id: UUID
    module: UUID
    title: str


@dataclass(frozen=True, kw_only=True)
class PageFacts:
    """A page of such a lesson. `state` is one of `builder.STATES`; `saved_at` is of its newest text; `completes` says that something completes it by
    itself, `required` that the course asks for it."""

    id: UUID
    lesson: UUID
    title: str
    state: str
    required: bool
    saved_at: datetime
    completes: bool = True

    @property
    def shown(self) -> bool:
        """Whether students see it once the course is published."""
        return self.state in ("published", "changed")


@dataclass(frozen=True, kw_only=True)
class PoolFacts:
    """A pool: how many questions it draws, how many it could, each worth how much."""

    wanted: int
    finds: int
    points: Decimal


@dataclass(frozen=True, kw_only=True)
class QuizFacts:
    """A quiz of the course, in its newest state. `points` are those of its own questions, `best` those that can be earned of them. `gone` says that
    its page was taken out of the course, and it with it."""

    id: UUID
    page: UUID | None
    state: str
    required: bool
    saved_at: datetime
    pass_mark: Decimal | None
    opens_at: datetime | None
    closes_at: datetime | None
    questions: int
    points: Decimal
    best: Decimal
    gone: bool = False
    pools: tuple[PoolFacts, ...] = ()
    title: str = ""
    completes: bool = True

    @property
    def shown(self) -> bool:
        """Whether students see it where they see its page."""
        return self.state in ("published", "changed")


@dataclass(frozen=True, kw_only=True)
class ReferenceFacts:
    """That a block of a page or a question needs something that students would not find: it is not there, or a page that they do not see."""

    kind: NodeKind
    node: UUID
    block: str
    needs: Literal["file", "page", "quiz"]
    target: UUID | None


@dataclass(frozen=True, kw_only=True)
class AnswerFacts:
    """How a question did: answers given, the mean part of its points that they earned, and its item-rest correlation over `complete` attempts."""

    question: UUID
    answered: int
    facility: float
    complete: int
    item_rest: float | None


@dataclass(frozen=True, kw_only=True)
class CourseFacts:
    """A course as it stands. What was taken out of it is in none of the lists. `availabilities` are by their nodes; `graded` says that something
    counts towards a grade, and is asked where the certificate asks for one."""

    id: UUID
    published: bool
    summary: str
    certificate_offered: bool
    opens_at: datetime | None
    closes_at: datetime | None
    modules: tuple[ModuleFacts, ...] = ()
    lessons: tuple[LessonFacts, ...] = ()
    pages: tuple[PageFacts, ...] = ()
    quizzes: tuple[QuizFacts, ...] = ()
    references: tuple[ReferenceFacts, ...] = ()
    answers: tuple[AnswerFacts, ...] = ()
    award_rule: AwardRule = COMPLETED
    graded: bool = False
    availabilities: Mapping[UUID, Availability] = field(default_factory=dict[UUID, Availability])

    @cached_property
    def pages_by_id(self) -> Mapping[UUID, PageFacts]:
        """The pages by their ids."""
        return {page.id: page for page in self.pages}


def course_findings(course: CourseFacts, now: datetime) -> list[Finding]:
    """Everything that is to mend in the course as a whole."""
    return each_once(
        [
            *_course(course),
            *_tree(course, now),
            *_quizzes(course, now),
            *_references(course),
            *_availabilities(course),
            *(each for fact in course.answers for each in _answers(fact)),
        ]
    )


def _course(course: CourseFacts) -> Iterator[Finding]:
    if not course.summary.strip():
        yield found("course_without_summary", NodeKind.COURSE, course.id)
    shown = {page.id for page in course.pages if page.shown}
    required = any(page.shown and page.required for page in course.pages) or any(
        quiz.required and quiz.shown and quiz.page in shown for quiz in course.quizzes
    )
    if course.published and course.certificate_offered and not required:
        yield found("certificate_for_nothing", NodeKind.COURSE, course.id)
    if course.published and course.certificate_offered:
        least, there = course.award_rule.least_grade, {quiz.id for quiz in course.quizzes if quiz.shown and quiz.page in shown}
        if least is not None and not course.graded:
            yield found("grade_for_nothing", NodeKind.COURSE, course.id, least=_percent(least))
        if any(quiz not in there for quiz in course.award_rule.passed):
            yield found("certificate_quiz_hidden", NodeKind.COURSE, course.id)


def _tree(course: CourseFacts, now: datetime) -> Iterator[Finding]:
    lessons, pages = Counter(lesson.module for lesson in course.lessons), defaultdict[UUID, list[PageFacts]](list)
    for page in course.pages:
        pages[page.lesson].append(page)
    for module in course.modules:
        if not lessons[module.id]:
            yield found("module_empty", NodeKind.MODULE, module.id)
    for lesson in course.lessons:
        here = pages[lesson.id]
        if not here:
            yield found("lesson_empty", NodeKind.LESSON, lesson.id)
        elif course.published and not any(page.shown for page in here):
            yield found("lesson_hidden", NodeKind.LESSON, lesson.id)
        for title, times in Counter(page.title for page in here).items():
            if times > 1:
                yield found("titles_equal", NodeKind.LESSON, lesson.id, title=title)
    for page in course.pages:
        if page.state == "changed" and page.saved_at < now - WAITING:
            yield found("changes_wait", NodeKind.PAGE, page.id, when=_day(page.saved_at))
        if course.published and page.required and not page.shown:
            yield found("required_page_hidden", NodeKind.PAGE, page.id)


def _quizzes(course: CourseFacts, now: datetime) -> Iterator[Finding]:
    for quiz in course.quizzes:
        if quiz.gone:
            continue
        kind, page = NodeKind.ASSESSMENT, course.pages_by_id.get(quiz.page) if quiz.page else None
        if page is None:
            yield found("quiz_nowhere", kind, quiz.id)
        elif course.published and page.shown and not quiz.shown and quiz.questions + len(quiz.pools):
            yield found("quiz_hidden", kind, quiz.id)
        if quiz.state == "changed" and quiz.saved_at < now - WAITING:
            yield found("changes_wait", kind, quiz.id, when=_day(quiz.saved_at))
        yield from _marks(quiz)
        when = _outside_the_course(course, quiz)
        if when:
            yield found("quiz_never_open", kind, quiz.id, when=when)
        elif course.published and quiz.required and quiz.shown and page is not None and page.shown and quiz.closes_at and quiz.closes_at <= now:
            yield found("quiz_over", kind, quiz.id)


def _marks(quiz: QuizFacts) -> Iterator[Finding]:
    kind = NodeKind.ASSESSMENT
    for pool in quiz.pools:
        if pool.finds < pool.wanted:
            yield found("pool_too_small", kind, quiz.id, wanted=pool.wanted, found=pool.finds)
    if not quiz.questions and not quiz.pools:
        return
    drawn = sum((min(pool.wanted, pool.finds) * pool.points for pool in quiz.pools), Decimal(0))
    points, best = quiz.points + drawn, quiz.best + drawn
    if not points:
        if quiz.required:
            yield found("quiz_worth_nothing", kind, quiz.id)
    elif quiz.pass_mark is not None and best < quiz.pass_mark * points:
        yield found("pass_mark_unreachable", kind, quiz.id, mark=_percent(quiz.pass_mark), best=_percent(best / points))


def _outside_the_course(course: CourseFacts, quiz: QuizFacts) -> str:
    if quiz.opens_at and course.closes_at and quiz.opens_at >= course.closes_at:
        return "opens when the course is over"
    if quiz.closes_at and course.opens_at and quiz.closes_at <= course.opens_at:
        return "closes before the course begins"
    return ""


def _references(course: CourseFacts) -> Iterator[Finding]:
    for reference in course.references:
        place = (reference.kind, reference.node, reference.block)
        page = course.pages_by_id.get(reference.target) if reference.target else None
        here = course.pages_by_id.get(reference.node)
        if reference.needs == "file":
            yield found("file_missing", *place)
        elif reference.needs == "quiz":
            yield found("quiz_missing", *place)
        elif page is None:
            yield found("link_to_nothing", *place)
        elif course.published and not page.shown and (here is None or here.shown):
            yield found("link_to_hidden_page", *place, title=page.title)


def _availabilities(course: CourseFacts) -> Iterator[Finding]:
    """While nobody takes the course it is no fault that something is not published yet."""
    nodes = {node.id: node for node in _nodes(course)}
    for node, why in never_met(nodes.values(), course.availabilities).items():
        if nodes[node].shown:
            yield found("never_opens", nodes[node].kind, node, why=why)


def _nodes(course: CourseFacts) -> Iterator[WaitingNode]:
    hidden = course.published
    for module in course.modules:
        yield WaitingNode(id=module.id, kind=NodeKind.MODULE, title=module.title)
    for lesson in course.lessons:
        yield WaitingNode(id=lesson.id, kind=NodeKind.LESSON, title=lesson.title, within=lesson.module)
    for page in course.pages:
        yield WaitingNode(
            id=page.id, kind=NodeKind.PAGE, title=page.title, within=page.lesson, shown=page.shown or not hidden, completes=page.completes,
            required=page.required,
        )  # fmt: skip
    for quiz in course.quizzes:
        if quiz.page is not None and not quiz.gone:
            yield WaitingNode(
                id=quiz.id, kind=NodeKind.ASSESSMENT, title=quiz.title, within=quiz.page, shown=quiz.shown or not hidden, completes=quiz.completes,
                required=quiz.required,
            )  # fmt: skip


def _answers(fact: AnswerFacts) -> Iterator[Finding]:
    kind = NodeKind.QUESTION
    if fact.answered >= ENOUGH_ANSWERS:
        if fact.facility <= 0:
            yield found("nobody_right", kind, fact.question, answered=f"{fact.answered:,}")
        elif fact.facility >= 1:
            yield found("everybody_right", kind, fact.question, answered=f"{fact.answered:,}")
    if fact.complete >= ENOUGH_ANSWERS and fact.item_rest is not None and _is_below_chance(fact.item_rest, fact.complete):
        yield found("better_students_do_worse", kind, fact.question, rest=f"{fact.item_rest:.2f}".replace("-", "−"))


def _is_below_chance(correlation: float, attempts: int) -> bool:
    """Whether a correlation over so many attempts is worth a look, and below nought by more than chance.

    By Fisher (1921): its atanh is nearly normal, with a standard error of 1/√(n − 3)."""
    return correlation < WORTH_A_LOOK and atanh(max(correlation, -0.999)) * sqrt(attempts - 3) < -CHANCE


def _percent(fraction: Decimal) -> str:
    return f"{fraction * 100:.0f} %"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
