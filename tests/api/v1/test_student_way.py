"""A student's whole way through REST alone."""

from datetime import timedelta
from uuid import UUID

import httpx

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.assessments.quiz_settings import password_digest
from lms_app.domain.certificates import issuing
from lms_app.models import Assessment, AssessmentRevision
from lms_app.words import QuestionType
from tests.api.v1.conftest import PASSWORD, Account, Ground, enrollment_of
from tests.support.campus import RIGHT


async def answer_all(client: httpx.AsyncClient, quiz: object) -> dict:
    """Begins a quiz, answers every question right, submits, and gives the result."""
    sheet = (await client.post(f"/quizzes/{quiz}/attempts")).raise_for_status().json()
    for question in sheet["questions"]:
        given = {"type": question["type"], "response": RIGHT[QuestionType(question["type"])], "sequence": 1}
        saved = await client.put(f"/attempts/{sheet['id']}/answers/{question['id']}", json=given)
        assert saved.status_code == 200, saved.text
        assert saved.json()["sequence"] == 1
    return (await client.post(f"/attempts/{sheet['id']}/submission")).raise_for_status().json()


async def test_a_student_comes_from_token_to_certificate_by_rest_alone(visitor: httpx.AsyncClient, account: Account, ground: Ground) -> None:
    pair = (await visitor.post("/tokens", json={"email": "  ADA@example.org", "password": PASSWORD})).raise_for_status().json()
    assert (pair["token_type"], pair["expires_in"]) == ("Bearer", 900)
    client = visitor
    client.headers["Authorization"] = f"Bearer {pair['access_token']}"

    me = (await client.get("/me")).json()
    assert (me["email"], me["is_student"], me["is_instructor"]) == ("ada@example.org", True, False)

    found = (await client.get("/courses", params={"search": "sand"})).json()
    assert [card["slug"] for card in found["cards"]] == [ground.slug]
    assert (await client.get(f"/courses/{ground.slug}")).json()["next_step"] == "enroll"

    first = await client.put(f"/courses/{ground.slug}/enrollment")
    again = await client.put(f"/courses/{ground.slug}/enrollment")
    assert first.status_code == 200
    assert first.json() == again.json()

    outline = (await client.get(f"/courses/{ground.slug}/outline")).json()
    pages = [page for module in outline["modules"] for lesson in module["lessons"] for page in lesson["pages"]]
    assert [(page["title"], page["done"], [quiz["title"] for quiz in page["quizzes"]]) for page in pages] == [
        ("Stones", False, ["Try it"]),
        ("Sand", False, []),
        ("Final quiz", False, ["Final quiz"]),
    ]
    sand = ground.pages["Sand"]
    assert (await client.get(f"/courses/{ground.slug}/pages/{sand}")).json()["rule"] == "manual"
    assert (await client.put(f"/pages/{sand}/completion")).status_code == 204

    stones = f"/pages/{ground.pages['Stones']}/reading"
    assert (await client.put(f"/pages/{ground.pages['Stones']}/completion")).status_code == 409
    assert (await client.post(stones, json={"seconds": 30, "reached_end": True})).json() == {"complete": False}
    with clock.moved_by(timedelta(seconds=6)):
        assert (await client.post(stones, json={"seconds": 6, "reached_end": True})).json() == {"complete": True}

    result = await answer_all(client, ground.quizzes["Final quiz"])
    assert (result["percent"], result["passed"]) == (100, True)
    assert (await client.get(f"/attempts/{result['id']}/result")).json() == result
    assert (await client.post(f"/attempts/{result['id']}/submission")).json() == result
    await answer_all(client, ground.quizzes["Try it"])

    outline = (await client.get(f"/courses/{ground.slug}/outline")).json()
    marks = {page["title"]: page["done"] for module in outline["modules"] for lesson in module["lessons"] for page in lesson["pages"]}
    assert marks["Stones"] is marks["Sand"] is True
    progress = (await client.get(f"/courses/{ground.slug}/progress")).json()
    assert (progress["done"], progress["total"]) == (outline["done"], outline["total"])
    assert progress["percent"] == 100

    with transaction() as session:  # what the worker does when the course is complete
        issuing.award(session, enrollment_of(account))
    (certificate,) = (await client.get("/certificates")).json()
    file = await client.get(certificate["download"].removeprefix("/api/v1"))
    assert (file.status_code, file.headers["content-type"], file.content[:5]) == (200, "application/pdf", b"%PDF-")

    del client.headers["Authorization"]
    checked = (await client.get(f"/verifications/{certificate['code']}")).json()
    assert (checked["found"], checked["valid"], checked["person"], checked["course"]) == (True, True, "Ada Learner", "Stones and sand")
    assert (await client.get("/verifications/nothing")).json()["found"] is False


async def test_withdrawing_closes_the_course_and_keeps_what_was_done(student: httpx.AsyncClient, ground: Ground) -> None:
    await student.put(f"/courses/{ground.slug}/enrollment")
    await student.put(f"/pages/{ground.pages['Sand']}/completion")
    assert (await student.delete(f"/courses/{ground.slug}/enrollment")).status_code == 204
    assert (await student.get(f"/courses/{ground.slug}/outline")).status_code == 404
    await student.put(f"/courses/{ground.slug}/enrollment")
    assert (await student.get(f"/courses/{ground.slug}/outline")).json()["done"] == 1


async def test_one_changes_ones_own_profile(student: httpx.AsyncClient) -> None:
    saved = await student.put("/me", json={"name": "Ada Example", "bio": "Reads stones.", "time_zone": "Asia/Tokyo"})
    assert saved.json()["name"] == "Ada Example"
    assert (await student.get("/me")).json() == saved.json()
    refused = await student.put("/me", json={"name": "Ada", "time_zone": "Moon/Tycho"})
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["time_zone"])


async def test_the_sheet_of_an_attempt_tells_no_key(student: httpx.AsyncClient, ground: Ground) -> None:
    await student.put(f"/courses/{ground.slug}/enrollment")
    sheet = await student.post(f"/quizzes/{ground.quizzes['Final quiz']}/attempts")
    assert "Hypatia" not in sheet.text
    assert "3.14" not in sheet.text
    assert "weight" not in sheet.text
    assert (await student.get(f"/attempts/{sheet.json()['id']}/result")).status_code == 409


async def test_who_guesses_at_a_quizs_password_waits_ever_longer(student: httpx.AsyncClient, ground: Ground) -> None:
    await student.put(f"/courses/{ground.slug}/enrollment")
    quiz = ground.quizzes["Final quiz"]
    with transaction() as session:
        revision = session.get_one(AssessmentRevision, session.get_one(Assessment, quiz).published_revision_id)
        revision.settings = {**revision.settings, "password": password_digest(UUID(str(quiz)), "open sesame")}
        session.add(revision)
    attempts = f"/quizzes/{quiz}/attempts"
    guesses = [await student.post(attempts, json={"password": f"guess {number}"}) for number in range(7)]
    assert [guess.status_code for guess in guesses] == [422] * 6 + [429]
    assert guesses[-1].headers["retry-after"] == "1"
    with clock.moved_by(timedelta(seconds=2)):
        begun = await student.post(attempts, json={"password": "open sesame"})
        assert begun.status_code == 200
        assert (await student.post(attempts, json={"password": "anything"})).json()["id"] == begun.json()["id"]
