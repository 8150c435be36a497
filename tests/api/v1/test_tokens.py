"""Tokens of programs, and everything that they do not open."""

import base64
from datetime import timedelta

import httpx
import pytest

from lms_app.adapters import clock, tokens
from lms_app.domain.people import logins
from tests.api.v1.conftest import PASSWORD, Account, Ground, new_account, token_of

PROBLEM = "application/problem+json"


async def pair(client: httpx.AsyncClient, password: str = PASSWORD) -> httpx.Response:
    return await client.post("/tokens", json={"email": "ada@example.org", "password": password})


async def renew(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.post("/tokens/refresh", json={"refresh_token": token})


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_a_stolen_refresh_token_ends_the_login(visitor: httpx.AsyncClient, account: Account) -> None:
    first = (await pair(visitor)).json()
    second = (await renew(visitor, first["refresh_token"])).json()
    assert (await renew(visitor, first["refresh_token"])).json()["refresh_token"] == second["refresh_token"]
    with clock.moved_by(timedelta(seconds=31)):
        refused = await renew(visitor, first["refresh_token"])
        assert (refused.status_code, refused.json()["type"]) == (401, "/problems/not-signed-in")
        logins.known_actors.clear()
        assert (await renew(visitor, second["refresh_token"])).status_code == 401
        assert (await visitor.get("/me", headers=bearer(second["access_token"]))).status_code == 401


async def test_an_access_token_ends_after_fifteen_minutes_and_its_login_goes_on(visitor: httpx.AsyncClient, account: Account) -> None:
    first = (await pair(visitor)).json()
    with clock.moved_by(timedelta(minutes=16)):
        assert (await visitor.get("/me", headers=bearer(first["access_token"]))).status_code == 401
        second = (await renew(visitor, first["refresh_token"])).json()
        assert (await visitor.get("/me", headers=bearer(second["access_token"]))).status_code == 200


async def test_a_login_that_was_ended_opens_nothing(visitor: httpx.AsyncClient, account: Account) -> None:
    first = (await pair(visitor)).json()
    assert (await visitor.delete("/tokens/current", headers=bearer(first["access_token"]))).status_code == 204
    logins.known_actors.clear()
    assert (await visitor.get("/me", headers=bearer(first["access_token"]))).status_code == 401
    assert (await renew(visitor, first["refresh_token"])).status_code == 401


async def test_cookies_and_tokens_for_other_uses_are_ignored(visitor: httpx.AsyncClient, account: Account) -> None:
    of_browser = tokens.sign(login_id=account.actor.login_id or account.actor.person_id, person_id=account.actor.person_id)
    refresh_token = (await pair(visitor)).json()["refresh_token"]
    for headers in (
        {"Cookie": f"{tokens.cookie_name()}={of_browser}"},
        {"Cookie": f"{tokens.cookie_name()}={account.token}"},
        bearer(of_browser),
        bearer(refresh_token),
        bearer("x"),
        {"Authorization": f"Basic {account.token}"},
    ):
        refused = await visitor.get("/me", headers=headers)
        assert (refused.status_code, refused.headers["content-type"], refused.headers["www-authenticate"]) == (401, PROBLEM, "Bearer"), headers


async def test_wrong_passwords_are_slowed_down_and_told_for_how_long(visitor: httpx.AsyncClient, account: Account) -> None:
    answers = [await pair(visitor, "not the right word") for _ in range(7)]
    assert answers[0].status_code == 422
    assert (answers[-1].status_code, answers[-1].headers["content-type"]) == (429, PROBLEM)
    assert int(answers[-1].headers["retry-after"]) >= 1
    with clock.moved_by(timedelta(hours=1)):
        assert (await pair(visitor)).status_code == 201


async def test_an_unknown_address_and_a_wrong_password_are_answered_alike(visitor: httpx.AsyncClient, account: Account) -> None:
    known = await pair(visitor, "not the right word")
    unknown = await visitor.post("/tokens", json={"email": "nobody@example.org", "password": "not the right word"})
    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())


async def test_students_see_no_course_as_its_teacher(student: httpx.AsyncClient, ground: Ground) -> None:
    listed = await student.get("/teaching/courses")
    assert (listed.status_code, listed.headers["content-type"], listed.json()["type"]) == (403, PROBLEM, "/problems/not-allowed")
    assert (await student.get(f"/teaching/courses/{ground.course_id}/figures")).status_code == 404


async def test_an_instructor_reads_the_figures_of_own_courses_alone(visitor: httpx.AsyncClient, ground: Ground) -> None:
    address = f"/teaching/courses/{ground.course_id}/figures"
    own = bearer(token_of(ground.instructor))
    assert [course["slug"] for course in (await visitor.get("/teaching/courses", headers=own)).json()] == [ground.slug]
    assert (await visitor.get(address, headers=own)).status_code == 200
    assert (await visitor.get(address, headers=new_account("other@example.org", teaches=True).headers)).status_code == 404


async def test_what_is_anothers_does_not_exist(student: httpx.AsyncClient, ground: Ground) -> None:
    await student.put(f"/courses/{ground.slug}/enrollment")
    sheet = (await student.post(f"/quizzes/{ground.quizzes['Final quiz']}/attempts")).json()
    question = sheet["questions"][0]
    given = {"type": question["type"], "response": {"choice": "x"}, "sequence": 9}
    other = new_account("other@example.org").headers
    await student.put(f"/courses/{ground.slug}/enrollment", headers=other)
    refused = [
        await student.get(f"/attempts/{sheet['id']}", headers=other),
        await student.get(f"/attempts/{sheet['id']}/result", headers=other),
        await student.post(f"/attempts/{sheet['id']}/submission", headers=other),
        await student.put(f"/attempts/{sheet['id']}/answers/{question['id']}", json=given, headers=other),
        await student.post(f"/attempts/{sheet['id']}/answers/{question['id']}/check", headers=other),
        await student.get("/certificates/nothing/file", headers=other),
    ]
    assert [answer.status_code for answer in refused] == [404] * 6
    assert {answer.headers["content-type"] for answer in refused} == {PROBLEM}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("PATCH", "/me", 405),
        ("GET", "/quizzes/not-an-id", 422),
        ("GET", "/courses?page=0", 422),
        ("GET", "/courses/Ä", 422),
    ],
)
async def test_every_refusal_is_a_problem(student: httpx.AsyncClient, method: str, path: str, status: int) -> None:
    answer = await student.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    assert {"type", "title", "status"} <= answer.json().keys()
    assert answer.json()["status"] == status


async def test_odd_characters_find_nothing_and_break_nothing(student: httpx.AsyncClient) -> None:
    assert (await student.get("/courses?search=%00%27%29")).status_code == 200
    assert (await student.get("/certificates/a%00b/file")).status_code == 404
    assert (await student.get("/verifications/a%00b")).json()["found"] is False
    saved = await student.put("/me", json={"name": "A\x00da", "bio": "\x00", "time_zone": "UTC"})
    assert (saved.status_code, saved.json()["name"]) == (200, "Ada")


async def test_a_token_of_brackets_is_no_token(visitor: httpx.AsyncClient) -> None:
    deep = base64.urlsafe_b64encode(b"[" * 2800).decode().rstrip("=") + ".e30.e30"
    assert (await visitor.get("/me", headers=bearer(deep))).status_code == 401
    assert (await renew(visitor, deep)).status_code == 401


async def test_a_refusal_does_not_repeat_what_was_sent(visitor: httpx.AsyncClient) -> None:
    refused = await visitor.post("/tokens", json={"email": "ada@example.org", "password": ["my secret"]})
    assert refused.status_code == 422
    assert "my secret" not in refused.text


@pytest.mark.parametrize("text", ['"a\\u0000b"', '"\\ud800"', "9" * 40])
async def test_an_answer_that_cannot_be_stored_is_refused(student: httpx.AsyncClient, ground: Ground, text: str) -> None:
    await student.put(f"/courses/{ground.slug}/enrollment")
    sheet = (await student.post(f"/quizzes/{ground.quizzes['Final quiz']}/attempts")).json()
    question = next(question for question in sheet["questions"] if question["type"] == "short_text")
    body = f'{{"type": "short_text", "response": {{"text": {text}}}, "sequence": 1}}'
    answer = await student.put(
        f"/attempts/{sheet['id']}/answers/{question['id']}", content=body.encode(), headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
