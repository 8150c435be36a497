"""What a raw client of the event socket can and cannot make the pages do."""

import functools
from uuid import uuid4

import pytest
import websockets

from lms_app.adapters import tokens
from lms_app.words import Role
from tests.support.people import sign_in
from tests.support.web import MIXED, PROBLEM, ROOT, SITE, TOAST, Tab, WebServer
from tests.wire.markers import SECRET

REFUSED = "Your account may not do this."
UNREADABLE = "That could not be read. Reload the page and try again."
SIGN_IN = "Sign in to go on."


async def test_a_labelled_handler_runs(site: WebServer) -> None:
    async with Tab(site) as tab:
        await tab.call("say", text="hello", count=3)
        await tab.wait(lambda: tab.said == "hello 3")
        assert not tab.toast


@pytest.mark.parametrize("handler", ["unlabelled", "unlabelled_steps", "unlabelled_behind"])
async def test_an_unlabelled_handler_of_any_kind_is_refused(site: WebServer, handler: str) -> None:
    async with Tab(site, sign_in(*Role).cookie) as tab:
        await tab.call(handler)
        await tab.wait(lambda: tab.toast == REFUSED)
        await tab.settle()
        assert "ran" not in str(tab.state)


async def test_setvar_and_setters_are_refused_on_every_state(site: WebServer) -> None:
    async with Tab(site, sign_in(*Role).cookie) as tab:
        for state in (SITE, MIXED, ROOT):
            await tab.send(f"{state}.setvar", var_name="said", value="set from outside")
        await tab.call("set_said", said="set from outside")
        await tab.send(f"{ROOT}.set_is_hydrated", value=True)
        await tab.wait(lambda: tab.value(TOAST, "serial") == 5)
        assert tab.toast == REFUSED
        assert "set from outside" not in str(tab.state)


async def test_a_mixin_keeps_its_handlers_labels(site: WebServer) -> None:
    async with Tab(site, sign_in(Role.ADMIN).cookie) as tab:
        await tab.send(f"{MIXED}.mixed_in_unlabelled")
        await tab.wait(lambda: tab.toast == REFUSED)
        assert "ran" not in str(tab.state)
        await tab.send(f"{MIXED}.mixed_in")
        await tab.wait(lambda: tab.value(MIXED, "mixed") == "mixed in ran")


async def test_a_role_opens_its_handlers_alone(site: WebServer) -> None:
    async with Tab(site, sign_in(Role.STUDENT).cookie) as tab:
        await tab.call("for_staff")
        await tab.wait(lambda: tab.toast == REFUSED)
        assert tab.said is None
        await tab.call("for_students")
        await tab.wait(lambda: tab.said == "a student")


async def test_a_visitor_is_asked_to_sign_in(site: WebServer) -> None:
    async with Tab(site) as tab:
        await tab.call("for_students")
        await tab.wait(lambda: tab.toast == SIGN_IN)
        assert tab.said is None


async def test_a_handler_meant_for_our_own_handlers_cannot_be_called_from_outside(site: WebServer) -> None:
    async with Tab(site) as tab:
        await tab.call("inner")
        await tab.wait(lambda: tab.toast == REFUSED)
        assert tab.said is None
        await tab.call("outer")
        await tab.wait(lambda: tab.said == "inner ran")


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"text": "hello", "extra": 1},
        {"text": "hello", "self": 1},
        {"text": {"$ne": 1}},
        {"text": 7},
        {"text": None},
        {"text": "much longer than ten"},
        {"text": "hello", "count": "1"},
        {"text": "hello", "count": 1.5},
        {"text": "hello", "count": True},
        {"text": "hello", "count": [1]},
        {"text": "hello", "count": 10**30},
        {"text": "half \ud800"},
        {"text": "nul \x00"},
        {"text": functools.reduce(lambda inside, _: [inside], range(400), [])},
    ],
)
async def test_arguments_that_are_missing_unknown_or_of_another_type_are_refused(site: WebServer, payload: dict[str, object]) -> None:
    async with Tab(site) as tab:
        await tab.call("say", **payload)
        await tab.wait(lambda: tab.toast == UNREADABLE)
        assert tab.said is None


async def test_an_id_must_be_an_id(site: WebServer) -> None:
    subject = uuid4()
    async with Tab(site) as tab:
        await tab.call("by_id", subject=str(subject))
        await tab.wait(lambda: tab.said == f"UUID {subject}")
        await tab.call("by_id", subject="1; DROP TABLE people")
        await tab.wait(lambda: tab.toast == UNREADABLE)
        assert tab.said == f"UUID {subject}"


def form(*entries: tuple[str, object]) -> dict[str, object]:
    return {"__reflex_form_data__": [list(entry) for entry in entries]}


async def test_a_forms_texts_are_converted(site: WebServer) -> None:
    async with Tab(site) as tab:
        await tab.call("submit", form=form(("title", "Ten"), ("count", "10")))
        await tab.wait(lambda: tab.said == "Ten 11")
        assert not tab.toast


@pytest.mark.parametrize(
    "entries",
    [
        form(("title", "Ten")),
        form(("title", "Ten"), ("count", "many")),
        form(("title", "Ten"), ("count", "1"), ("is_admin", "1")),
        form(("title", "x" * 21), ("count", "1")),
        form(("title", "nul \x00"), ("count", "1")),
        form(("title", "half \ud800"), ("count", "1")),
        {"__reflex_form_data__": [["title", "Ten"], ["count", "1"]], "more": 1},
        {"__reflex_form_data__": "title"},
        {"__reflex_form_data__": [[["title"], "Ten"], ["count", "1"]]},
    ],
)
async def test_a_form_with_other_fields_is_refused(site: WebServer, entries: dict[str, object]) -> None:
    async with Tab(site) as tab:
        await tab.call("submit", form=entries)
        await tab.wait(lambda: tab.toast == UNREADABLE)
        assert tab.said is None


async def test_generators_and_background_handlers_act_as_their_caller(site: WebServer) -> None:
    ada = sign_in(Role.STUDENT)
    async with Tab(site, ada.cookie) as tab:
        await tab.call("plain_step")
        await tab.wait(lambda: tab.said == "plain again")
        await tab.call("behind")
        await tab.wait(lambda: tab.said == str(ada.actor.person_id))
        assert not tab.toast


async def test_who_acts_comes_from_the_cookie(site: WebServer) -> None:
    ada = sign_in(Role.STUDENT)
    async with Tab(site, ada.cookie) as tab, Tab(site) as visitor:
        await tab.call("who")
        await visitor.call("who")
        await tab.wait(lambda: tab.said == str(ada.actor.person_id))
        await visitor.wait(lambda: visitor.said == "nobody")
        assert (tab.said, visitor.said) == (str(ada.actor.person_id), "nobody")


async def test_a_forged_cookie_is_nobodys(site: WebServer) -> None:
    ada = sign_in(Role.STUDENT)
    header, claims, signature = ada.token.split(".")
    altered = signature[:-4] + ("AAAA" if signature[-4:] != "AAAA" else "BBBB")
    for token in (f"{header}.{claims}.{altered}", f"{header}.{claims}.", "eyJhbGciOiJub25lIn0." + claims + ".", "x"):
        async with Tab(site, f"{tokens.cookie_name()}={token}") as tab:
            await tab.call("who")
            await tab.wait(lambda: tab.said == "nobody")
            await tab.call("for_students")
            await tab.wait(lambda: tab.toast == SIGN_IN)
            assert tab.said == "nobody"


async def test_a_programs_token_opens_no_page(site: WebServer) -> None:
    ada = sign_in(Role.STUDENT)
    token = tokens.sign(login_id=ada.login_id, person_id=ada.actor.person_id, audience=tokens.Audience.PROGRAM)
    async with Tab(site, f"{tokens.cookie_name()}={token}") as tab:
        await tab.call("who")
        await tab.wait(lambda: tab.said == "nobody")
        await tab.call("for_students")
        await tab.wait(lambda: tab.toast == SIGN_IN)
        assert tab.said == "nobody"


async def test_a_refusal_shows_its_sentence_and_a_fault_a_reference_without_detail(site: WebServer) -> None:
    async with Tab(site) as tab:
        await tab.call("refuse")
        await tab.wait(lambda: tab.toast == "This does not exist, or is not open to you.")
        await tab.call("fail")
        await tab.wait(lambda: "Something went wrong" in tab.toast)
        reference = tab.value(TOAST, "reference")
        assert len(reference) == 8
        assert SECRET not in str(tab.state) + str(tab.events)
        assert "changed before failing" not in str(tab.state)
    assert site.logged().count(reference) == 1
    assert SECRET not in site.logged()


async def test_what_a_pages_load_refuses_takes_the_pages_place_until_the_next_page(site: WebServer) -> None:
    async with Tab(site, path="/members") as tab:
        await tab.hydrate()
        await tab.wait(lambda: tab.problem == SIGN_IN)
        assert tab.toast == ""
        tab.path = "/"
        await tab.send(f"{ROOT}.reflex___state____on_load_internal_state.on_load_internal")
        await tab.wait(lambda: tab.problem == "")


async def test_each_page_is_told_anew_that_nothing_stands_in_its_place(site: WebServer) -> None:
    """For a load that was superseded may have shown a notice that the server no longer knows of."""
    async with Tab(site) as tab:
        await tab.hydrate()
        await tab.settle()
        del tab.state[PROBLEM]
        assert tab.problem is None
        await tab.send(f"{ROOT}.reflex___state____on_load_internal_state.on_load_internal")
        await tab.wait(lambda: tab.problem is not None)
        assert tab.problem == ""


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "https://localhost", "http://localhost"])
async def test_a_socket_opened_by_another_sites_page_is_refused(site: WebServer, origin: str) -> None:
    opened = []
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with Tab(site, sign_in(Role.STUDENT).cookie, origin=origin) as tab:
            opened.append(tab)
    assert (refused.value.response.status_code, opened) == (403, [])
