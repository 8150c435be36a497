"""A page, lesson or module once more, as a draft of what it is now."""

from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import quiz_copying, quiz_publishing
from lms_app.domain.content.document import QuizBlock, document_of, new_block_id, parse_document
from lms_app.domain.courses import authoring, availability_editing, outline_changes, positions, siblings
from lms_app.errors import Conflict
from lms_app.models import Lesson, Module, Page, PageRevision

COPY = " (copy)"

Copies = dict[UUID, UUID]
"""The copy of each node that was copied: what waits for one another is copied so."""


def duplicate(session: Session, actor: Actor, kind: str, node_id: UUID) -> UUID:
    """A draft copy of a node and of everything in it that is not archived, right behind it: new ids everywhere, and quizzes with questions of their
    own. What stands in it and waits for something else in it waits for its copy there. Gives the copy's id.

    Raises NotFound, and Conflict for what is no longer in the course.
    """
    node = authoring.node_of(session, actor, kind, node_id)
    row = siblings.row_of(session, node)
    if not row.in_course or node.archived_at is not None:
        raise Conflict("This was taken out of the course meanwhile.")
    title = node.title[: authoring.LONGEST_TITLE - len(COPY)].rstrip() + COPY
    place = row.behind(node)
    copies: Copies = {}
    match node:
        case Module():
            made = _copy_module(session, actor, node, title, place, copies)
        case Lesson():
            made = _copy_lesson(session, actor, node, title, node.module_id, place, copies)
        case Page():
            made = _copy_page(session, actor, node, title, node.lesson_id, place, copies)
    session.flush()
    availability_editing.copy_with(session, copies)
    outline_changes.tell(session, node.course_id)
    return made


def _copy_module(session: Session, actor: Actor, module: Module, title: str, place: str, copies: Copies) -> UUID:
    twin = Module(course_id=module.course_id, title=title, position=place, created_at=clock.now())
    session.add(twin)
    session.flush()
    query = select(Lesson).where(Lesson.module_id == module.id, col(Lesson.archived_at).is_(None)).order_by(Lesson.position, col(Lesson.id))
    lessons = session.exec(query).all()
    for lesson, lesson_place in zip(lessons, positions.first_n(len(lessons)), strict=True):
        _copy_lesson(session, actor, lesson, lesson.title, twin.id, lesson_place, copies)
    copies[module.id] = twin.id
    return twin.id


def _copy_lesson(session: Session, actor: Actor, lesson: Lesson, title: str, module_id: UUID, place: str, copies: Copies) -> UUID:
    twin = Lesson(
        course_id=lesson.course_id,
        module_id=module_id,
        title=title,
        position=place,
        graded=lesson.graded,
        category=lesson.category,
        created_at=clock.now(),
    )
    session.add(twin)
    session.flush()
    query = select(Page).where(Page.lesson_id == lesson.id, col(Page.archived_at).is_(None)).order_by(Page.position, col(Page.id))
    pages = session.exec(query).all()
    for page, page_place in zip(pages, positions.first_n(len(pages)), strict=True):
        _copy_page(session, actor, page, page.title, twin.id, page_place, copies)
    copies[lesson.id] = twin.id
    return twin.id


def _copy_page(session: Session, actor: Actor, page: Page, title: str, lesson_id: UUID, place: str, copies: Copies) -> UUID:
    twin = Page(
        course_id=page.course_id,
        lesson_id=lesson_id,
        title=title,
        position=place,
        completion_rule=page.completion_rule,
        required=page.required,
        created_at=clock.now(),
    )
    session.add(twin)
    session.flush()
    written = parse_document(session.get_one(PageRevision, page.draft_revision_id).document)
    quizzes = _copied_quizzes(session, actor, page, twin, [block.assessment for block in written.blocks if isinstance(block, QuizBlock)], copies)
    blocks = []
    for block in written.blocks:
        if not isinstance(block, QuizBlock):
            blocks.append(block.model_copy(update={"id": new_block_id()}))
        elif block.assessment in quizzes:
            blocks.append(QuizBlock(assessment=str(quizzes[block.assessment])))
    authoring.write_revision(session, twin, title, document_of(blocks).dump(), actor.person_id)
    copies[page.id] = twin.id
    return twin.id


def _copied_quizzes(session: Session, actor: Actor, page: Page, twin: Page, placed: list[str], copies: Copies) -> dict[str, UUID]:
    """The copies of the quizzes that a page's text places, by the names it calls them by. One that is gone has none."""
    known = quiz_publishing.quizzes_named(session, page.course_id, placed)
    made = {name: quiz_copying.copy_quiz(session, actor, quiz, twin.id).id for name, quiz in known.items()}
    copies.update({quiz.id: made[name] for name, quiz in known.items()})
    return made
