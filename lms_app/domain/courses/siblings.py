"""The row of nodes that stand beside one another in a course, module or lesson, and the places in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.domain.courses import outline_changes, positions
from lms_app.models import Course, Lesson, Module, Page

Node = Module | Lesson | Page
AnyNode = TypeVar("AnyNode", Module, Lesson, Page)

_PARENT: dict[type[Node], tuple[type[Course | Module | Lesson], str]] = {
    Module: (Course, "course_id"),
    Lesson: (Module, "module_id"),
    Page: (Lesson, "lesson_id"),
}


@dataclass(frozen=True, kw_only=True)
class SiblingRow:
    """The nodes in one parent, as they are now, and nobody else's to change until the end of the transaction: two who move or add at once would
    choose the same place. `in_course`: the parent, and what that stands in, has not been taken out."""

    course_id: UUID
    in_course: bool
    shown: Sequence[Node]
    """In order, without those that were taken out."""
    places: Sequence[str]
    """The places of all. One that was taken out keeps its own, so that it can come back to it."""

    def behind(self, sibling: Node | None) -> str:
        """A new place right behind `sibling`, or before all."""
        return positions.behind(sibling.position if sibling else None, self.places)


def row_in(session: Session, kind: type[Node], parent: UUID) -> SiblingRow | None:
    """The row of nodes of a kind in a course, module or lesson; None where there is no such parent."""
    parent_table, column = _PARENT[kind]
    table: Any = kind
    held: Any = select(parent_table).where(col(parent_table.id) == parent).with_for_update(key_share=True)
    found = session.exec(held.execution_options(populate_existing=True)).first()
    if found is None:
        return None
    query: Any = select(table).where(getattr(table, column) == parent).order_by(table.position, table.id)
    every = session.exec(query.execution_options(populate_existing=True)).all()
    return SiblingRow(
        course_id=found.id if isinstance(found, Course) else found.course_id,
        in_course=_is_shown(session, found),
        shown=[node for node in every if node.archived_at is None],
        places=[node.position for node in every],
    )


def row_of(session: Session, node: Node) -> SiblingRow:
    """The row that a node stands in."""
    row = row_in(session, type(node), parent_id(node))
    assert row is not None
    return row


def stands_in_course(session: Session, node: Node) -> bool:
    """Whether what a node stands in has not been taken out of the course."""
    return _is_shown(session, session.get_one(_PARENT[type(node)][0], parent_id(node)))


def parent_id(node: Node) -> UUID:
    """The course, module or lesson that a node stands in."""
    return getattr(node, _PARENT[type(node)][1])


def put_in(node: Node, parent: UUID) -> None:
    """Makes a node one of those in a parent."""
    setattr(node, _PARENT[type(node)][1], parent)


def append(session: Session, node: AnyNode) -> AnyNode:
    """Stores a new node at the end of its row."""
    node.position = positions.last(row_of(session, node).places)
    session.add(node)
    session.flush()
    outline_changes.tell(session, node.course_id)
    return node


def _is_shown(session: Session, parent: Course | Module | Lesson) -> bool:
    return isinstance(parent, Course) or (parent.archived_at is None and stands_in_course(session, parent))
