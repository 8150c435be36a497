"""The whole outline of a course as its authors see it: everything that is not archived, with what students see of it."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, bindparam, func, inspect, select
from sqlmodel import Session, col

from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.courses.availability_rules import author_words
from lms_app.domain.courses.node_state_rules import state_made_of, state_of, state_with_quizzes, waits_by_itself
from lms_app.domain.enrollments.openings import availabilities
from lms_app.domain.enrollments.progress_rules import rule_sentence
from lms_app.models import Assessment, AssessmentSection, Lesson, Module, Page, SectionPool, SectionQuestion
from lms_app.words import CompletionRule, Status


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthoredQuiz:
    """A quiz on a page. `questions` are those that its newest revision asks, drawn ones included. `availability` says when it is open, "" where that
    is always; so of pages, lessons and modules."""

    id: UUID
    title: str
    state: str
    availability: str
    practice: bool
    questions: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthoredPage:
    """A page. `minutes` is the reading time of what students see, 0 where they see nothing; `completion` the sentence that tells them the rule."""

    id: UUID
    title: str
    state: str
    availability: str
    minutes: int
    completion: str
    quizzes: list[AuthoredQuiz]


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthoredLesson:
    """A lesson. `category` is the gradebook category of its quizzes."""

    id: UUID
    title: str
    state: str
    availability: str
    category: str
    pages: list[AuthoredPage]


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthoredModule:
    """A module."""

    id: UUID
    title: str
    state: str
    availability: str
    lessons: list[AuthoredLesson]


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthoredOutline:
    """A course's outline. Two of the same `version` are the same."""

    course_id: UUID
    version: str
    modules: list[AuthoredModule]


def authored_outline(session: Session, actor: Actor, course_id: UUID) -> AuthoredOutline:
    """The outline of a course that the actor may author, by as many statements however large it is. Raises NotFound."""
    course = access.editable_course(session, actor, course_id)
    modules, lessons, pages, quizzes, asked, drawn = (
        session.execute(statement, {"course_id": course.id}).all() for statement in (_MODULES, _LESSONS, _PAGES, _QUIZZES, _ASKED, _DRAWN)
    )
    rules = availabilities(session, [course.id]).get(course.id, {})
    titles = {row.id: row.title for rows in (modules, lessons, pages, quizzes) for row in rows} if rules else {}
    opens = {node: author_words(rule, titles) for node, rule in rules.items()}
    questions: dict[UUID, int] = defaultdict(int)
    for quiz_id, count in (*asked, *drawn):
        questions[quiz_id] += int(count)
    quizzes_of: dict[UUID, list[AuthoredQuiz]] = defaultdict(list)
    required_on: dict[UUID, int] = defaultdict(int)
    for quiz in quizzes:
        quizzes_of[quiz.page_id].append(
            AuthoredQuiz(
                id=quiz.id,
                title=quiz.title,
                state=_state(quiz),
                availability=opens.get(quiz.id, ""),
                practice=quiz.practice,
                questions=questions[quiz.id],
            )
        )
        required_on[quiz.page_id] += bool(quiz.required)
    pages_of: dict[UUID, list[AuthoredPage]] = defaultdict(list)
    for page in pages:
        waits = waits_by_itself(seen=page.published_revision_id is not None, required=page.required, rule=page.completion_rule)
        pages_of[page.lesson_id].append(
            AuthoredPage(
                id=page.id,
                title=page.title,
                state=_state(page, held_back=waits),
                availability=opens.get(page.id, ""),
                minutes=page.minutes if page.published_revision_id else 0,
                completion=_completion(page.completion_rule, page.required, required_on[page.id]),
                quizzes=quizzes_of[page.id],
            )
        )
    lessons_of: dict[UUID, list[AuthoredLesson]] = defaultdict(list)
    for lesson in lessons:
        inside = pages_of[lesson.id]
        state = state_made_of(state_with_quizzes(page.state, (quiz.state for quiz in page.quizzes)) for page in inside)
        lessons_of[lesson.module_id].append(
            AuthoredLesson(
                id=lesson.id, title=lesson.title, state=state, availability=opens.get(lesson.id, ""), category=lesson.category, pages=inside
            )
        )
    tree = [
        AuthoredModule(
            id=module.id,
            title=module.title,
            state=state_made_of(lesson.state for lesson in lessons_of[module.id]),
            availability=opens.get(module.id, ""),
            lessons=lessons_of[module.id],
        )
        for module in modules
    ]
    return AuthoredOutline(course_id=course.id, version=blake2b(orjson.dumps(tree), digest_size=12).hexdigest(), modules=tree)


def _state(node: Row[Any], *, held_back: bool = False) -> str:
    published = node.status == Status.PUBLISHED and node.published_revision_id is not None
    return state_of(published=published, newest_is_shown=node.published_revision_id == node.draft_revision_id, held_back=held_back)


@lru_cache(maxsize=256)
def _completion(rule: CompletionRule, required: bool, required_quizzes: int) -> str:
    if rule == CompletionRule.NONE and required_quizzes:
        return "Done when its quiz is done." if required_quizzes == 1 else f"Done when its {required_quizzes} quizzes are done."
    return rule_sentence(CompletionRule(rule), required=required)


# Made once, and of columns: making rows of a thousand pages takes longer than reading them.
_COURSE = bindparam("course_id")
_SHOWN = ("title", "status", "published_revision_id", "draft_revision_id", "required")
_MODULES = (
    select(col(Module.id), col(Module.title))
    .where(col(Module.course_id) == _COURSE, col(Module.archived_at).is_(None))
    .order_by(col(Module.position), col(Module.id))
)
_LESSONS = (
    select(col(Lesson.id), col(Lesson.module_id), col(Lesson.title), col(Lesson.category))
    .where(col(Lesson.course_id) == _COURSE, col(Lesson.archived_at).is_(None))
    .order_by(col(Lesson.position), col(Lesson.id))
)
_PAGES = (
    select(*(inspect(Page).columns[name] for name in ("id", "lesson_id", "minutes", "completion_rule", *_SHOWN)))
    .where(col(Page.course_id) == _COURSE, col(Page.archived_at).is_(None))
    .order_by(col(Page.position), col(Page.id))
)
_OF_COURSE = (col(Assessment.course_id) == _COURSE, col(Assessment.archived_at).is_(None), col(Assessment.page_id).is_not(None))
_QUIZZES = (
    select(*(inspect(Assessment).columns[name] for name in ("id", "page_id", "practice", *_SHOWN))).where(*_OF_COURSE).order_by(col(Assessment.id))
)
_ASKED = (
    select(col(Assessment.id), func.count())
    .join(AssessmentSection, col(AssessmentSection.assessment_revision_id) == col(Assessment.draft_revision_id))
    .join(SectionQuestion, col(SectionQuestion.section_id) == col(AssessmentSection.id))
    .where(*_OF_COURSE)
    .group_by(col(Assessment.id))
)
_DRAWN = (
    select(col(Assessment.id), func.sum(col(SectionPool.count)))
    .join(AssessmentSection, col(AssessmentSection.assessment_revision_id) == col(Assessment.draft_revision_id))
    .join(SectionPool, col(SectionPool.section_id) == col(AssessmentSection.id))
    .where(*_OF_COURSE)
    .group_by(col(Assessment.id))
)
