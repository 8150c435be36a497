"""Reading a course as its author sees it: its settings, and how much of what is not archived students do not see."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, inspect, or_, select
from sqlmodel import Session, col

from lms_app.domain.actor import Actor
from lms_app.domain.courses import access, authoring
from lms_app.domain.courses.node_state_rules import CHANGED, DRAFT, HELD_BACK, PUBLISHED, state_of, waits_by_itself
from lms_app.models import Assessment, AssessmentSection, Lesson, Module, Page, SectionQuestion
from lms_app.words import Status


@dataclass(frozen=True, kw_only=True)
class BuilderQuiz:
    """A quiz on a page."""

    id: str
    title: str
    state: str
    practice: bool
    questions: int


@dataclass(frozen=True, kw_only=True)
class CourseBuilder:
    """A course under its author's hands, without its outline. `drafts` pages have something that students do not see, and so do `quiz_drafts`
    quizzes on pages that have not."""

    id: str
    slug: str
    title: str
    status: str
    pages: int
    drafts: int
    quiz_drafts: int
    held_back: int


@dataclass(frozen=True, kw_only=True)
class CourseHead:
    """A course by name, for its authors."""

    id: str
    title: str


def course_head(session: Session, actor: Actor, course_id: UUID) -> CourseHead:
    """The name of a course that the actor may author. Raises NotFound."""
    course = access.editable_course(session, actor, course_id)
    return CourseHead(id=str(course.id), title=course.title)


def may_build(session: Session, actor: Actor, course_id: UUID) -> bool:
    """Whether the actor authors a course that they are on the staff of. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    return access.role_in(session, actor, course.id) in access.AUTHORS


def course_builder(session: Session, actor: Actor, course_id: UUID) -> CourseBuilder:
    """A course that the actor may author. Raises NotFound."""
    course = access.editable_course(session, actor, course_id)
    states: dict[UUID, str] = {}
    for page in session.execute(_PAGES.where(col(Page.course_id) == course.id)).all():
        waits = waits_by_itself(seen=page.published_revision_id is not None, required=page.required, rule=page.completion_rule)
        states[page.id] = _state(page, held_back=waits)
    told = list(states.values())
    return CourseBuilder(
        id=str(course.id),
        slug=course.slug,
        title=course.title,
        status=course.status,
        pages=len(states),
        drafts=told.count(DRAFT) + told.count(CHANGED),
        quiz_drafts=_quiz_drafts(session, [identity for identity, state in states.items() if state == PUBLISHED]),
        held_back=told.count(HELD_BACK),
    )


def page_state(page: Page) -> str:
    """How a page stands: one of `node_state_rules.STATES`."""
    return _state(page, held_back=authoring.is_held_back(page))


def _state(node: Page | Assessment | Row[Any], *, held_back: bool = False) -> str:
    published = node.status == Status.PUBLISHED and node.published_revision_id is not None
    return state_of(published=published, newest_is_shown=node.published_revision_id == node.draft_revision_id, held_back=held_back)


def quizzes_on(session: Session, page_ids: list[UUID]) -> dict[UUID, list[BuilderQuiz]]:
    """The quizzes on some pages, with the number of questions in their newest revision."""
    if not page_ids:
        return {}
    rows = session.execute(
        select(Assessment, func.count(col(SectionQuestion.id)))
        .join(AssessmentSection, col(AssessmentSection.assessment_revision_id) == col(Assessment.draft_revision_id), isouter=True)
        .join(SectionQuestion, col(SectionQuestion.section_id) == col(AssessmentSection.id), isouter=True)
        .where(col(Assessment.page_id).in_(page_ids), col(Assessment.archived_at).is_(None))
        .group_by(col(Assessment.id))
        .order_by(col(Assessment.id))
    ).all()
    found: dict[UUID, list[BuilderQuiz]] = {}
    for quiz, questions in rows:
        entry = BuilderQuiz(id=str(quiz.id), title=quiz.title, state=_state(quiz), practice=quiz.practice, questions=questions)
        if quiz.page_id is not None:
            found.setdefault(quiz.page_id, []).append(entry)
    return found


def _quiz_drafts(session: Session, page_ids: list[UUID]) -> int:
    """How many quizzes on some pages students do not see, or see in an older state."""
    differs = or_(
        col(Assessment.status) != Status.PUBLISHED, col(Assessment.published_revision_id).is_distinct_from(col(Assessment.draft_revision_id))
    )
    return session.execute(
        select(func.count()).where(col(Assessment.page_id).in_(page_ids), col(Assessment.archived_at).is_(None), differs)
    ).scalar_one()


# Of columns: a course may have a thousand pages, and is read again whenever one of them changes.
_PAGES = (
    select(*(inspect(Page).columns[name] for name in ("id", "status", "published_revision_id", "draft_revision_id", "required", "completion_rule")))
    .join(Lesson, col(Lesson.id) == col(Page.lesson_id))
    .join(Module, col(Module.id) == col(Lesson.module_id))
    .where(col(Page.archived_at).is_(None), col(Lesson.archived_at).is_(None), col(Module.archived_at).is_(None))
)
