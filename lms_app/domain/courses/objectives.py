"""What somebody can do who has taken a course: its objectives, in order."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access, positions
from lms_app.errors import Invalid, LimitReached, NotFound
from lms_app.models import Course, Objective

LONGEST = 300
MOST = 40


@dataclass(frozen=True, kw_only=True)
class ObjectiveLine:
    """One objective in the list. `first` and `last` say where it cannot move."""

    id: str
    text: str
    first: bool
    last: bool


def objectives(session: Session, actor: Actor, course_id: UUID) -> list[ObjectiveLine]:
    """The objectives of a course, for its staff. Raises NotFound."""
    rows = of_course(session, access.staffed_course(session, actor, course_id).id)
    return [ObjectiveLine(id=str(row.id), text=row.text, first=row is rows[0], last=row is rows[-1]) for row in rows]


def of_course(session: Session, course_id: UUID) -> list[Objective]:
    """The objectives of a course in their order."""
    query = select(Objective).where(Objective.course_id == course_id, col(Objective.archived_at).is_(None))
    return list(session.exec(query.order_by(col(Objective.position), col(Objective.id))).all())


def add(session: Session, actor: Actor, course_id: UUID, text: str) -> UUID:
    """A new objective at the end. Gives its id. Raises Invalid, LimitReached, NotFound."""
    course = _held(session, access.editable_course(session, actor, course_id).id)
    clean, shown = _checked(text), of_course(session, course.id)
    if len(shown) >= MOST:
        raise LimitReached(f"A course has at most {MOST} objectives.")
    row = Objective(course_id=course.id, text=clean, position=positions.last(_places(session, course.id)), created_at=clock.now())
    session.add(row)
    session.flush()
    return row.id


def reword(session: Session, actor: Actor, course_id: UUID, objective_id: UUID, text: str) -> None:
    """Says an objective in other words. Raises Invalid, NotFound."""
    row = _one(session, actor, course_id, objective_id)
    row.text = _checked(text)
    session.add(row)
    session.flush()


def move(session: Session, actor: Actor, course_id: UUID, objective_id: UUID, step: int) -> None:
    """Moves an objective one place up (−1) or down (1); at the end of the row nothing happens. Raises Invalid, NotFound."""
    if step not in (-1, 1):
        raise Invalid("An objective moves one place at a time.")
    row = _one(session, actor, course_id, objective_id)
    _held(session, row.course_id)
    shown = of_course(session, row.course_id)
    index = next(index for index, other in enumerate(shown) if other.id == row.id)
    if 0 <= index + step < len(shown):
        before = index + step if step > 0 else index + step - 1
        row.position = positions.behind(shown[before].position if before >= 0 else None, _places(session, row.course_id))
        session.add(row)
        session.flush()


def archive(session: Session, actor: Actor, course_id: UUID, objective_id: UUID) -> None:
    """Takes an objective out of the course."""
    row = _one(session, actor, course_id, objective_id)
    row.archived_at = clock.now()
    session.add(row)
    session.flush()


def _one(session: Session, actor: Actor, course_id: UUID, objective_id: UUID) -> Objective:
    course = access.editable_course(session, actor, course_id)
    query = select(Objective).where(Objective.id == objective_id, Objective.course_id == course.id, col(Objective.archived_at).is_(None))
    row = session.exec(query).first()
    if row is None:
        raise NotFound("This objective is no longer there.")
    return row


def _held(session: Session, course_id: UUID) -> Course:
    # Two who add or move at once would choose the same place.
    return session.exec(select(Course).where(Course.id == course_id).with_for_update(key_share=True)).one()


def _places(session: Session, course_id: UUID) -> list[str]:
    return list(session.exec(select(Objective.position).where(Objective.course_id == course_id)).all())


def _checked(text: str) -> str:
    clean = " ".join(text.split())
    if not clean:
        raise Invalid("Say what they can do.", fields={"text": "Say what they can do."})
    if len(clean) > LONGEST:
        raise Invalid("Too long.", fields={"text": f"At most {LONGEST} characters."})
    return clean
