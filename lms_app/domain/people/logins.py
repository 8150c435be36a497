"""Log-ins: who is signed in at which browser."""

from uuid import UUID

from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.adapters.cache import ShortCache
from lms_app.domain.actor import Actor
from lms_app.models import Login, Person
from lms_app.words import Role

known_actors: ShortCache[UUID, Actor | None] = ShortCache(seconds=5)
"""Actors by login, as this process last read them. A `login` hint drops one at once; without it, it is 5 s old at most."""


def find_actor(session: Session, login_id: UUID) -> Actor | None:
    """Who acts by this login; None when it has ended or its person is gone."""
    login = session.get(Login, login_id)
    if login is None or login.ended_at is not None or login.expires_at <= clock.now():
        return None
    person = session.get(Person, login.person_id)
    if person is None or person.erased_at is not None:
        return None
    return actor_of(person, login_id)


def actor_of(person: Person, login_id: UUID | None = None) -> Actor:
    """A person as an actor, with the roles of the account; for commands and jobs without a login."""
    may = {Role.STUDENT: person.can_learn, Role.INSTRUCTOR: person.can_teach, Role.ADMIN: person.can_administer}
    return Actor(person_id=person.id, roles=frozenset(role for role, allowed in may.items() if allowed), login_id=login_id)


def forget(login_id: UUID) -> None:
    """Makes this process read the login again at its next use."""
    known_actors.drop(login_id)
