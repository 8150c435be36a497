"""A page as its author writes it: Markdown, how it would look, and what stands on it."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from lms_app.domain.actor import Actor
from lms_app.domain.content.document import parse_document
from lms_app.domain.content.embeds import embed_hosts
from lms_app.domain.content.markdown import document_from_markdown, markdown_of_document
from lms_app.domain.content.rendering import Resolver, render
from lms_app.domain.content.views import BlockView
from lms_app.domain.courses import access
from lms_app.domain.courses.builder import BuilderQuiz, page_state, quizzes_on
from lms_app.models import Course, Lesson, Module, PageRevision
from lms_app.settings import get_settings


@dataclass(frozen=True, kw_only=True)
class PageEditor:
    """A page under its author's hands. `revision` is what a save must name, so that nobody's text is lost."""

    id: str
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


@dataclass(frozen=True, kw_only=True)
class PageText:
    """What a page says, as Markdown."""

    page_id: str
    markdown: str


def page_editor(session: Session, actor: Actor, page_id: UUID) -> PageEditor:
    """A page of a course that the actor may author. Raises NotFound."""
    page = access.editable_page(session, actor, page_id)
    lesson = session.get_one(Lesson, page.lesson_id)
    course = session.get_one(Course, page.course_id)
    return PageEditor(
        id=str(page.id),
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


def page_text(session: Session, actor: Actor, page_id: UUID) -> PageText:
    """The newest text of a page. Blocks that Markdown has no sign for stand in it as lines of their own."""
    page = access.editable_page(session, actor, page_id)
    revision = session.get_one(PageRevision, page.draft_revision_id)
    hosts = embed_hosts(get_settings().embed_hosts)
    return PageText(page_id=str(page.id), markdown=markdown_of_document(parse_document(revision.document), embed_hosts=hosts).strip("\n"))


def preview(session: Session, actor: Actor, page_id: UUID, markdown: str) -> list[BlockView]:
    """How a text would look on the page; nothing is saved. Raises Invalid, with a sentence, for a line that cannot be read."""
    access.editable_page(session, actor, page_id)
    hosts = embed_hosts(get_settings().embed_hosts)
    resolve = Resolver(page=lambda name: f"/teach/pages/{name}", embed_hosts=hosts)
    return render(document_from_markdown(markdown, embed_hosts=hosts), resolve).blocks
