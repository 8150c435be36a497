"""Putting a module, lesson or page anywhere in its course."""

from uuid import UUID

from sqlmodel import Session

from lms_app.domain.actor import Actor
from lms_app.domain.courses import authoring, outline_changes, siblings
from lms_app.errors import Conflict
from lms_app.models import Lesson, Module, Page

_WHERE: dict[type[siblings.Node], str] = {Module: "course", Lesson: "module", Page: "lesson"}


def place(session: Session, actor: Actor, kind: str, node_id: UUID, parent_id: UUID, after_id: UUID | None) -> None:
    """Puts a node into a parent of its course (a module into the course, a lesson into a module, a page into a lesson), right behind the sibling
    `after_id`, or first.

    Raises NotFound for a node that is not the actor's, Conflict where it, its new parent or its new neighbour is no longer in the course.
    """
    node = authoring.node_of(session, actor, kind, node_id)
    row = siblings.row_in(session, type(node), parent_id)
    if row is None or not row.in_course or row.course_id != node.course_id:
        raise Conflict(f"The {_WHERE[type(node)]} that this was put into is no longer in the course.")
    session.refresh(node, with_for_update={"key_share": True})
    if node.archived_at is not None:
        raise Conflict("This was taken out of the course meanwhile.")
    neighbour = next((sibling for sibling in row.shown if sibling.id == after_id), None) if after_id != node.id else None
    if after_id is not None and neighbour is None:
        raise Conflict("What this was put behind is no longer there. It stays where it was.")
    was_shown = siblings.stands_in_course(session, node)
    siblings.put_in(node, parent_id)
    node.position = row.behind(neighbour)
    session.add(node)
    session.flush()
    if not was_shown:
        # Elsewhere a place changes neither what is required nor what a grade is made of: students see the new order as they load a page.
        authoring.follow_the_outline(session, node.course_id)
    outline_changes.tell(session, node.course_id)
