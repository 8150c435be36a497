"""The published tree of a course, as one frozen value: what a course page, the learning page, progress and REST all read."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import Session, col, select

from lms_app.models import Assessment, AssessmentRevision, Lesson, Module, Page, PageRevision
from lms_app.words import CompletionRule, NodeKind, Status


@dataclass(frozen=True, kw_only=True)
class OutlineItem:
    """A page or a quiz as a thing to complete. `pass_mark` is a fraction, None for pages and quizzes without one."""

    id: UUID
    kind: NodeKind
    title: str
    rule: CompletionRule
    rule_version: int
    required: bool
    pass_mark: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class OutlinePage:
    """A page with the quizzes on it. `minutes` is the estimated reading time."""

    item: OutlineItem
    minutes: int
    quizzes: tuple[OutlineItem, ...]

    @property
    def id(self) -> UUID:
        """The page's id."""
        return self.item.id

    @property
    def items(self) -> tuple[OutlineItem, ...]:
        """The page itself, then its quizzes."""
        return (self.item, *self.quizzes)


@dataclass(frozen=True, kw_only=True)
class OutlineLesson:
    """A lesson with its pages in order."""

    id: UUID
    title: str
    graded: bool
    category: str
    pages: tuple[OutlinePage, ...]


@dataclass(frozen=True, kw_only=True)
class OutlineModule:
    """A module with its lessons in order."""

    id: UUID
    title: str
    lessons: tuple[OutlineLesson, ...]


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A course as students see it: published pages only, lessons and modules without any are left out."""

    course_id: UUID
    modules: tuple[OutlineModule, ...]

    def pages(self) -> Iterator[OutlinePage]:
        """All pages in reading order."""
        for module in self.modules:
            for lesson in module.lessons:
                yield from lesson.pages

    def items(self) -> Iterator[OutlineItem]:
        """All pages and quizzes in reading order."""
        for page in self.pages():
            yield from page.items


def published_outline(session: Session, course_id: UUID) -> Outline:
    """The outline that students of a course see: four statements, however large the course."""
    return published_outlines(session, [course_id])[course_id]


def published_quiz(session: Session, assessment_id: UUID) -> OutlineItem | None:
    """A quiz as the outline of its course has it, None where students do not see it there: one statement."""
    found = session.execute(_QUIZ, {"assessment_id": assessment_id}).first()
    return None if found is None else _quiz_item(found[0], found[1])


def published_outlines(session: Session, course_ids: Collection[UUID]) -> dict[UUID, Outline]:
    """The outlines of several courses by the four statements of one."""
    named = {"course_ids": list(course_ids)}
    pages = session.execute(_PAGES, named).all()
    quizzes = session.execute(_QUIZZES, named).all()
    lessons = session.execute(_LESSONS, named).scalars().all()
    modules = session.execute(_MODULES, named).scalars().all()

    quizzes_of: dict[UUID | None, list[OutlineItem]] = {}
    for quiz, revision in quizzes:
        quizzes_of.setdefault(quiz.page_id, []).append(_quiz_item(quiz, revision))
    pages_of: dict[UUID, list[OutlinePage]] = {}
    for page, title in pages:
        entry = OutlinePage(item=_page_item(page, title), minutes=page.minutes, quizzes=tuple(quizzes_of.get(page.id, ())))
        pages_of.setdefault(page.lesson_id, []).append(entry)
    lessons_of: dict[UUID, list[OutlineLesson]] = {}
    for lesson in lessons:
        if lesson.id in pages_of:
            entry = OutlineLesson(id=lesson.id, title=lesson.title, graded=lesson.graded, category=lesson.category, pages=tuple(pages_of[lesson.id]))
            lessons_of.setdefault(lesson.module_id, []).append(entry)
    modules_of: dict[UUID, list[OutlineModule]] = {}
    for module in modules:
        if module.id in lessons_of:
            entry = OutlineModule(id=module.id, title=module.title, lessons=tuple(lessons_of[module.id]))
            modules_of.setdefault(module.course_id, []).append(entry)
    return {course_id: Outline(course_id=course_id, modules=tuple(modules_of.get(course_id, ()))) for course_id in course_ids}


def shown_page() -> tuple[ColumnElement[bool], ...]:
    """What makes a page part of its course for those who take it: published, and taken out neither itself nor with its lesson or module."""
    return (
        col(Page.status) == Status.PUBLISHED,
        col(Page.archived_at).is_(None),
        col(Lesson.archived_at).is_(None),
        col(Module.archived_at).is_(None),
    )


def shown_quiz() -> tuple[ColumnElement[bool], ...]:
    """The same of a quiz, wherever its page is."""
    return col(Assessment.status) == Status.PUBLISHED, col(Assessment.archived_at).is_(None)


# Made once: making a statement takes longer than having it carried out, and every completion reads them.
_COURSES = bindparam("course_ids", expanding=True)
_PAGES = (
    select(Page, PageRevision.title)
    .join(PageRevision, col(PageRevision.id) == col(Page.published_revision_id))
    .where(col(Page.course_id).in_(_COURSES), Page.status == Status.PUBLISHED, col(Page.archived_at).is_(None))
    .order_by(Page.position)
)
_QUIZZES = (
    select(Assessment, AssessmentRevision)
    .join(AssessmentRevision, col(AssessmentRevision.id) == col(Assessment.published_revision_id))
    .where(col(Assessment.course_id).in_(_COURSES), *shown_quiz())
    .order_by(col(Assessment.id))
)
_LESSONS = select(Lesson).where(col(Lesson.course_id).in_(_COURSES), col(Lesson.archived_at).is_(None)).order_by(Lesson.position)
_MODULES = select(Module).where(col(Module.course_id).in_(_COURSES), col(Module.archived_at).is_(None)).order_by(Module.position)
_QUIZ = (
    select(Assessment, AssessmentRevision)
    .join(AssessmentRevision, col(AssessmentRevision.id) == col(Assessment.published_revision_id))
    .join(Page, col(Page.id) == col(Assessment.page_id))
    .join(PageRevision, col(PageRevision.id) == col(Page.published_revision_id))
    .join(Lesson, col(Lesson.id) == col(Page.lesson_id))
    .join(Module, col(Module.id) == col(Lesson.module_id))
    .where(Assessment.id == bindparam("assessment_id"), *shown_quiz(), *shown_page())
)


def _page_item(page: Page, title: str) -> OutlineItem:
    return OutlineItem(
        id=page.id,
        kind=NodeKind.PAGE,
        title=title,
        rule=CompletionRule(page.completion_rule),
        rule_version=page.rule_version,
        required=page.required and page.completion_rule != CompletionRule.NONE,
    )


def _quiz_item(quiz: Assessment, revision: AssessmentRevision) -> OutlineItem:
    pass_mark = revision.settings.get("pass_mark")
    return OutlineItem(
        id=quiz.id,
        kind=NodeKind.ASSESSMENT,
        title=revision.title,
        rule=CompletionRule(quiz.completion_rule),
        rule_version=quiz.rule_version,
        required=quiz.required and quiz.completion_rule != CompletionRule.NONE,
        pass_mark=Decimal(str(pass_mark)) if pass_mark is not None else None,
    )
