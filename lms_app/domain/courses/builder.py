"""Reading a course as its author sees it: everything that is not archived, with what students see of it."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from lms_app.domain.actor import Actor
from lms_app.domain.courses import access, authoring
from lms_app.domain.courses.node_state_rules import state_of
from lms_app.models import Assessment, AssessmentSection, Course, Lesson, Module, Page, SectionQuestion
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
class BuilderPage:
    """A page in its lesson. `first` and `last` say where it cannot be moved."""

    id: str
    title: str
    state: str
    first: bool
    last: bool
    quizzes: list[BuilderQuiz]


@dataclass(frozen=True, kw_only=True)
class BuilderLesson:
    """A lesson of the open module."""

    id: str
    title: str
    category: str
    first: bool
    last: bool
    pages: list[BuilderPage]


@dataclass(frozen=True, kw_only=True)
class BuilderModule:
    """A module; its lessons are read for the open one alone."""

    id: str
    number: int
    title: str
    lessons: int
    pages: int
    drafts: int
    first: bool
    last: bool


@dataclass(frozen=True, kw_only=True)
class CourseBuilder:
    """A course under its author's hands. `open_module` is the id of the module whose lessons are in `lessons`, "" for none. `drafts` pages have
    something that students do not see, and so do `quiz_drafts` quizzes on pages that have not."""

    id: str
    slug: str
    title: str
    summary: str
    language: str
    level: str
    status: str
    signatory_name: str
    signatory_title: str
    certificate_offered: bool
    pages: int
    drafts: int
    quiz_drafts: int
    held_back: int
    open_module: str
    modules: list[BuilderModule] = field(default_factory=list)
    lessons: list[BuilderLesson] = field(default_factory=list)


def may_build(session: Session, actor: Actor, course_id: UUID) -> bool:
    """Whether the actor authors a course that they are on the staff of. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    return access.role_in(session, actor, course.id) in access.AUTHORS


def course_builder(session: Session, actor: Actor, course_id: UUID, open_module: UUID | None = None) -> CourseBuilder:
    """A course that the actor may author, with the lessons of one module: `open_module`, else the first. Raises NotFound."""
    course = access.editable_course(session, actor, course_id)
    modules = session.exec(select(Module).where(Module.course_id == course.id, col(Module.archived_at).is_(None)).order_by(Module.position)).all()
    lessons = session.exec(select(Lesson).where(Lesson.course_id == course.id, col(Lesson.archived_at).is_(None)).order_by(Lesson.position)).all()
    pages = session.exec(select(Page).where(Page.course_id == course.id, col(Page.archived_at).is_(None)).order_by(Page.position)).all()
    pages_of: dict[UUID, list[Page]] = {lesson.id: [] for lesson in lessons}
    for page in pages:
        if page.lesson_id in pages_of:
            pages_of[page.lesson_id].append(page)
    lessons_of: dict[UUID, list[Lesson]] = {module.id: [] for module in modules}
    for lesson in lessons:
        if lesson.module_id in lessons_of:
            lessons_of[lesson.module_id].append(lesson)
    here = next((module.id for module in modules if module.id == open_module), modules[0].id if modules else None)
    shown = [page for module in modules for lesson in lessons_of[module.id] for page in pages_of[lesson.id]]
    states = {page.id: page_state(page) for page in shown}
    return CourseBuilder(
        id=str(course.id),
        slug=course.slug,
        title=course.title,
        summary=course.summary,
        language=course.language,
        level=course.level,
        status=course.status,
        signatory_name=course.signatory_name,
        signatory_title=course.signatory_title,
        certificate_offered=course.certificate_offered,
        pages=len(shown),
        drafts=sum(state in ("draft", "changed") for state in states.values()),
        quiz_drafts=_quiz_drafts(session, [identity for identity, state in states.items() if state == "published"]),
        held_back=sum(state == "held_back" for state in states.values()),
        open_module=str(here or ""),
        modules=[
            BuilderModule(
                id=str(module.id),
                number=number,
                title=module.title,
                lessons=len(lessons_of[module.id]),
                pages=sum(len(pages_of[lesson.id]) for lesson in lessons_of[module.id]),
                drafts=sum(states[page.id] != "published" for lesson in lessons_of[module.id] for page in pages_of[lesson.id]),
                first=number == 1,
                last=number == len(modules),
            )
            for number, module in enumerate(modules, start=1)
        ],
        lessons=_lessons(session, course, lessons_of[here], pages_of, states) if here else [],
    )


def page_state(page: Page) -> str:
    """How a page stands: one of `node_state_rules.STATES`."""
    return _state(page, held_back=authoring.is_held_back(page))


def _state(node: Page | Assessment, *, held_back: bool = False) -> str:
    published = node.status == Status.PUBLISHED and node.published_revision_id is not None
    return state_of(published=published, newest_is_shown=node.published_revision_id == node.draft_revision_id, held_back=held_back)


def quizzes_on(session: Session, page_ids: list[UUID]) -> dict[UUID, list[BuilderQuiz]]:
    """The quizzes on some pages, with the number of questions in their newest revision."""
    if not page_ids:
        return {}
    rows = session.exec(
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
    return session.exec(select(func.count()).where(col(Assessment.page_id).in_(page_ids), col(Assessment.archived_at).is_(None), differs)).one()


def _lessons(
    session: Session, course: Course, lessons: list[Lesson], pages_of: dict[UUID, list[Page]], states: dict[UUID, str]
) -> list[BuilderLesson]:
    quizzes = quizzes_on(session, [page.id for lesson in lessons for page in pages_of[lesson.id]])
    return [
        BuilderLesson(
            id=str(lesson.id),
            title=lesson.title,
            category=lesson.category,
            first=place == 0,
            last=place == len(lessons) - 1,
            pages=[
                BuilderPage(
                    id=str(page.id),
                    title=page.title,
                    state=states[page.id],
                    first=index == 0,
                    last=index == len(pages_of[lesson.id]) - 1,
                    quizzes=quizzes.get(page.id, []),
                )
                for index, page in enumerate(pages_of[lesson.id])
            ],
        )
        for place, lesson in enumerate(lessons)
    ]
