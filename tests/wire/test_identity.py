"""Whose tab it is: a tree of states belongs to a login, and ends with it."""

import asyncio
from datetime import timedelta

import pytest

from lms_app.adapters import pubsub, tokens
from lms_app.words import Hint, Role
from tests.support.people import end_login, sign_in
from tests.support.web import PROBLEM, Tab, WebServer
from tests.wire.markers import SECRET, SHOWN


async def test_a_hydrate_holds_nothing_that_is_not_for_the_page(site: WebServer) -> None:
    ada = sign_in(Role.STUDENT, name="Ada Marker-Name")
    async with Tab(site, ada.cookie) as tab:
        await tab.call("hide")
        await tab.wait(lambda: tab.said == SHOWN)
    async with Tab(site, ada.cookie, token=tab.token) as again:
        told = str(await again.hydrate())
        assert SHOWN in told
        for private in (SECRET, "_hidden", ada.token, "Marker-Name", str(ada.login_id), str(ada.actor.person_id)):
            assert private not in told


async def test_another_login_finds_nothing_under_the_same_tabs_token(site: WebServer) -> None:
    ada, eve = sign_in(Role.STUDENT), sign_in(Role.STUDENT)
    async with Tab(site, ada.cookie) as tab:
        await tab.call("hide")
        await tab.wait(lambda: tab.said == SHOWN)
        for cookie in (eve.cookie, ""):
            async with Tab(site, cookie, token=tab.token) as thief:
                assert SHOWN not in str(await thief.hydrate())
    for cookie in (eve.cookie, ""):
        async with Tab(site, cookie, token=tab.token) as thief:
            assert SHOWN not in str(await thief.hydrate())


async def test_nobody_is_pushed_what_belongs_to_another_login(site: WebServer) -> None:
    ada, eve = sign_in(Role.STUDENT), sign_in(Role.STUDENT)
    async with Tab(site, ada.cookie) as tab:
        await tab.call("follow")
        await tab.wait(lambda: tab.count == 1)
    async with Tab(site, eve.cookie, token=tab.token) as thief:
        await thief.hydrate()
        pubsub.hint(Hint.INBOX, ada.actor.person_id)
        await asyncio.sleep(1.5)
        assert not thief.count


async def test_a_refreshed_token_of_the_same_login_keeps_the_tab(site: WebServer) -> None:
    ada = sign_in(Role.STUDENT)
    async with Tab(site, ada.cookie) as tab:
        await tab.call("hide")
        await tab.wait(lambda: tab.said == SHOWN)
    refreshed = tokens.sign(login_id=ada.login_id, person_id=ada.actor.person_id)
    async with Tab(site, f"{tokens.cookie_name()}={refreshed}", token=tab.token) as again:
        assert SHOWN in str(await again.hydrate())


async def test_an_open_tab_goes_on_working_when_its_tokens_time_is_over(site: WebServer) -> None:
    ada = sign_in(Role.STUDENT, life=timedelta(minutes=-20))
    async with Tab(site, ada.cookie) as tab:
        await tab.call("for_students")
        await tab.wait(lambda: tab.said or tab.toast)
        assert (tab.said, tab.toast or "") == ("a student", "")


async def test_ending_a_login_tells_its_open_tabs_and_nobody_elses(site: WebServer) -> None:
    ada, eve = sign_in(Role.STUDENT), sign_in(Role.STUDENT)
    async with Tab(site, ada.cookie) as tab, Tab(site, eve.cookie) as other:
        for open_tab in (tab, other):
            await open_tab.call("for_students")
            await open_tab.wait(lambda open_tab=open_tab: open_tab.said == "a student")
        end_login(ada.login_id)
        pubsub.hint(Hint.LOGIN, ada.login_id)
        await tab.wait(lambda: tab.problem == "You have been signed out.", 2)
        await other.call("say", text="still here")
        await other.wait(lambda: other.said == "still here 0")
        assert not other.problem


async def test_an_ended_login_is_refused_within_five_seconds_even_if_the_hint_is_lost(site: WebServer) -> None:
    ada = sign_in(Role.STUDENT)
    async with Tab(site, ada.cookie) as tab:
        await tab.call("for_students")
        await tab.wait(lambda: tab.said == "a student")
        end_login(ada.login_id)
        await asyncio.sleep(5.1)
        await tab.call("say", text="before")
        await tab.wait(lambda: tab.said == "before 0")
        await tab.call("for_students")
        await tab.wait(lambda: tab.toast or tab.said == "a student")
        assert (tab.toast, tab.said) == ("Sign in to go on.", "before 0")


async def test_what_a_tab_knew_is_not_shown_again_after_its_login_has_ended(site: WebServer) -> None:
    ada = sign_in(Role.STUDENT)
    async with Tab(site, ada.cookie) as tab:
        await tab.call("hide")
        await tab.wait(lambda: tab.said == SHOWN)
        end_login(ada.login_id)
        pubsub.hint(Hint.LOGIN, ada.login_id)
        await tab.wait(lambda: bool(tab.problem), 2)
    async with Tab(site, ada.cookie, token=tab.token) as again:
        assert SHOWN not in str(await again.hydrate())


@pytest.mark.parametrize("leads_back", ["/members"])
async def test_a_refused_page_offers_to_sign_in_and_come_back(site: WebServer, leads_back: str) -> None:
    async with Tab(site, path=leads_back) as tab:
        await tab.hydrate()
        await tab.wait(lambda: tab.problem)
        assert (tab.problem, tab.value(PROBLEM, "sign_in")) == ("Sign in to go on.", f"/sign-in?next={leads_back}")
