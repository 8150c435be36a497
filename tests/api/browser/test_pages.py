"""Drafts of pages over HTTP: saved from the revision that their author began with, refused by a sentence where anything is not as it should be."""

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

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")


def words(text: str) -> dict[str, Any]:
    return {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}]}


async def test_a_draft_is_saved_from_the_state_it_was_made_of_and_nothing_odd_is_taken() -> None:
    author = sign_in(Role.INSTRUCTOR, name="Tia Teacher")
    with transaction() as session:
        campus = new_campus(session)
        session.add(Membership(course_id=campus.course.id, person_id=author.actor.person_id, role=StaffRole.EDITOR, created_at=clock.now()))
        address = f"/v/pages/{campus.page('Sand').id}/draft"
    origin = "http://localhost:8000"
    headers = {"Cookie": author.cookie, "Origin": origin, "X-Lyceum": "1"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(browser_site()), base_url=origin, headers=headers) as client:
        opened = await client.get(address)
        base = opened.headers["etag"]

        async def save(version: str, document: Any) -> httpx.Response:
            return await client.put(address, json={"title": "Sand", "document": document, "spell": ""}, headers={"If-Match": version})

        saved = await save(base, words("Fine."))
        assert (saved.status_code, saved.json()["state"]) == (200, "changed")
        late = await save(base, words("Coarse."))
        assert (late.status_code, late.json()["theirs"]["author"]) == (409, "Tia Teacher")
        for version in ("", "*", '"1"', "a" * 36, "-" * 36, f'W/"{uuid4()}"'):
            assert (await save(version, words("Odd."))).status_code == 422, version
        for document in ({}, [], {"type": "doc", "content": [{"type": []}]}, {"type": "doc", "content": [{"type": "codeBlock", "content": -1}]}):
            assert (await save(saved.headers["etag"], document)).status_code == 422, document
        now = (await client.get(address)).json()
        assert now["document"]["content"][0]["content"][0]["text"] == "Fine."
