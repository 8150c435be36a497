"""The published tree of a course, as one frozen value: what a course page, the learning page, progress and REST all read."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, bindparam, inspect, select
from sqlmodel import Session, col

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
    return None if found is None else _quiz_item(found)


def published_outlines(session: Session, course_ids: Collection[UUID]) -> dict[UUID, Outline]:
    """The outlines of several courses by the four statements of one."""
    pages, quizzes, lessons, modules = (
        session.execute(statement, {"course_ids": list(course_ids)}).all() for statement in (_PAGES, _QUIZZES, _LESSONS, _MODULES)
    )
    quizzes_of: dict[UUID | None, list[OutlineItem]] = {}
    for quiz in quizzes:
        quizzes_of.setdefault(quiz.page_id, []).append(_quiz_item(quiz))
    pages_of: dict[UUID, list[OutlinePage]] = {}
    for page in pages:
        entry = OutlinePage(item=_page_item(page), minutes=page.minutes, quizzes=tuple(quizzes_of.get(page.id, ())))
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


# Made once, and of columns: every completion reads them, and making statements and rows takes longer than having them carried out.
_COURSES = bindparam("course_ids", expanding=True)
_RULE = ("completion_rule", "rule_version", "required")
_PAGE = inspect(Page).columns
_PAGES = (
    select(*(_PAGE[name] for name in ("id", "lesson_id", "minutes", *_RULE)), col(PageRevision.title))
    .select_from(Page)
    .join(PageRevision, col(PageRevision.id) == col(Page.published_revision_id))
    .where(col(Page.course_id).in_(_COURSES), col(Page.status) == Status.PUBLISHED, col(Page.archived_at).is_(None))
    .order_by(col(Page.position))
)
_ASKED = (
    select(
        *(inspect(Assessment).columns[name] for name in ("id", "page_id", *_RULE)),
        col(AssessmentRevision.title),
        col(AssessmentRevision.settings)["pass_mark"].astext.label("pass_mark"),  # pyright: ignore[reportIndexIssue]
    )
    .select_from(Assessment)
    .join(AssessmentRevision, col(AssessmentRevision.id) == col(Assessment.published_revision_id))
    .where(*shown_quiz())
)
_QUIZZES = _ASKED.where(col(Assessment.course_id).in_(_COURSES)).order_by(col(Assessment.id))
_QUIZ = (
    _ASKED.join(Page, col(Page.id) == col(Assessment.page_id))
    .join(PageRevision, col(PageRevision.id) == col(Page.published_revision_id))
    .join(Lesson, col(Lesson.id) == col(Page.lesson_id))
    .join(Module, col(Module.id) == col(Lesson.module_id))
    .where(col(Assessment.id) == bindparam("assessment_id"), *shown_page())
)
_LESSONS = (
    select(*(inspect(Lesson).columns[name] for name in ("id", "module_id", "title", "graded", "category")))
    .where(col(Lesson.course_id).in_(_COURSES), col(Lesson.archived_at).is_(None))
    .order_by(col(Lesson.position))
)
_MODULES = (
    select(*(inspect(Module).columns[name] for name in ("id", "course_id", "title")))
    .where(col(Module.course_id).in_(_COURSES), col(Module.archived_at).is_(None))
    .order_by(col(Module.position))
)


def _page_item(page: Row[Any]) -> OutlineItem:
    return OutlineItem(kind=NodeKind.PAGE, **_item(page))


def _quiz_item(quiz: Row[Any]) -> OutlineItem:
    return OutlineItem(kind=NodeKind.ASSESSMENT, pass_mark=Decimal(quiz.pass_mark) if quiz.pass_mark is not None else None, **_item(quiz))


def _item(row: Row[Any]) -> dict[str, Any]:
    rule = CompletionRule(row.completion_rule)
    required = row.required and rule != CompletionRule.NONE
    return {"id": row.id, "title": row.title, "rule": rule, "rule_version": row.rule_version, "required": required}
