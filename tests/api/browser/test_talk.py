"""Discussion and announcements over HTTP."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

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


@dataclass
class Hall:
    """A teacher, a student and somebody else, and a page."""

    teacher: SignedIn
    student: SignedIn
    other: SignedIn
    course_id: UUID
    page_id: UUID

    async def send(self, method: str, path: str, who: SignedIn | None, json: Any = None) -> httpx.Response:
        cookie = {"Cookie": who.cookie} if who else {}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(protect(browser_site())), base_url="http://localhost:8000") as client:
            return await client.request(method, path, json=json, headers=OURS | cookie)


@pytest.fixture
def hall() -> Hall:
    teacher = sign_in(Role.STUDENT, Role.INSTRUCTOR, name="Tia Teacher")
    student, other = sign_in(Role.STUDENT, name="Ada Learner"), sign_in(Role.STUDENT, name="Otto Other")
    with transaction() as session:
        campus = new_campus(session)
        session.add(Membership(course_id=campus.course.id, person_id=teacher.actor.person_id, role=StaffRole.OWNER, created_at=clock.now()))
        session.flush()
        enrollments.enroll(session, student.actor, campus.slug)
        return Hall(teacher, student, other, campus.course.id, campus.page("Sand").id)


async def test_a_thread_from_question_to_accepted_answer(hall: Hall) -> None:
    of_page = f"/v/pages/{hall.page_id}/discussion"
    asked = await hall.send("POST", of_page, hall.student, {"title": "Sand", "text": "Why *young*?"})
    assert asked.status_code == 201
    thread = f"/v/threads/{asked.json()['id']}"
    [line] = (await hall.send("GET", f"/v/courses/{hall.course_id}/discussion", hall.teacher)).json()["threads"]
    assert (line["title"], line["page"], line["waits"]) == ("Sand", "Sand", True)
    replied = await hall.send("POST", f"{thread}/posts", hall.teacher, {"text": "Ground lately."})
    assert (await hall.send("PUT", f"{thread}/answer", hall.student, {"post_id": replied.json()["id"]})).status_code == 204
    told = (await hall.send("GET", thread, hall.student)).json()
    assert [(post["html"], post["staff"], post["accepted"]) for post in told["posts"]] == [
        ("<p>Why <em>young</em>?</p>", False, False),
        ("<p>Ground lately.</p>", True, True),
    ]
    assert (await hall.send("GET", f"/v/courses/{hall.course_id}/discussion", hall.teacher)).json()["threads"] == []


async def test_posts_are_changed_removed_put_back_reported_followed_and_closed(hall: Hall) -> None:
    asked = await hall.send("POST", f"/v/pages/{hall.page_id}/discussion", hall.student, {"title": "Sand", "text": "Why?"})
    thread = f"/v/threads/{asked.json()['id']}"
    post = f"/v/posts/{(await hall.send('POST', f'{thread}/posts', hall.student, {'text': 'Rude.'})).json()['id']}"
    acts = [
        ("PUT", post, hall.student, {"text": "Ruder."}),
        ("POST", f"{post}/reports", hall.teacher, {"reason": "Rude."}),
        ("DELETE", f"{post}/reports", hall.teacher, None),
        ("POST", f"{post}/removal", hall.teacher, {"reason": "Be kind."}),
        ("DELETE", f"{post}/removal", hall.teacher, None),
        ("PUT", f"{thread}/following", hall.student, {"on": False}),
        ("PUT", f"{thread}/closed", hall.teacher, {"on": True}),
    ]
    assert [(await hall.send(*act)).status_code for act in acts] == [204] * len(acts)
    told = (await hall.send("GET", thread, hall.student)).json()
    assert (told["closed"], told["follows"], told["posts"][1]["html"], told["posts"][1]["edited"]) == (True, False, "<p>Ruder.</p>", True)
    refused = await hall.send("POST", f"{thread}/posts", hall.student, {"text": "More."})
    assert (refused.status_code, refused.json()["title"]) == (409, "This thread is closed. You can ask a question of your own.")


async def test_who_is_no_part_of_it_gets_nothing_and_what_is_no_text_is_refused(hall: Hall) -> None:
    of_page = f"/v/pages/{hall.page_id}/discussion"
    asked = await hall.send("POST", of_page, hall.student, {"title": "Sand", "text": "Why?"})
    thread = f"/v/threads/{asked.json()['id']}"
    for who, status in ((hall.other, 404), (None, 401)):
        for method, path, body in (("GET", of_page, None), ("GET", thread, None), ("POST", f"{thread}/posts", {"text": "Hi."})):
            assert (await hall.send(method, path, who, body)).status_code == status
    for body in (
        {"title": "", "text": "x"},
        {"title": "x", "text": " "},
        {"title": "x", "text": "y" * 10_001},
        {"text": "x"},
        {"title": "x", "text": 1},
    ):
        assert (await hall.send("POST", of_page, hall.student, body)).status_code == 422
    assert (await hall.send("GET", f"{of_page}?page=0", hall.student)).status_code == 422


async def test_announcements_are_made_put_right_and_taken_back_by_the_staff(hall: Hall) -> None:
    base = f"/v/courses/{hall.course_id}/announcements"
    made = await hall.send("POST", base, hall.teacher, {"title": "Friday", "text": "No class."})
    assert made.status_code == 201
    one = f"/v/announcements/{made.json()['id']}"
    assert (await hall.send("PUT", one, hall.teacher, {"title": "Friday", "text": "**No** class."})).status_code == 204
    [line] = (await hall.send("GET", base, hall.teacher)).json()["lines"]
    assert (line["html"], line["text"], line["edited"]) == ("<p><strong>No</strong> class.</p>", "**No** class.", True)
    assert (await hall.send("POST", f"{one}/removal", hall.teacher)).status_code == 204
    assert (await hall.send("GET", base, hall.teacher)).json()["lines"] == []
    assert (await hall.send("DELETE", f"{one}/removal", hall.teacher)).status_code == 204
    for who, status in ((hall.student, 404), (None, 401)):
        assert (await hall.send("POST", base, who, {"title": "x", "text": "y"})).status_code == status
        assert (await hall.send("GET", base, who)).status_code == status
