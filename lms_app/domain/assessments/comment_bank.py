"""Comments that a marker keeps for use again: one's own, in one course."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.errors import Invalid, LimitReached, NotFound
from lms_app.models import BankComment

LONGEST = 5000
MOST = 200


@dataclass(frozen=True, kw_only=True)
class KeptComment:
    """A comment of the bank."""

    id: str
    text: str


def kept(session: Session, actor: Actor, course_id: UUID) -> list[KeptComment]:
    """The actor's comments for a course, newest first. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id, access.MARKERS)
    rows = session.exec(
        select(BankComment).where(BankComment.person_id == actor.person_id, BankComment.course_id == course.id).order_by(col(BankComment.id).desc())
    ).all()
    return [KeptComment(id=str(row.id), text=row.text or "") for row in rows]


def keep(session: Session, actor: Actor, course_id: UUID, text: str) -> KeptComment:
    """Keeps a comment; one that is there already is not kept twice. Raises NotFound, Invalid, LimitReached."""
    clean = text.strip()
    if not clean or len(clean) > LONGEST:
        raise Invalid(f"Write a comment, {LONGEST} characters at most.")
    before = kept(session, actor, course_id)
    if known := next((entry for entry in before if entry.text == clean), None):
        return known
    if len(before) >= MOST:
        raise LimitReached(f"You keep {MOST} comments in this course. Remove one first.")
    row = BankComment(person_id=actor.person_id, course_id=course_id, created_at=clock.now())
    session.add(row)
    row.text = clean
    session.flush()
    return KeptComment(id=str(row.id), text=clean)


def drop(session: Session, actor: Actor, comment_id: UUID) -> None:
    """Keeps a comment of the actor's no longer. Raises NotFound."""
    row = session.get(BankComment, comment_id)
    if row is None or row.person_id != actor.person_id:
        raise NotFound("There is no such comment of yours.")
    session.delete(row)
