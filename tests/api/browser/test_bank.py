"""A bank over HTTP: windows, acts, files in and out, of a course and of one's own."""

import base64

import httpx
import pytest

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.courses import objectives
from lms_app.models import Membership
from lms_app.words import QuestionType, Role, StaffRole
from tests.support.apps import browser_site
from tests.support.campus import neutral_course, new_campus
from tests.support.people import sign_in
from tests.support.regrades import question_of

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")

GIFT = b"Slate splits.{T}\n\nBroken {=\n"
TABLE = b"question,answers\nSlate splits.,true\nChalk floats.,false\n"


async def test_a_bank_is_read_changed_imported_into_and_written() -> None:
    author, student = sign_in(Role.INSTRUCTOR, name="Tia Teacher"), sign_in(Role.STUDENT, name="Sue Student")
    with transaction() as session:
        campus = new_campus(session)
        session.add(Membership(course_id=campus.course.id, person_id=author.actor.person_id, role=StaffRole.EDITOR, created_at=clock.now()))
        course, quiz = campus.course.id, campus.quiz("Final quiz").id
    origin = "http://localhost:8000"
    headers = {"Cookie": author.cookie, "Origin": origin, "X-Lyceum": "1"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(browser_site()), base_url=origin, headers=headers) as client:
        own = "/v/bank"
        for base in (f"/v/courses/{course}/bank", own):
            before = (await client.get(base)).json()["questions"]
            [category] = (await client.post(f"{base}/categories", json={"name": "Stones"})).json()
            place = f"{base}/categories/{category['id']}"
            assert (await client.patch(place, json={"name": "Rocks"})).json()[0]["name"] == "Rocks"
            looked = (await client.post(f"{base}/readings", content=GIFT, headers={"X-File-Name": "stones.gift"})).json()
            assert (looked["taken"], len(looked["left_out"])) == (1, 1)
            table = (await client.post(f"{base}/readings", content=TABLE, headers={"X-File-Name": "stones.csv"})).json()
            assert table["kinds"] == {"true_false": 2}
            taken = await client.post(f"{base}/imports?category={category['id']}", content=GIFT)
            assert taken.status_code == 201, taken.text
            assert (await client.get(base)).json()["questions"] == before + 1
            found = (await client.get(f"{base}/questions", params={"search": "slate", "category": category["id"], "difficulty": "unsaid"})).json()
            assert (found["total"], found["entries"][0]["title"]) == (1, "Slate splits.")
            question = found["entries"][0]["id"]
            assert question in (await client.get(f"{base}/ids", params={"unused": True, "search": "slate"})).json()
            for act in (
                {"act": "tag", "add": "old"}, {"act": "rate", "difficulty": "hard"}, {"act": "move", "into": None},
                {"act": "copy", "into": str(course) if base == own else None},
            ):  # fmt: skip
                acted = await client.post(f"{base}/acts", json={**act, "questions": [question]})
                assert (acted.status_code, acted.json()["changed"]) == (200, 1), acted.text
            used = await client.post(f"{base}/acts", json={"act": "use", "questions": [question], "into": str(quiz)})
            assert used.status_code == (422 if base == own else 200)
            for format_ in ("gift", "moodle", "qti"):
                written = (await client.post(f"{base}/exports", json={"format": format_, "questions": [question]})).json()
                assert written["questions"] == 1
                assert base64.b64decode(written["content"]).startswith(b"PK" if format_ == "qti" else (b"<?xml", b"::", b"//", b"$", b"Slate"))
            for act in ("archive", "bring_back"):
                assert (await client.post(f"{base}/acts", json={"act": act, "questions": [question]})).status_code == 200
            assert (await client.delete(place)).json() == []
            assert (await client.post(f"{base}/readings", content=b"", headers={"X-File-Name": "x"})).status_code == 422
            assert (await client.post(f"{base}/readings", content=b"PK\x03\x04nonsense", headers={"X-File-Name": "x.zip"})).status_code == 422
            assert (await client.post(f"{base}/acts", json={"act": "burn", "questions": []})).status_code == 422
        headers["Cookie"] = student.cookie
        assert (await client.get(own, headers=headers)).status_code == 403
        assert (await client.post(f"{own}/readings", content=GIFT, headers=headers)).status_code == 403


async def test_what_stands_in_somebody_elses_banks_is_neither_read_nor_moved_nor_copied() -> None:
    """With their ids, under one's own addresses and under theirs."""
    owner, stranger = sign_in(Role.INSTRUCTOR, name="Olga Owner"), sign_in(Role.INSTRUCTOR, name="Sam Stranger")
    with transaction() as session:
        theirs, mine = new_campus(session), new_campus(session, neutral_course("mine"))
        for campus, who in ((theirs, owner), (mine, stranger)):
            session.add(Membership(course_id=campus.course.id, person_id=who.actor.person_id, role=StaffRole.OWNER, created_at=clock.now()))
        their_course, my_course = theirs.course.id, mine.course.id
        their_quiz, my_quiz = theirs.quiz("Final quiz").id, mine.quiz("Final quiz").id
        asked = question_of(theirs, QuestionType.TRUE_FALSE).id
        objective = objectives.add(session, theirs.instructor, their_course, "Name a stone")
    origin = "http://localhost:8000"
    headers = {"Cookie": owner.cookie, "Origin": origin, "X-Lyceum": "1"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(browser_site()), base_url=origin, headers=headers) as client:
        assert (await client.post("/v/bank/imports", content=GIFT)).status_code == 201
        own_question = (await client.get("/v/bank/ids")).json()[0]
        category = (await client.post(f"/v/courses/{their_course}/bank/categories", json={"name": "Stones"})).json()[0]["id"]
        own_category = (await client.post("/v/bank/categories", json={"name": "Own stones"})).json()[0]["id"]
        before = [(await client.get(f"{base}/questions")).json() for base in ("/v/bank", f"/v/courses/{their_course}/bank")]

        headers["Cookie"] = stranger.cookie
        client.headers["Cookie"] = stranger.cookie
        questions = [str(asked), own_question]
        for base in ("/v/bank", f"/v/courses/{my_course}/bank"):
            for act in (
                {"act": "tag", "add": "mine"}, {"act": "rate", "difficulty": "hard"}, {"act": "move"}, {"act": "archive"}, {"act": "bring_back"},
                {"act": "copy", "into": str(my_course)}, {"act": "use", "into": str(my_quiz)},
            ):  # fmt: skip
                acted = await client.post(f"{base}/acts", json={**act, "questions": questions})
                assert acted.status_code == 422 or acted.json()["changed"] == 0, acted.text
            for act in (
                {"act": "move", "into": category}, {"act": "move", "into": own_category}, {"act": "rate", "objective": str(objective)},
                {"act": "use", "into": str(their_quiz)}, {"act": "copy", "into": str(their_course)},
            ):  # fmt: skip
                acted = await client.post(f"{base}/acts", json={**act, "questions": questions})
                assert acted.status_code in (404, 422) or acted.json()["changed"] == 0, acted.text
            for at in (category, own_category):
                assert (await client.patch(f"{base}/categories/{at}", json={"name": "Mine"})).status_code == 404
                assert (await client.delete(f"{base}/categories/{at}")).status_code == 404
                assert (await client.post(f"{base}/categories", json={"name": "Below", "below": at})).status_code == 404
                assert (await client.post(f"{base}/imports?category={at}", content=GIFT)).status_code == 404
                assert (await client.get(f"{base}/questions", params={"category": at})).status_code in (200, 404)
            for format_ in ("gift", "moodle", "qti"):
                written = await client.post(f"{base}/exports", json={"format": format_, "questions": questions})
                assert written.status_code in (404, 422) or written.json()["questions"] == 0, written.text
        for method, place in (("GET", ""), ("GET", "/questions"), ("GET", "/ids"), ("POST", "/readings"), ("POST", "/imports")):
            told = await client.request(method, f"/v/courses/{their_course}/bank{place}", content=GIFT if method == "POST" else None)
            assert told.status_code == 404, told.text
        for method, place in (
            ("GET", "draft"),
            ("DELETE", "draft"),
            ("POST", "draws"),
            ("POST", "trials"),
            ("POST", "publication"),
            ("PUT", "draft"),
        ):
            for question in questions:
                told = await client.request(method, f"/v/questions/{question}/{place}", json={}, headers={"If-Match": '"0"'})
                assert told.status_code in (404, 422), (method, place, told.text)

        client.headers["Cookie"] = owner.cookie
        assert [(await client.get(f"{base}/questions")).json() for base in ("/v/bank", f"/v/courses/{their_course}/bank")] == before
