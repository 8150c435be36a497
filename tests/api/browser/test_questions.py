"""Questions over HTTP: saved from the version they were made of, tried out, given out; what is odd is refused by a sentence."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.models import Membership
from lms_app.words import Role, StaffRole
from tests.support.apps import browser_site
from tests.support.campus import new_campus
from tests.support.people import sign_in
from tests.support.questions import rich

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")


async def test_a_question_is_written_tried_and_given_out_and_nothing_odd_is_taken() -> None:
    author = sign_in(Role.INSTRUCTOR, name="Tia Teacher")
    with transaction() as session:
        campus = new_campus(session)
        session.add(Membership(course_id=campus.course.id, person_id=author.actor.person_id, role=StaffRole.EDITOR, created_at=clock.now()))
        course, quiz = campus.course.id, campus.quiz("Try it").id
    origin = "http://localhost:8000"
    headers = {"Cookie": author.cookie, "Origin": origin, "X-Lyceum": "1"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(browser_site()), base_url=origin, headers=headers) as client:
        for place in (f"/v/courses/{course}/questions", "/v/bank/questions", f"/v/quizzes/{quiz}/questions"):
            made = await client.post(place, json={"kind": "true_false"})
            assert made.status_code == 201, made.text
        address = f"/v/questions/{made.json()['id']}"
        opened = await client.get(f"{address}/draft")
        form = {**opened.json()["form"], "stem": rich("Slate splits."), "answer": "true"}

        async def save(version: str, held: Any) -> httpx.Response:
            return await client.put(f"{address}/draft", json={"form": held}, headers={"If-Match": version})

        saved = await save(opened.headers["etag"], form)
        assert (saved.status_code, saved.json()["problems"]) == (200, {})
        late = await save(opened.headers["etag"], {**form, "answer": "false"})
        assert (late.status_code, late.json()["theirs"]["author"]) == (409, "Tia Teacher")
        for version in ("", "*", "a" * 36, f'W/"{uuid4()}"'):
            assert (await save(version, form)).status_code == 422, version
        for held in ({"stem": {"type": "doc", "content": [{"type": []}]}}, {"hints": 3, "stem": []}):
            odd = await save(saved.headers["etag"], held)
            assert (odd.status_code, "stem" in odd.json()["problems"]) == (200, True), odd.text
            saved = await save(odd.headers["etag"], form)
        trial = await client.post(f"{address}/trials", json={"form": form, "seed": 7, "given": {"value": False}})
        assert (trial.json()["percent"], trial.json()["feedback"]["outcome"]) == ("0", "incorrect")
        refused = await client.post(f"{address}/trials", json={"form": {**form, "answer": ""}})
        assert (refused.status_code, list(refused.json()["fields"])) == (422, ["answer"])
        assert (await client.post(f"{address}/draws", json={"form": form})).json() == []
        placed = await client.put(f"{address}/place", json={"tags": "Roofs", "difficulty": "easy"})
        assert placed.status_code == 204
        given = await client.post(f"{address}/publication", headers={"If-Match": saved.headers["etag"]})
        assert (given.json()["revision"], [name["id"] for name in given.json()["used_in"]]) == (1, [str(quiz)])
        stale = await client.delete(f"{address}/draft", headers={"If-Match": saved.headers["etag"]})
        assert (stale.status_code, stale.json()["theirs"]["version"]) == (409, given.json()["version"])
        assert (await client.delete(f"{address}/draft", headers={"If-Match": given.headers["etag"]})).status_code == 204
        again = (await client.get(f"{address}/draft")).json()
        assert (again["state"], again["tags"], again["difficulty"]) == ("saved", ["roofs"], "easy")
