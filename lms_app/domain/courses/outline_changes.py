"""What follows when the outline of a course is not as its authors last saw it."""

from uuid import UUID

from sqlmodel import Session

from lms_app.adapters import pubsub
from lms_app.database import after_commit
from lms_app.domain.courses import node_health
from lms_app.words import Hint


def tell(session: Session, course_id: UUID) -> None:
    """A node, its title, place or state, or a quiz has changed: once this transaction is committed open builders of the course are told, and it is
    looked through for what is to mend."""
    node_health.ask(session, course_id)
    after_commit(session, lambda: pubsub.hint(Hint.OUTLINE, course_id), once=f"outline:{course_id}")
