"""One change of a course's outline, and the outline after it, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from sqlmodel import Session

from lms_app.domain.actor import Actor
from lms_app.domain.courses import authored_outline, authoring
from lms_app.domain.courses.authored_outline import AuthoredOutline
from lms_app.errors import NotFound

P = ParamSpec("P")


@dataclass(frozen=True, kw_only=True, slots=True)
class OutlineChanged:
    """The outline after a change: with the id of what was made, or the number of pages that were published."""

    made: UUID | None
    pages: int | None
    outline: AuthoredOutline


def add(session: Session, actor: Actor, course_id: UUID, kind: str, parent_id: UUID, title: str) -> OutlineChanged:
    """Adds a module to the course, a lesson to one of its modules, or a page to one of its lessons. Raises NotFound for a parent elsewhere."""
    if kind == "module":
        if parent_id != course_id:
            raise NotFound
        made = authoring.add_module(session, actor, course_id, title).id
    else:
        _refuse_elsewhere(session, actor, course_id, "module" if kind == "lesson" else "lesson", parent_id)
        verb = authoring.add_lesson if kind == "lesson" else authoring.add_page
        made = verb(session, actor, parent_id, title).id
    return changed(session, actor, course_id, made)


def change(
    session: Session,
    actor: Actor,
    course_id: UUID,
    verb: Callable[Concatenate[Session, Actor, str, UUID, P], Any],
    kind: str,
    node_id: UUID,
    *args: P.args,
    **kwargs: P.kwargs,
) -> OutlineChanged:
    """Does `verb(session, actor, kind, node_id, …)` to a node of this course. Raises NotFound for one elsewhere, and what the verb raises."""
    _refuse_elsewhere(session, actor, course_id, kind, node_id)
    return changed(session, actor, course_id, verb(session, actor, kind, node_id, *args, **kwargs))


def changed(session: Session, actor: Actor, course_id: UUID, told: Any = None) -> OutlineChanged:
    """The outline after a change that told this."""
    session.flush()
    return OutlineChanged(
        made=told if isinstance(told, UUID) else None,
        pages=told if isinstance(told, int) else None,
        outline=authored_outline.authored_outline(session, actor, course_id),
    )


def _refuse_elsewhere(session: Session, actor: Actor, course_id: UUID, kind: str, node_id: UUID) -> None:
    if authoring.node_of(session, actor, kind, node_id).course_id != course_id:
        raise NotFound
