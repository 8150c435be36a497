"""Telling those who author a course that its outline is not as they last saw it."""

from uuid import UUID

from sqlmodel import Session

from lms_app.adapters import pubsub
from lms_app.database import after_commit
from lms_app.words import Hint


def tell(session: Session, course_id: UUID) -> None:
    """Tells open builders of the course once this transaction is committed: a node, its title, place or state, or a quiz has changed."""
    after_commit(session, lambda: pubsub.hint(Hint.OUTLINE, course_id), once=f"outline:{course_id}")
