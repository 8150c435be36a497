"""Log-ins: who is signed in at which browser."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam
from sqlmodel import Session, col, select

from lms_app.adapters import clock, pubsub
from lms_app.adapters.cache import ShortCache
from lms_app.database import after_commit
from lms_app.domain.actor import Actor
from lms_app.models import Login, Person
from lms_app.words import Hint, Role

known_actors: ShortCache[UUID, Actor | None] = ShortCache(seconds=5)
"""Actors by login, as this process last read them. A `login` hint drops one at once; without it, it is 5 s old at most."""


def find_actor(session: Session, login_id: UUID) -> Actor | None:
    """Who acts by this login; None when it has ended or its person is gone."""
    person = session.execute(_BEHIND, {"login_id": login_id, "now": clock.now()}).first()
    return None if person is None else actor_of(person, login_id)


_BEHIND = (
    select(Person.id, Person.can_learn, Person.can_teach, Person.can_administer)
    .join(Login, col(Login.person_id) == col(Person.id))
    .where(
        Login.id == bindparam("login_id"),
        col(Login.ended_at).is_(None),
        Login.expires_at > bindparam("now"),
        col(Person.erased_at).is_(None),
    )
)


def known_actor(session: Session, login_id: UUID) -> Actor | None:
    """The same, read from the database at most every 5 s per process and login."""
    held = known_actors.get(login_id)
    if held is None:
        held = (find_actor(session, login_id),)
        known_actors.put(login_id, held[0])
    return held[0]


def actor_of(person: Person | Row[Any], login_id: UUID | None = None) -> Actor:
    """A person as an actor, with the roles of the account; for commands and jobs without a login."""
    may = {Role.STUDENT: person.can_learn, Role.INSTRUCTOR: person.can_teach, Role.ADMIN: person.can_administer}
    return Actor(person_id=person.id, roles=frozenset(role for role, allowed in may.items() if allowed), login_id=login_id)


def look_again(session: Session, person_id: UUID) -> None:
    """Has every process read again what a person may do, and their open pages show it, once the transaction is committed."""
    standing = session.exec(select(Login.id).where(Login.person_id == person_id, col(Login.ended_at).is_(None))).all()

    def tell() -> None:
        for login_id in standing:
            pubsub.hint(Hint.LOGIN, login_id)
        pubsub.hint(Hint.INBOX, person_id)

    after_commit(session, tell)


def forget(login_id: UUID) -> None:
    """Makes this process read the login again at its next use."""
    known_actors.drop(login_id)
