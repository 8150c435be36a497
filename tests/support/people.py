"""Accounts and log-ins made straight in the database, for tests that are not about making them."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from lms_app.adapters import clock, tokens
from lms_app.crypto import key_ring
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.ids import uuid7
from lms_app.models import Login, Person
from lms_app.words import Role


@dataclass(frozen=True)
class SignedIn:
    """An account with a login, and what its browser sends."""

    actor: Actor
    token: str

    @property
    def login_id(self) -> UUID:
        assert self.actor.login_id is not None
        return self.actor.login_id

    @property
    def cookie(self) -> str:
        return f"{tokens.cookie_name()}={self.token}"


def sign_in(*roles: Role, name: str = "Ada Example", life: timedelta = tokens.LIFE) -> SignedIn:
    """A new account with these roles, signed in. Committed."""
    person_id = uuid7()
    with transaction() as session:
        key_ring.create(session, person_id)
        person = Person(
            id=person_id,
            can_learn=Role.STUDENT in roles,
            can_teach=Role.INSTRUCTOR in roles,
            can_administer=Role.ADMIN in roles,
            created_at=clock.now(),
        )
        session.add(person)
        person.name = name
        session.flush()
        login = Login(person_id=person_id, created_at=clock.now(), last_seen_at=clock.now(), expires_at=clock.now() + timedelta(days=30))
        session.add(login)
    actor = Actor(person_id=person_id, roles=frozenset(roles), login_id=login.id)
    return SignedIn(actor, tokens.sign(login_id=login.id, person_id=person_id, life=life))


def end_login(login_id: UUID) -> None:
    """Ends a login as another browser would have it ended."""
    with transaction() as session:
        login = session.get(Login, login_id)
        assert login is not None
        login.ended_at = clock.now()
