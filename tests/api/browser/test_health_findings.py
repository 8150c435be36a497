"""What is to mend in a course, over HTTP: for its authors alone."""

from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from lms_app.adapters import clock
from lms_app.api.browser.app import build
from lms_app.api.walls import protect
from lms_app.database import transaction
from lms_app.domain.courses import authoring
from lms_app.models import Membership
from lms_app.words import Role, StaffRole
from tests.support.campus import new_campus
from tests.support.people import SignedIn, sign_in

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")


async def read(course_id: UUID, who: SignedIn | None, query: str = "") -> httpx.Response:
    site = FastAPI()
    site.mount("/v", build())
    cookie = {"Cookie": who.cookie} if who else {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(protect(site)), base_url="http://localhost:8000") as client:
        return await client.get(f"/v/courses/{course_id}/health{query}", headers=cookie)


async def test_an_author_reads_what_is_to_mend_and_nobody_else_does() -> None:
    author, grader, other = (sign_in(Role.STUDENT, Role.INSTRUCTOR, name=name) for name in ("Tia Teacher", "Gil Grader", "Otto Other"))
    with transaction() as session:
        campus = new_campus(session)
        course_id = campus.course.id
        for who, role in ((author, StaffRole.EDITOR), (grader, StaffRole.GRADER)):
            session.add(Membership(course_id=course_id, person_id=who.actor.person_id, role=role, created_at=clock.now()))
        session.flush()
        page = authoring.add_page(session, author.actor, campus.page("Sand").lesson_id, "Clay")
    answer = await read(course_id, author)
    assert answer.status_code == 200
    health = answer.json()
    assert (health["errors"], health["warnings"], health["hints"], health["waiting"]) == (0, 1, 0, True)
    assert [(line["sentence"], line["address"]) for line in health["lines"]] == [("This page is empty.", f"/teach/pages/{page.id}")]
    assert (await read(course_id, author, "?severity=error")).json()["lines"] == []
    assert (await read(course_id, author, "?severity=grave")).status_code == 422
    assert [(await read(course_id, who)).status_code for who in (None, grader, other)] == [401, 404, 404]
