"""The cookie's token lives a quarter of an hour; the login lives on while somebody renews it."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from lms_app.adapters import clock, tokens
from lms_app.database import transaction
from lms_app.domain.people import signing_in
from lms_app.domain.people.registration import create_person
from lms_app.ids import uuid7
from lms_app.models import Login
from lms_app.words import Role
from tests.support.people import sign_in
from tests.support.web import PROBLEM, Tab, WebServer


def begin(ago: timedelta = timedelta(0)) -> tuple[signing_in.Grant, str]:
    """A login that began so long ago, with a chain of tokens, and its first token."""
    with clock.moved_by(-ago), transaction() as session:
        email = f"{uuid7()}@example.org"
        person = create_person(session, name="Ada Example", email=email, password_hash=None)
        grant = signing_in.begin(session, person.id, email=email, network="127.0.0.1", browser="test")
    return grant, tokens.sign(login_id=grant.login_id, person_id=grant.person_id, token_id=grant.token_id, issued_at=grant.issued_at)


def client(site: WebServer, token: str) -> httpx.AsyncClient:
    """A browser with this cookie, sending what our pages send."""
    headers = {"Origin": site.url, "X-Lyceum": "1"}
    return httpx.AsyncClient(base_url=site.url, headers=headers, cookies={tokens.cookie_name(): token})


async def is_signed_in(browser: httpx.AsyncClient) -> bool:
    """Whether a route that wants a login takes the browser's cookie: the page does not exist, but that is said to the signed-in alone."""
    answer = await browser.post(f"/v/pages/{uuid7()}/heartbeat", json={"seconds": 1, "reached_end": False})
    assert answer.status_code in (401, 404)
    return answer.status_code == 404


async def test_an_open_tab_works_after_twenty_minutes(site: WebServer) -> None:
    _, token = begin(ago=timedelta(minutes=20))
    async with Tab(site, f"{tokens.cookie_name()}={token}") as tab, client(site, token) as browser:
        await tab.call("for_students")
        await tab.wait(lambda: tab.said == "a student")
        assert not await is_signed_in(browser)
        renewed = await browser.post("/v/refresh")
        assert renewed.status_code == 200
        assert renewed.json()["seconds"] == 15 * 60
        assert await is_signed_in(browser)


async def test_ten_renewals_at_once_leave_one_family_alive(site: WebServer) -> None:
    grant, token = begin()
    async with client(site, token) as browser:
        answers = await asyncio.gather(*[browser.post("/v/refresh", headers={"Cookie": f"{tokens.cookie_name()}={token}"}) for _ in range(10)])
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.cookies[tokens.cookie_name()] for answer in answers}) == 1
        assert await is_signed_in(browser)
    with transaction() as session:
        assert session.get_one(Login, grant.login_id).ended_at is None


async def test_a_stolen_old_token_ends_the_family_and_its_open_tabs(site: WebServer) -> None:
    grant, stolen = begin(ago=timedelta(minutes=20))
    with clock.moved_by(timedelta(minutes=-10)), transaction() as session:
        assert signing_in.renew(session, grant.login_id, grant.token_id) is not None
    async with Tab(site, f"{tokens.cookie_name()}={stolen}") as tab, client(site, stolen) as thief:
        await tab.call("for_students")
        await tab.wait(lambda: tab.said == "a student")
        assert (await thief.post("/v/refresh")).status_code == 401
        await tab.wait(lambda: tab.value(PROBLEM, "sentence") == "You have been signed out.", 5)
    with transaction() as session:
        assert session.get_one(Login, grant.login_id).ended_because == "token_reused"


async def test_signing_out_works_when_the_tokens_time_is_over(site: WebServer) -> None:
    grant, token = begin(ago=timedelta(minutes=20))
    async with client(site, token) as browser:
        answer = await browser.post("/v/sign-out")
        assert answer.status_code == 200
        assert f"{tokens.cookie_name()}=" in answer.headers["set-cookie"]
    with transaction() as session:
        assert session.get_one(Login, grant.login_id).ended_at is not None


async def test_signing_out_at_one_browser_reaches_its_other_tabs_within_five_seconds(site: WebServer) -> None:
    _, token = begin()
    async with Tab(site, f"{tokens.cookie_name()}={token}") as tab, client(site, token) as browser:
        await tab.call("for_students")
        await tab.wait(lambda: tab.said == "a student")
        assert (await browser.post("/v/sign-out")).is_success
        await tab.wait(lambda: tab.problem, 5)
        assert (tab.problem, tab.value(PROBLEM, "kind")) == ("You have been signed out.", "not-signed-in")


@pytest.mark.parametrize("missing", ["Origin", "X-Lyceum"])
async def test_a_strange_site_can_neither_renew_nor_sign_out(site: WebServer, missing: str) -> None:
    ada = sign_in(Role.STUDENT)
    async with client(site, ada.token) as browser:
        headers = {"Origin": "https://elsewhere.example"} if missing == "Origin" else {"X-Lyceum": "0"}
        for route in ("/v/refresh", "/v/sign-out"):
            assert (await browser.post(route, headers=headers)).status_code == 403
