"""Students at risk over HTTP: whom other thresholds would flag, what is kept, dismissals, messages; for the course's staff alone."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from lms_app.adapters import clock
from lms_app.api.walls import protect
from lms_app.database import transaction
from lms_app.domain.enrollments import enrollments
from lms_app.models import Enrollment, Membership
from lms_app.words import Role, StaffRole
from tests.support.apps import browser_site
from tests.support.campus import new_campus
from tests.support.people import SignedIn, sign_in

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")

OURS = {"Origin": "http://localhost:8000", "X-Lyceum": "1"}
DEFAULT = {"absent_days": 7, "unbegun_days": 5, "low_percent": 50, "low_quizzes": 2, "behind_percent": 50, "missed_items": 1}


async def send(method: str, path: str, who: SignedIn | None, body: Any = None) -> httpx.Response:
    cookie = {"Cookie": who.cookie} if who else {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(protect(browser_site())), base_url="http://localhost:8000") as client:
        return await client.request(method, path, json=body, headers=OURS | cookie)


async def test_thresholds_are_tried_and_kept_and_flagged_students_are_dismissed_and_written_to():
    teacher, learner = sign_in(Role.STUDENT, Role.INSTRUCTOR, name="Tia Teacher"), sign_in(Role.STUDENT, name="Ada Learner")
    other = sign_in(Role.INSTRUCTOR, name="Otto Other")
    with transaction() as session:
        campus = new_campus(session)
        base = f"/v/courses/{campus.course.id}/risk"
        session.add(Membership(course_id=campus.course.id, person_id=teacher.actor.person_id, role=StaffRole.GRADER, created_at=clock.now()))
        session.flush()
        student = enrollments.enroll(session, learner.actor, campus.slug)
        session.get_one(Enrollment, student).enrolled_at = clock.now() - timedelta(days=6)
    told = (await send("GET", base, teacher)).json()
    assert (told["flagged"], told["students"], told["kept"]) == (1, 1, DEFAULT)
    assert told["lines"][0]["why"] == "Not begun 6 days after enrolling."
    assert (await send("POST", f"{base}/preview", teacher, DEFAULT | {"unbegun_days": 7})).json()["flagged"] == 0
    assert (await send("GET", base, teacher)).json()["flagged"] == 1
    message = {"students": [str(student)], "text": "Begin with the first page."}
    assert (await send("POST", f"{base}/nudges", teacher, message)).json() == {"sent": 1, "passed_over": 0}
    assert (await send("POST", f"{base}/nudges", teacher, message)).status_code == 409
    dismissal = f"{base}/dismissals/{student}"
    # Of two at once, as of a double click, neither fails.
    for path, body in ((dismissal, {"reason": "Told us"}), (f"{base}/thresholds", DEFAULT)):
        assert {said.status_code for said in await asyncio.gather(*(send("PUT", path, teacher, body) for _ in range(4)))} == {204}, path
    told = (await send("GET", f"{base}?dismissed=true", teacher)).json()
    assert (told["flagged"], told["dismissed"], len(told["lines"])) == (0, 1, 1)
    assert (await send("DELETE", dismissal, teacher)).status_code == 204
    assert (await send("PUT", f"{base}/thresholds", teacher, DEFAULT | {"unbegun_days": 0})).status_code == 204
    assert (await send("GET", base, teacher)).json()["flagged"] == 0
    assert (await send("PUT", f"{base}/thresholds", teacher, DEFAULT | {"unbegun_days": 61})).status_code == 422
    for method, path, body in (
        ("GET", base, None),
        ("POST", f"{base}/preview", DEFAULT),
        ("PUT", f"{base}/thresholds", DEFAULT),
        ("POST", f"{base}/nudges", message),
        ("PUT", dismissal, {"reason": "x"}),
        ("DELETE", dismissal, None),
    ):
        assert [(await send(method, path, who, body)).status_code for who in (learner, other, None)] == [404, 404, 401], path
