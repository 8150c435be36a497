"""A program and its campus: the whole HTTP application in this process, over a database of its own."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from lms_app.adapters import passwords, tokens
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.people import addresses, signing_in
from lms_app.domain.people.registration import create_person
from lms_app.models import Enrollment, Person
from lms_app.settings import get_settings
from lms_app.words import Role
from tests.support.apps import whole_site
from tests.support.campus import Campus, neutral_course, new_campus

PASSWORD = "a long enough word"
ROOT = "http://localhost:8000/api/v1"


@dataclass(frozen=True)
class Account:
    """An account with a password, and an access token of a login of its own."""

    actor: Actor
    email: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True)
class Ground:
    """One published course, its instructor, and the quizzes and pages by title."""

    slug: str
    course_id: UUID
    instructor: Actor
    pages: dict[str, UUID]
    quizzes: dict[str, UUID]


@pytest.fixture
def ground(committed_database: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    monkeypatch.setenv("STORAGE_DIR", str(tmp_path / "storage"))
    get_settings.cache_clear()
    with transaction() as session:
        campus = new_campus(session, neutral_course(behaviour="deferred"))
        yield_this = _ground(campus)
    yield yield_this
    get_settings.cache_clear()


def _ground(campus: Campus) -> Ground:
    return Ground(
        slug=campus.slug,
        course_id=campus.course.id,
        instructor=campus.instructor,
        pages={title: campus.page(title).id for title in ("Stones", "Sand", "Final quiz")},
        quizzes={title: campus.quiz(title).id for title in ("Try it", "Final quiz")},
    )


def new_account(email: str, *, teaches: bool = False) -> Account:
    """An account, signed in by its password. Committed."""
    with transaction() as session:
        clean = addresses.clean_email(email)
        person = create_person(session, name="Ada Learner", email=clean, password_hash=passwords.hash_password(PASSWORD), can_teach=teaches)
        grant = signing_in.begin(session, person.id, email=clean, network="127.0.0.1", browser="tests")
        actor = Actor(person_id=person.id, roles=frozenset({Role.STUDENT, Role.INSTRUCTOR} if teaches else {Role.STUDENT}), login_id=grant.login_id)
    return Account(actor, clean, tokens.sign(audience=tokens.Audience.PROGRAM, login_id=grant.login_id, person_id=grant.person_id))


def new_administrator(email: str) -> Account:
    """An account that administers, signed in. Committed."""
    account = new_account(email)
    with transaction() as session:
        session.get_one(Person, account.actor.person_id).can_administer = True
    return replace(account, actor=replace(account.actor, roles=account.actor.roles | {Role.ADMIN}))


def token_of(actor: Actor) -> str:
    """An access token for an account that has no password."""
    with transaction() as session:
        grant = signing_in.begin(session, actor.person_id, email=f"{actor.person_id}@example.org", network="127.0.0.1", browser="tests")
    return tokens.sign(audience=tokens.Audience.PROGRAM, login_id=grant.login_id, person_id=grant.person_id)


@pytest.fixture
async def visitor(ground: Ground) -> AsyncIterator[httpx.AsyncClient]:
    """A program without a token."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(whole_site()), base_url=ROOT) as client:
        yield client


@pytest.fixture
def account(ground: Ground) -> Account:
    """A student's account."""
    return new_account("ada@example.org")


@pytest.fixture
async def student(account: Account, visitor: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A student's program."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(whole_site()), base_url=ROOT, headers=account.headers) as client:
        yield client


def enrollment_of(account: Account) -> UUID:
    """The id of the account's only enrolment."""
    from sqlmodel import select

    with transaction() as session:
        return session.exec(select(Enrollment.id).where(Enrollment.person_id == account.actor.person_id)).one()
