"""The table of students over HTTP: windows in the order asked for, for the course's staff alone."""

import httpx
import pytest

from lms_app.adapters import clock
from lms_app.api.walls import protect
from lms_app.database import transaction
from lms_app.domain.enrollments import enrollments
from lms_app.models import Membership
from lms_app.words import Role, StaffRole
from tests.support.apps import browser_site
from tests.support.campus import new_campus
from tests.support.people import SignedIn, sign_in

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")

OURS = {"Origin": "http://localhost:8000", "X-Lyceum": "1"}


async def send(path: str, who: SignedIn | None) -> httpx.Response:
    cookie = {"Cookie": who.cookie} if who else {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(protect(browser_site())), base_url="http://localhost:8000") as client:
        return await client.get(path, headers=OURS | cookie)


async def test_the_staff_reads_windows_of_students_and_nobody_else_does():
    teacher = sign_in(Role.STUDENT, Role.INSTRUCTOR, name="Tia Teacher")
    learner, other = sign_in(Role.STUDENT, name="Ada Learner"), sign_in(Role.INSTRUCTOR, name="Otto Other")
    with transaction() as session:
        campus = new_campus(session)
        base = f"/v/courses/{campus.course.id}/students"
        session.add(Membership(course_id=campus.course.id, person_id=teacher.actor.person_id, role=StaffRole.VIEWER, created_at=clock.now()))
        session.flush()
        enrollments.enroll(session, learner.actor, campus.slug)
    told = (await send(f"{base}?sort=score&descending=true&search=ada", teacher)).json()
    assert (told["students"], told["total"], [line["name"] for line in told["lines"]]) == (1, 1, ["Ada Learner"])
    assert {metric["name"] for metric in (await send(f"{base}/head", teacher)).json()["metrics"]} >= {"last_active"}
    matrix = (await send(f"{base}/matrix/window?columns=2", teacher)).json()
    assert [(row["name"], len(row["cells"])) for row in matrix["rows"]] == [("Ada Learner", 2)]
    assert len((await send(f"{base}/matrix", teacher)).json()["items"]) == 5
    for path in (base, f"{base}/head", f"{base}/matrix", f"{base}/matrix/window"):
        assert [(await send(path, who)).status_code for who in (learner, other, None)] == [404, 404, 401]
    assert [(await send(f"{base}?{query}", teacher)).status_code for query in ("sort=password", "rows=101", "first=-1")] == [422] * 3
