"""Who works on a course, and what each of them may do in it."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.crypto import key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.notifications import inbox
from lms_app.domain.people import audit, throttling
from lms_app.domain.people.registration import find_person
from lms_app.errors import Conflict, Invalid, NotFound
from lms_app.models import Course, Membership, Person
from lms_app.words import NotificationKind, StaffRole

FREE_TRIES = 20
"""Addresses that somebody may try in a row: who has an account here is not for anybody to find out by trying."""


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody on the staff. `is_you`: the reader."""

    id: str
    name: str
    role: str
    is_you: bool


def staff(session: Session, actor: Actor, course_id: UUID) -> list[Colleague]:
    """Those on a course's staff, the first ones first, for the staff. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    rows = session.exec(
        select(Membership, Person)
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(Membership.course_id == course.id, col(Person.erased_at).is_(None))
        .order_by(col(Membership.created_at), col(Membership.person_id))
    ).all()
    key_ring.load(session, [person.id for _, person in rows])
    return [
        Colleague(id=str(person.id), name=person.name, role=StaffRole(membership.role).value, is_you=person.id == actor.person_id)
        for membership, person in rows
    ]


def add(session: Session, actor: Actor, course_id: UUID, email: str, role: StaffRole) -> UUID | None:
    """Takes somebody who may teach here into the staff, by their e-mail address, and tells them. Gives their id; None where nobody of that address
    may teach here: the caller raises `nobody()` after the commit, so that the try stays counted.

    Raises Conflict for somebody who is on the staff already, TooMany after many tries, NotFound for who does not own the course.
    """
    course = _owned(session, actor, course_id)
    throttling.spend(session, throttling.key_of("staff", str(actor.person_id)), free=FREE_TRIES)
    person = find_person(session, email)
    if person is None or not person.can_teach or person.erased_at is not None:
        return None
    if session.get(Membership, (course.id, person.id)) is not None:
        raise Conflict("They are on the staff already. Change what they may do in the list.")
    session.add(Membership(course_id=course.id, person_id=person.id, role=role, created_at=clock.now()))
    session.flush()
    audit.note(session, "staff_added", person_id=actor.person_id, object_kind="course", object_id=course.id)
    inbox.deliver(
        session,
        person.id,
        NotificationKind.JOINED_STAFF,
        unique_key=f"staff:{course.id}:{person.id}:{clock.now().isoformat()}",
        course=str(course.id),
        role=role.value,
    )
    return person.id


def nobody() -> Invalid:
    """Nobody of that address may teach here."""
    return Invalid("Nobody with this address may teach here.", fields={"email": "Nobody with this address may teach here."})


def change(session: Session, actor: Actor, course_id: UUID, person_id: UUID, role: StaffRole) -> None:
    """Gives somebody on the staff another role. Raises Conflict for the last owner, NotFound."""
    membership = _other(session, actor, course_id, person_id)
    if membership.role == role:
        return
    _keep_an_owner(session, membership)
    membership.role = role
    session.add(membership)
    session.flush()
    audit.note(session, "staff_role_changed", person_id=actor.person_id, object_kind="course", object_id=course_id)


def remove(session: Session, actor: Actor, course_id: UUID, person_id: UUID) -> None:
    """Takes somebody off the staff. What they made and marked stays. Raises Conflict for the last owner, NotFound."""
    membership = _other(session, actor, course_id, person_id)
    _keep_an_owner(session, membership)
    session.delete(membership)
    session.flush()
    audit.note(session, "staff_removed", person_id=actor.person_id, object_kind="course", object_id=course_id)


def _owned(session: Session, actor: Actor, course_id: UUID) -> Course:
    return access.staffed_course(session, actor, course_id, (StaffRole.OWNER,))


def _other(session: Session, actor: Actor, course_id: UUID, person_id: UUID) -> Membership:
    course = _owned(session, actor, course_id)
    # Two owners who take each other off at the same time would leave the course to nobody.
    session.exec(select(Course).where(Course.id == course.id).with_for_update(key_share=True)).one()
    membership = session.get(Membership, (course.id, person_id), populate_existing=True)
    if membership is None:
        raise NotFound("They are no longer on the staff.")
    return membership


def _keep_an_owner(session: Session, membership: Membership) -> None:
    if membership.role != StaffRole.OWNER:
        return
    others = select(Membership.person_id).where(
        Membership.course_id == membership.course_id, Membership.role == StaffRole.OWNER, Membership.person_id != membership.person_id
    )
    if session.exec(others).first() is None:
        raise Conflict("A course has an owner. Make somebody else one first.")
