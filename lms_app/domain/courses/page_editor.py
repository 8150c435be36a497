"""A page as its author finds it: where it stands, what completes it, how it stands for students, the quizzes on it."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.courses.builder import BuilderQuiz, page_state, quizzes_on
from lms_app.models import Course, Lesson, Module


@dataclass(frozen=True, kw_only=True)
class PageEditor:
    """A page under its author's hands. `revision` is what a save must name, so that nobody's text is lost; `reader` is the author who asks, so that a
    browser that several use keeps what each wrote apart."""

    id: str
    reader: str
    course_id: str
    course: str
    slug: str
    module: str
    lesson: str
    title: str
    rule: str
    required: bool
    state: str
    revision: str
    open_to_students: bool
    quizzes: list[BuilderQuiz]


def page_editor(session: Session, actor: Actor, page_id: UUID) -> PageEditor:
    """A page of a course that the actor may author. Raises NotFound."""
    page = access.editable_page(session, actor, page_id)
    lesson = session.get_one(Lesson, page.lesson_id)
    course = session.get_one(Course, page.course_id)
    return PageEditor(
        id=str(page.id),
        reader=str(actor.person_id),
        course_id=str(course.id),
        course=course.title,
        slug=course.slug,
        module=session.get_one(Module, lesson.module_id).title,
        lesson=lesson.title,
        title=page.title,
        rule=page.completion_rule,
        required=page.required,
        state=page_state(page),
        revision=str(page.draft_revision_id),
        open_to_students=page.published_revision_id is not None and course.published_at is not None,
        quizzes=quizzes_on(session, [page.id]).get(page.id, []),
    )
