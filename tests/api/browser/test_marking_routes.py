"""Marking over HTTP, as the island asks for it."""

import httpx
import pytest

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.assessments import attempts
from lms_app.models import Membership
from lms_app.words import QuestionType, Role, StaffRole
from tests.support.apps import browser_app
from tests.support.campus import new_campus
from tests.support.marking import RUBRIC, hand_in_essay, question_of, written_course
from tests.support.people import sign_in

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")


async def test_a_rubric_is_written_filled_in_and_released_over_http() -> None:
    teacher = sign_in(Role.STUDENT, Role.INSTRUCTOR)
    with transaction() as session:
        campus = new_campus(session, written_course(release="manual"))
        campus.enroll()
        session.add(Membership(course_id=campus.course.id, person_id=teacher.actor.person_id, role=StaffRole.EDITOR, created_at=clock.now()))
        attempt = hand_in_essay(campus)
        student, course, quiz, question = campus.student, campus.course.id, campus.quiz("Final essay").id, question_of(campus, QuestionType.ESSAY)
    transport = httpx.ASGITransport(browser_app())
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000", headers={"Cookie": teacher.cookie}) as browser:
        refused = await browser.put(f"/marking/questions/{question}/rubric", json={"body": {"criteria": []}})
        assert (refused.status_code, refused.json()["title"]) == (422, "A rubric has 1 to 20 criteria.")
        assert (await browser.put(f"/marking/questions/{question}/rubric", json={"body": RUBRIC})).json()["version"] == 1
        script = (await browser.post(f"/marking/quizzes/{quiz}/next", json={})).json()["script"]
        assert [criterion["most"] for criterion in script["rubric"]["criteria"]] == ["2", "2"]
        assert (await browser.post("/marking/claims/renewal", json={"claims": [script["claim"]]})).json() == {"claims": [script["claim"]]}
        kept = await browser.post(f"/marking/courses/{course}/comments", json={"text": "Name your sources."})
        assert (await browser.get(f"/marking/courses/{course}/comments")).json() == [kept.json()]
        mark = f"/marking/claims/{script['claim']}/mark"
        assert (await browser.put(mark, json={"levels": [1], "rubric": 1})).status_code == 422
        marked = await browser.put(mark, json={"levels": [1, 2], "rubric": 1, "comment": "Well argued."})
        assert marked.json() == {"number": 1, "points": "4", "waiting": 0}
        assert (await browser.put(mark, json={"levels": [0, 0], "rubric": 1})).status_code == 409
        assert (await browser.post(f"/marking/quizzes/{quiz}/next", json={})).json() == {"script": None}
        line = (await browser.get(f"/marking/quizzes/{quiz}/marks")).json()["lines"][0]
        assert (line["score"], line["waits"], line["released"]) == ("4", True, False)
        assert (await browser.post(f"/marking/marks/{line['id']}/open")).json()["mark"]["comment"] == "Well argued."
        assert (await browser.post(f"/marking/quizzes/{quiz}/release")).json() == {"attempts": 1}
        assert (await browser.delete(f"/marking/comments/{kept.json()['id']}")).status_code == 204
    with transaction() as session:
        assert attempts.result(session, student, attempt).percent == 100
