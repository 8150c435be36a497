"""The way around the pages' application: the same answers as there."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from lms_app.api.browser.attempts import RUSHED
from lms_app.api.shortcut import shortcut
from lms_app.api.walls import protect
from lms_app.database import transaction
from lms_app.domain.enrollments import enrollments
from lms_app.words import Role
from tests.support.apps import browser_site
from tests.support.campus import new_campus
from tests.support.people import sign_in

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")

OURS = {"Origin": "http://localhost:8000", "X-Lyceum": "1"}


async def answers(app: Any, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str, Any]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost:8000") as client:
        reply = await client.request(method, path, headers=headers, content=body)
    return reply.status_code, reply.headers.get("content-type", ""), reply.json()


@pytest.mark.anyio
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("body", [b"{}", b"", b"[", b'{"password": 1}', b'{"password": "\\u0000"}', b"x" * (1 << 21)])
@pytest.mark.parametrize("signed_in", [True, False])
async def test_every_request_is_answered_as_without_it(method: str, body: bytes, *, signed_in: bool) -> None:
    headers = OURS | ({"Cookie": sign_in(Role.STUDENT).cookie} if signed_in else {})
    site = browser_site()
    one = uuid4()
    for path in (f"/v/quizzes/{one}/attempts", f"/v/attempts/{one}/answers/{one}", f"/v/attempts/{one}/submission", "/v/attempts/7/submission"):
        plain = await answers(protect(site), method, path, headers, body)
        short = await answers(protect(shortcut(site, RUSHED, prefix="/v")), method, path, headers, body)
        assert short == plain, path
        assert plain[0] >= 400


async def test_what_it_answers_never_comes_to_the_application_behind_it() -> None:
    async def closed(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError(scope["path"])

    student = sign_in(Role.STUDENT)
    with transaction() as session:
        campus = new_campus(session)
        enrollments.enroll(session, student.actor, campus.slug)
        quiz_id = campus.quiz("Final quiz").id
    app, headers = protect(shortcut(closed, RUSHED, prefix="/v")), OURS | {"Cookie": student.cookie}
    status, _, sheet = await answers(app, "POST", f"/v/quizzes/{quiz_id}/attempts", headers, b"{}")
    assert (status, sheet["number"]) == (200, 1)
    status, _, result = await answers(app, "POST", f"/v/attempts/{sheet['id']}/submission", headers, b"")
    assert (status, result["percent"]) == (200, 0)
