"""Signing in and staying signed in: log-ins and their chains of tokens.

Checking a password takes a third of a second of processor time, so it happens between two transactions: `account`, the check, then `begin` or
`refuse`. The cookie's token names a link of the login's chain; `renew` moves one link on. A link used again after 30 s was copied: the login ends.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select, update

from lms_app.adapters import clock, pubsub
from lms_app.crypto import key_ring
from lms_app.database import after_commit
from lms_app.domain.actor import Actor
from lms_app.domain.people import addresses, audit, throttling
from lms_app.domain.people.registration import find_person
from lms_app.errors import Invalid, NotFound
from lms_app.models import Login, Person, RefreshToken
from lms_app.words import Hint

LOGIN_LIFE = timedelta(days=30)
"""A login ends when it was not renewed for this long."""

OVERLAP = timedelta(seconds=30)
FREE_PER_EMAIL = 4
FREE_PER_NETWORK = 30
ACT = "sign-in"


@dataclass(frozen=True, kw_only=True)
class Account:
    """What the password check needs. Id and hash are None for an unknown address, which must cost the same time."""

    person_id: UUID | None
    password_hash: str | None
    version: int = 0
    """Which of the person's passwords the hash is of."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a token is made of: its login, its person, the link of the chain that it stands for, and when that link was made."""

    login_id: UUID
    person_id: UUID
    token_id: UUID
    issued_at: datetime


def account(session: Session, email: str, network: str) -> Account:
    """The account behind an address, and one try counted against the address: `begin` forgets it.

    Raises TooMany while the address or the network is held back, Invalid for what is no address.
    """
    clean = addresses.clean_email(email)
    throttling.refuse_if_throttled(session, throttling.network_key(network, ACT))
    throttling.spend(session, throttling.email_key(clean, ACT), free=FREE_PER_EMAIL)
    person = find_person(session, clean)
    if person is None or person.erased_at is not None:
        return Account(person_id=None, password_hash=None)
    return Account(person_id=person.id, password_hash=person.password_hash, version=person.password_version)


def refuse(session: Session, network: str, person_id: UUID | None) -> None:
    """Counts a wrong password against the network. The caller raises `wrong()` after the commit, so that the count stays."""
    throttling.count(session, throttling.network_key(network, ACT), free=FREE_PER_NETWORK)
    if person_id is not None:
        audit.note(session, "sign_in_refused", person_id=person_id, network=network)


def wrong() -> Invalid:
    """The one answer to an unknown address and to a wrong password."""
    return Invalid("The address or the password is wrong.", fields={"password": "The address or the password is wrong."})


def begin(session: Session, person_id: UUID, *, email: str, network: str, browser: str, version: int = 0, fresh_hash: str | None = None) -> Grant:
    """A new login of a person whose password was right.

    `version` is that of the password which was checked: raises Invalid when it was replaced meanwhile, so that no login outlives a reset.
    `fresh_hash` is a new hash of the same password, where the stored one was made with other rounds than are set now.
    """
    now = clock.now()
    person = must_be_checked(session, person_id, version)
    if fresh_hash is not None:
        person.password_hash = fresh_hash
        session.add(person)
    throttling.forget(session, throttling.email_key(addresses.clean_email(email), ACT))
    login = Login(person_id=person_id, created_at=now, last_seen_at=now, expires_at=now + LOGIN_LIFE)
    session.add(login)
    key_ring.load(session, [person_id])
    login.network, login.browser = network, browser[:300]
    session.flush()
    audit.note(session, "signed_in", person_id=person_id, object_kind="login", object_id=login.id, network=network)
    return _grant(login, _link(session, login))


def renew(session: Session, login_id: UUID, token_id: UUID) -> Grant | None:
    """The next link of a login's chain. The same one for everybody who asks with the previous link within 30 s; after that the login ends.

    None: not signed in any more. The ending of a stolen chain is written, so the caller must commit.
    """
    login = session.exec(select(Login).where(Login.id == login_id).with_for_update()).first()
    link = session.get(RefreshToken, token_id)
    now = clock.now()
    if login is None or login.ended_at is not None or login.expires_at <= now or link is None or link.login_id != login.id:
        return None
    if link.used_at is None:
        link.used_at = now
        login.last_seen_at, login.expires_at = now, now + LOGIN_LIFE
        following = _link(session, login)
        link.successor_id = following.id
        session.add(link)
        session.add(login)
        return _grant(login, following)
    if now - link.used_at <= OVERLAP and link.successor_id is not None:
        return _grant(login, session.get_one(RefreshToken, link.successor_id))
    _end(session, login, "token_reused")
    audit.note(session, "token_reused", person_id=login.person_id, object_kind="login", object_id=login.id)
    return None


def sign_out(session: Session, actor: Actor) -> None:
    """Ends the login that the actor acts by."""
    if actor.login_id is not None:
        end(session, actor, actor.login_id)


def end(session: Session, actor: Actor, login_id: UUID) -> None:
    """Ends one of the actor's log-ins; open tabs of it are signed out within 5 s. Raises NotFound."""
    login = session.exec(select(Login).where(Login.id == login_id, Login.person_id == actor.person_id)).first()
    if login is None:
        raise NotFound("There is no such login of yours.")
    if login.ended_at is None:
        _end(session, login, "signed_out")
        audit.note(session, "signed_out", person_id=actor.person_id, object_kind="login", object_id=login.id)


def end_all(session: Session, person_id: UUID, because: str, *, but: UUID | None = None) -> None:
    """Ends every login of a person, or every one but `but`."""
    query = select(Login).where(Login.person_id == person_id, col(Login.ended_at).is_(None), Login.id != but)
    for login in session.exec(query).all():
        _end(session, login, because)


def must_be_checked(session: Session, person_id: UUID, version: int) -> Person:
    """The person, held until the transaction ends so that no password is set meanwhile. Raises Invalid unless `version` is the present password's."""
    # Not the whole row: what merely refers to the person need not wait.
    person = session.exec(
        select(Person).where(Person.id == person_id).with_for_update(key_share=True).execution_options(populate_existing=True)
    ).first()
    if person is None or person.erased_at is not None or person.password_version != version:
        raise wrong()
    return person


def set_password(session: Session, person_id: UUID, password_hash: str) -> None:
    """Replaces a password. End its log-ins *after* this: one that is just beginning is waited for here."""
    session.execute(
        update(Person).where(col(Person.id) == person_id).values(password_hash=password_hash, password_version=Person.password_version + 1)
    )


def _link(session: Session, login: Login) -> RefreshToken:
    now = clock.now()
    row = RefreshToken(login_id=login.id, issued_at=now, expires_at=now + LOGIN_LIFE)
    session.add(row)
    session.flush()
    return row


def _grant(login: Login, link: RefreshToken) -> Grant:
    return Grant(login_id=login.id, person_id=login.person_id, token_id=link.id, issued_at=link.issued_at)


def _end(session: Session, login: Login, because: str) -> None:
    login.ended_at, login.ended_because = clock.now(), because
    session.add(login)
    after_commit(session, lambda: pubsub.hint(Hint.LOGIN, login.id))
