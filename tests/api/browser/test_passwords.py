"""Passwords over HTTP: chosen by who holds the mailed link, hashed anew when the rounds change, of no use once they are replaced."""

import threading
from typing import Any
from uuid import UUID

import bcrypt
import httpx
import pytest
from sqlmodel import select

from lms_app.adapters import passwords
from lms_app.api.walls import protect
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.people import erasing, profile, resetting, signing_in
from lms_app.domain.people.registration import create_person, find_person
from lms_app.errors import Invalid
from lms_app.models import Login, Person
from lms_app.words import Role
from tests.domain.people.test_accounts import deliver_links
from tests.support.apps import browser_site

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")

EMAIL, PASSWORD, STRANGERS = "nadia@example.org", "seven quiet mornings", "chosen by somebody else"
NETWORK = "198.51.100.7"


async def post(path: str, **form: Any) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(protect(browser_site())), base_url="http://localhost:8000") as client:
        return await client.post(path, json=form, headers={"Origin": "http://localhost:8000", "X-Lyceum": "1"})


def mailed_secret() -> str:
    with transaction() as session:
        return deliver_links(session).secret


def new_account(password_hash: str | None = None) -> UUID:
    with transaction() as session:
        made = create_person(session, name="Nadia", email=EMAIL, password_hash=password_hash or passwords.hash_password(PASSWORD))
        return made.id


def stored_hash() -> str:
    with transaction() as session:
        person = find_person(session, EMAIL)
        assert person is not None
        return person.password_hash or ""


def standing_logins() -> int:
    with transaction() as session:
        return len([row for row in session.exec(select(Login)).all() if row.ended_at is None])


async def test_the_password_is_chosen_by_who_holds_the_mailed_link() -> None:
    assert (await post("/v/register", name="Nadia", email=EMAIL, password=STRANGERS)).status_code == 422
    assert (await post("/v/register", name="Nadia", email=EMAIL)).status_code == 200
    secret = mailed_secret()
    assert (await post("/v/confirm", secret=secret)).status_code == 422
    weak = await post("/v/confirm", secret=secret, password="short")
    assert (weak.status_code, list(weak.json()["fields"])) == (422, ["password"])
    assert (await post("/v/confirm", secret=secret, password=PASSWORD)).status_code == 200
    assert (await post("/v/sign-in", email=EMAIL, password=STRANGERS)).status_code == 422
    assert (await post("/v/sign-in", email=EMAIL, password=PASSWORD)).status_code == 200


async def test_registering_is_answered_the_same_for_a_known_address() -> None:
    new_account()
    known, unknown = await post("/v/register", name="Nadia", email=EMAIL), await post("/v/register", name="Nadia", email="new@example.org")
    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())


async def test_a_link_that_does_not_work_costs_no_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(passwords, "hash_password", lambda password: hashed.append(password) or "hash")
    for path in ("/v/confirm", "/v/reset/new"):
        assert (await post(path, secret="made-up-and-long-enough", password=PASSWORD)).status_code == 422
    assert hashed == []


async def test_a_hash_of_other_rounds_is_made_anew_at_a_good_sign_in() -> None:
    new_account(bcrypt.hashpw(passwords._prepared(PASSWORD), bcrypt.gensalt(5)).decode())
    assert (await post("/v/sign-in", email=EMAIL, password=STRANGERS)).status_code == 422
    assert stored_hash().startswith("$2b$05$")
    assert (await post("/v/sign-in", email=EMAIL, password=PASSWORD)).status_code == 200
    anew = stored_hash()
    assert anew.startswith("$2b$04$")
    assert (await post("/v/sign-in", email=EMAIL, password=PASSWORD)).status_code == 200
    assert stored_hash() == anew


def test_a_sign_in_begun_before_a_reset_is_refused_after_it() -> None:
    person_id = new_account()
    with transaction() as session:
        checked = signing_in.account(session, EMAIL, NETWORK)
        resetting.ask(session, EMAIL, NETWORK)
    secret = mailed_secret()
    with transaction() as session:
        resetting.reset(session, secret, "the new hash")
    with pytest.raises(Invalid, match="is wrong"), transaction() as session:
        signing_in.begin(session, person_id, email=EMAIL, network=NETWORK, browser="", version=checked.version)
    assert standing_logins() == 0


def test_a_login_that_is_being_written_while_the_password_is_reset_ends_with_it() -> None:
    person_id = new_account()
    with transaction() as session:
        resetting.ask(session, EMAIL, NETWORK)
    secret = mailed_secret()

    def reset() -> None:
        with transaction() as session:
            resetting.reset(session, secret, "the new hash")

    resetting_it = threading.Thread(target=reset)
    with transaction() as session:
        signing_in.begin(session, person_id, email=EMAIL, network=NETWORK, browser="")
        resetting_it.start()
        resetting_it.join(0.5)
        assert resetting_it.is_alive()
    resetting_it.join(10)
    assert standing_logins() == 0


def test_two_sign_ins_that_hash_anew_at_once_both_succeed() -> None:
    person_id = new_account()
    for fresh in ("first", "second"):
        with transaction() as session:
            signing_in.begin(session, person_id, email=EMAIL, network=NETWORK, browser="", version=0, fresh_hash=fresh)
    assert (standing_logins(), stored_hash()) == (2, "second")


def test_who_knows_only_the_password_of_before_changes_and_erases_nothing() -> None:
    person_id = new_account()
    actor = Actor(person_id=person_id, roles=frozenset({Role.STUDENT}))
    with transaction() as session:
        version = profile.present_password(session, actor).version
    with transaction() as session:
        signing_in.set_password(session, person_id, "the owner's hash")
    with pytest.raises(Invalid), transaction() as session:
        profile.change_password(session, actor, "the thief's hash", version=version)
    with pytest.raises(Invalid), transaction() as session:
        erasing.erase_oneself(session, actor, version=version, discard=lambda key: None)
    with transaction() as session:
        assert session.get_one(Person, person_id).password_hash == "the owner's hash"
