"""Questions over REST: every type made, read and saved; who is refused, and what cannot be taken."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlmodel import select

from lms_app.adapters import clock
from lms_app.crypto import INSTALLATION
from lms_app.database import transaction
from lms_app.domain.assessments import quiz_authoring
from lms_app.domain.assessments.types import TYPES
from lms_app.models import Assessment, AssessmentSection, Membership, Question, QuestionRevision, SectionPool, StoredFile
from lms_app.words import QuestionType, StaffRole
from tests.api.v1.conftest import ROOT, Account, Ground, new_account, token_of
from tests.support.apps import whole_site
from tests.support.questions import rich, stem, true_false_body
from tests.support.written_questions import PLAIN

Body = dict[str, Any]


@pytest.fixture
async def author(ground: Ground) -> AsyncIterator[httpx.AsyncClient]:
    """The program of the course's owner."""
    headers = {"Authorization": f"Bearer {token_of(ground.instructor)}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(whole_site()), base_url=ROOT, headers=headers) as client:
        yield client


def bank_of(ground: Ground) -> str:
    return f"/teaching/courses/{ground.course_id}/questions"


def course_picture(ground: Ground) -> str:
    """A picture among the course's files."""
    with transaction() as session:
        row = StoredFile(
            key_owner=INSTALLATION,
            course_id=ground.course_id,
            purpose="course",
            filename="map.png",
            media_type="image/png",
            size=1,
            storage_key="0" * 64,
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        return str(row.id)


async def made(author: httpx.AsyncClient, ground: Ground, type_: QuestionType = QuestionType.TRUE_FALSE, body: Body | None = None) -> Body:
    answer = await author.post(bank_of(ground), json={"type": type_, "body": body or true_false_body(True)})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("type_", list(TYPES))
async def test_a_question_of_every_type_is_made_read_and_saved_by_its_body(author: httpx.AsyncClient, ground: Ground, type_: QuestionType) -> None:
    body = dict(PLAIN[type_])
    if type_ == QuestionType.HOTSPOT:
        body["image"] = {**body["image"], "file": course_picture(ground)}
    new = await made(author, ground, type_, body)
    assert (new["type"], new["revision"], new["used_in"]) == (type_, 1, [])
    assert (await author.get(f"/teaching/questions/{new['id']}")).json() == new
    again = await author.put(f"/teaching/questions/{new['id']}", json={"revision": 1, "body": new["body"]})
    assert again.json() == new, "the same body is no new revision"
    saved = await author.put(f"/teaching/questions/{new['id']}", json={"revision": 1, "body": {**new["body"], "feedback": rich("Well.")}})
    assert (saved.status_code, saved.json()["revision"]) == (200, 2)


async def test_a_bank_is_listed_by_type_tag_category_and_words(author: httpx.AsyncClient, ground: Ground) -> None:
    tree = (await author.post(f"/teaching/courses/{ground.course_id}/question-categories", json={"name": "Stones"})).json()
    new = {"type": "essay", "body": {"stem": stem("Write of slate.")}, "category_id": tree[0]["id"], "tags": ["Roofs"]}
    essay = (await author.post(bank_of(ground), json=new)).json()
    for narrowed in ({"type": "essay"}, {"tag": "roofs"}, {"category_id": tree[0]["id"]}, {"search": "SLATE write"}):
        found = (await author.get(bank_of(ground), params=narrowed)).json()
        assert [line["id"] for line in found["lines"]] == [essay["id"]], narrowed
        assert found["total"] == 1 < found["questions"]
    assert (await author.get(bank_of(ground), params={"tag": "roof"})).json()["lines"] == []
    everything = (await author.get(bank_of(ground))).json()
    assert everything["tags"] == [{"tag": "roofs", "questions": 1}]
    assert {quiz["title"] for line in everything["lines"] for quiz in line["used_in"]} == {"Try it", "Final quiz"}


async def test_a_list_holds_fifty_and_goes_on_over_pages(author: httpx.AsyncClient, ground: Ground) -> None:
    with transaction() as session:
        for number in range(55):
            row = Question(
                course_id=ground.course_id, type=QuestionType.ESSAY, title=f"Essay {number}", published_revision_id=uuid4(), created_at=clock.now()
            )
            session.add(row)
    first = (await author.get(bank_of(ground), params={"type": "essay"})).json()
    second = (await author.get(bank_of(ground), params={"type": "essay", "page": 2})).json()
    assert (len(first["lines"]), len(second["lines"]), second["pages"]) == (50, 5, 2)
    assert not {line["id"] for line in first["lines"]} & {line["id"] for line in second["lines"]}


async def test_a_save_upon_an_older_revision_is_refused_and_says_which_is_newest(author: httpx.AsyncClient, ground: Ground) -> None:
    new = await made(author, ground)
    place = f"/teaching/questions/{new['id']}"
    assert (await author.put(place, json={"revision": 1, "body": true_false_body(False)})).status_code == 200
    late = await author.put(place, json={"revision": 1, "body": true_false_body(True)})
    assert (late.status_code, late.json()["type"]) == (409, "/problems/conflict")
    assert "it is at revision 2" in late.json()["title"]
    assert (await author.get(place)).json()["body"]["answer"] is False


async def test_a_quiz_takes_a_question_once_and_follows_it_into_its_draft(author: httpx.AsyncClient, ground: Ground) -> None:
    new, quiz_id = await made(author, ground), ground.quizzes["Final quiz"]
    used = await author.post(f"/teaching/quizzes/{quiz_id}/questions", json={"question_id": new["id"], "points": "2.5"})
    assert used.json()["used_in"] == [{"id": str(quiz_id), "title": "Final quiz"}]
    assert (await author.post(f"/teaching/quizzes/{quiz_id}/questions", json={"question_id": new["id"]})).status_code == 422
    saved = await author.put(f"/teaching/questions/{new['id']}", json={"revision": 1, "body": true_false_body(False)})
    assert saved.status_code == 200
    with transaction() as session:
        quiz = session.get_one(Assessment, quiz_id)
        line = quiz_authoring.lines_of(session, quiz)[-1]
        assert (str(line.question_id), str(line.points)) == (new["id"], "2.500000")
        assert session.get_one(QuestionRevision, line.revision_id).body["answer"] is False
        assert quiz.draft_revision_id != quiz.published_revision_id, "students see it when the quiz is published"


CALLS = [
    ("GET", "/teaching/courses/{course}/questions", None),
    ("POST", "/teaching/courses/{course}/questions", {"type": "true_false", "body": true_false_body(True)}),
    ("GET", "/teaching/courses/{course}/question-categories", None),
    ("POST", "/teaching/courses/{course}/question-categories", {"name": "Mine"}),
    ("PUT", "/teaching/courses/{course}/question-categories/{category}", {"name": "Mine"}),
    ("DELETE", "/teaching/courses/{course}/question-categories/{category}", None),
    ("POST", "/teaching/questions/{question}/copies", {"course_id": "{course}"}),
    ("GET", "/teaching/questions/{question}", None),
    ("PUT", "/teaching/questions/{question}", {"revision": 1, "body": true_false_body(False)}),
    ("PUT", "/teaching/questions/{question}/category", {"category_id": None}),
    ("PUT", "/teaching/questions/{question}/tags", {"tags": ["mine"]}),
    ("POST", "/teaching/quizzes/{quiz}/questions", {"question_id": "{question}"}),
]


def staff(ground: Ground, role: StaffRole) -> Account:
    account = new_account(f"{role}@example.org", teaches=True)
    with transaction() as session:
        session.add(Membership(course_id=ground.course_id, person_id=account.actor.person_id, role=role, created_at=clock.now()))
    return account


@pytest.mark.parametrize("who", ["student", "other instructor", "viewer", "grader"])
async def test_a_bank_does_not_exist_for_who_may_not_author_the_course(
    author: httpx.AsyncClient, visitor: httpx.AsyncClient, ground: Ground, account: Account, who: str
) -> None:
    new = await made(author, ground)
    somebody = {
        "student": lambda: account,
        "other instructor": lambda: new_account("other@example.org", teaches=True),
        "viewer": lambda: staff(ground, StaffRole.VIEWER),
        "grader": lambda: staff(ground, StaffRole.GRADER),
    }[who]()
    tree = (await author.post(f"/teaching/courses/{ground.course_id}/question-categories", json={"name": "Stones"})).json()
    before = everything(ground)
    places = {"course": ground.course_id, "question": new["id"], "quiz": ground.quizzes["Final quiz"], "category": tree[0]["id"]}
    for method, path, body in CALLS:
        given = body and {name: value.format(**places) if isinstance(value, str) else value for name, value in body.items()}
        answer = await visitor.request(method, path.format(**places), json=given, headers=somebody.headers)
        assert answer.status_code == 404, (method, path, answer.text)
        assert "answer" not in answer.text
    assert everything(ground) == before
    assert (await author.get(f"/teaching/courses/{ground.course_id}/question-categories")).json() == tree
    assert (await visitor.get(bank_of(ground))).status_code == 401


async def test_a_question_of_another_course_is_not_put_into_this_ones_quiz(author: httpx.AsyncClient, ground: Ground) -> None:
    with transaction() as session:
        stray = Question(person_id=ground.instructor.person_id, type=QuestionType.ESSAY, title="Mine alone", created_at=clock.now())
        session.add(stray)
        session.flush()
        stray_id = str(stray.id)
    answer = await author.post(f"/teaching/quizzes/{ground.quizzes['Final quiz']}/questions", json={"question_id": stray_id})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"type": "riddle", "body": true_false_body(True)}, "type"),
        ({"type": "single_choice", "body": true_false_body(True)}, "body.choices"),
        ({"type": "true_false", "body": {**true_false_body(True), "secret": 1}}, "body.secret"),
        ({"type": "true_false", "body": true_false_body(True), "points": 1}, "points"),
        ({"type": "true_false", "body": {"answer": True}}, "body.stem"),
        ({"type": "true_false", "body": true_false_body(True), "tags": ["a,b"]}, "tags.0"),
        ({"type": "short_text", "body": {"stem": stem("x"), "answers": [{"text": "a\x00b", "weight": "1"}]}}, "body"),
        ({"type": "essay", "body": {"stem": {"blocks": []}}}, "body.stem"),
        ({"type": "essay", "body": {"stem": stem("  ")}}, "body.stem"),
        ({"type": "essay", "body": {"stem": {"blocks": [{"type": "quiz", "assessment": "x"}]}}}, "body.stem"),
        ({"type": "hotspot", "body": PLAIN[QuestionType.HOTSPOT]}, "file"),
        (
            {
                "type": "calculated",
                "body": {
                    "stem": stem("1 / {a}?"),
                    "variables": [{"name": "a", "low": "0", "high": "1", "step": "1"}],
                    "answers": [{"formula": "1 / a"}],
                },
            },
            "body",
        ),
    ],
)
async def test_what_cannot_be_a_question_is_refused_by_its_field(author: httpx.AsyncClient, ground: Ground, given: Body, field: str) -> None:
    before = everything(ground)
    answer = await author.post(bank_of(ground), json=given)
    assert answer.status_code == 422, answer.text
    assert field in answer.json()["fields"] or any(name.startswith(field) for name in answer.json()["fields"]), answer.text
    assert everything(ground) == before


async def test_a_category_of_another_bank_is_none(author: httpx.AsyncClient, ground: Ground) -> None:
    new = await made(author, ground)
    assert (await author.put(f"/teaching/questions/{new['id']}/category", json={"category_id": str(uuid4())})).status_code == 404
    assert (await author.get(bank_of(ground), params={"category_id": str(uuid4())})).status_code == 404


async def test_a_question_that_is_saved_by_two_at_once_is_saved_by_one(author: httpx.AsyncClient, ground: Ground) -> None:
    new = await made(author, ground)
    place = f"/teaching/questions/{new['id']}"
    bodies = [{**true_false_body(False), "feedback": rich(f"Said {number}.")} for number in range(5)]
    answers = await asyncio.gather(*(author.put(place, json={"revision": 1, "body": body}) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    with transaction() as session:
        numbers = session.exec(select(QuestionRevision.number).where(QuestionRevision.question_id == UUID(new["id"]))).all()
    assert sorted(numbers) == [1, 2]


async def test_a_category_is_renamed_and_removed_and_what_stands_in_it_moves_up(author: httpx.AsyncClient, ground: Ground) -> None:
    place = f"/teaching/courses/{ground.course_id}/question-categories"
    stones = (await author.post(place, json={"name": "Stones"})).json()[0]["id"]
    slates = next(line["id"] for line in (await author.post(place, json={"name": "Slates", "parent_id": stones})).json() if line["depth"] == 1)
    new = await made(author, ground)
    await author.put(f"/teaching/questions/{new['id']}/category", json={"category_id": slates})
    renamed = (await author.put(f"{place}/{slates}", json={"name": "Roof slates"})).json()
    assert [(line["name"], line["depth"], line["questions"]) for line in renamed] == [("Stones", 0, 0), ("Roof slates", 1, 1)]
    assert (await author.put(f"{place}/{slates}", json={"name": "  "})).status_code == 422
    assert (await author.delete(f"{place}/{slates}")).status_code == 204
    assert [(line["name"], line["questions"]) for line in (await author.get(place)).json()] == [("Stones", 1)]
    assert (await author.delete(f"{place}/{slates}")).status_code == 404


async def test_a_category_that_a_pool_draws_from_stays(author: httpx.AsyncClient, ground: Ground) -> None:
    place = f"/teaching/courses/{ground.course_id}/question-categories"
    stones = (await author.post(place, json={"name": "Stones"})).json()[0]["id"]
    with transaction() as session:
        section = session.exec(select(AssessmentSection)).first()
        assert section is not None
        session.add(SectionPool(section_id=section.id, number=90, category_id=UUID(stones), count=1, points=Decimal(1)))
    refused = await author.delete(f"{place}/{stones}")
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/invalid")
    assert len((await author.get(place)).json()) == 1


async def test_ones_own_bank_is_filled_sorted_and_copied_from(author: httpx.AsyncClient, ground: Ground) -> None:
    tree = (await author.post("/teaching/bank/question-categories", json={"name": "Mine"})).json()
    new = {"type": "true_false", "body": true_false_body(True), "category_id": tree[0]["id"], "tags": ["spring"]}
    mine = (await author.post("/teaching/bank/questions", json=new)).json()
    assert (mine["course_id"], mine["category"], mine["tags"]) == ("", tree[0]["id"], ["spring"])
    for narrowed in ({}, {"type": "true_false"}, {"tag": "spring"}, {"category_id": tree[0]["id"]}):
        listed = (await author.get("/teaching/bank/questions", params=narrowed)).json()
        assert ([line["id"] for line in listed["lines"]], listed["course_id"], listed["quizzes"]) == ([mine["id"]], "", []), narrowed
    refused = await author.post(f"/teaching/quizzes/{ground.quizzes['Final quiz']}/questions", json={"question_id": mine["id"]})
    assert refused.status_code == 404, "a course asks what is in its own bank"

    copied = (await author.post(f"/teaching/questions/{mine['id']}/copies", json={"course_id": str(ground.course_id)})).json()
    assert copied == mine | {"id": copied["id"], "course_id": str(ground.course_id), "category": ""}
    await author.put(f"/teaching/questions/{copied['id']}", json={"revision": 1, "body": true_false_body(False)})
    assert (await author.get(f"/teaching/questions/{mine['id']}")).json() == mine, "a copy goes its own way"
    back = (await author.post(f"/teaching/questions/{copied['id']}/copies", json={"course_id": None})).json()
    assert (back["course_id"], back["body"]["answer"]) == ("", False)
    assert (await author.get("/teaching/bank/questions")).json()["total"] == 2

    place = f"/teaching/bank/question-categories/{tree[0]['id']}"
    assert (await author.put(place, json={"name": "For the spring"})).json()[0]["name"] == "For the spring"
    assert (await author.delete(place)).status_code == 204
    assert (await author.get("/teaching/bank/question-categories")).json() == []
    assert (await author.get(f"/teaching/questions/{mine['id']}")).json()["category"] == ""


@pytest.mark.parametrize("who", ["student", "other instructor", "editor"])
async def test_nobody_sees_or_changes_anothers_bank(
    author: httpx.AsyncClient, visitor: httpx.AsyncClient, ground: Ground, account: Account, who: str
) -> None:
    """Not even who authors the same course."""
    category = (await author.post("/teaching/bank/question-categories", json={"name": "Mine"})).json()[0]["id"]
    mine = (await author.post("/teaching/bank/questions", json={"type": "true_false", "body": true_false_body(True), "category_id": category})).json()
    somebody = {
        "student": lambda: account,
        "other instructor": lambda: new_account("other@example.org", teaches=True),
        "editor": lambda: staff(ground, StaffRole.EDITOR),
    }[who]()
    for method, path, body in (
        ("GET", "/teaching/questions/{question}", None),
        ("PUT", "/teaching/questions/{question}", {"revision": 1, "body": true_false_body(False)}),
        ("PUT", "/teaching/questions/{question}/category", {"category_id": None}),
        ("PUT", "/teaching/questions/{question}/tags", {"tags": ["theirs"]}),
        ("POST", "/teaching/questions/{question}/copies", {"course_id": None}),
        ("POST", "/teaching/questions/{question}/copies", {"course_id": str(ground.course_id)}),
        ("PUT", "/teaching/bank/question-categories/{category}", {"name": "Theirs"}),
        ("DELETE", "/teaching/bank/question-categories/{category}", None),
        ("PUT", "/teaching/courses/{course}/question-categories/{category}", {"name": "Theirs"}),
        ("DELETE", "/teaching/courses/{course}/question-categories/{category}", None),
        ("POST", "/teaching/bank/question-categories", {"name": "Below", "parent_id": category}),
        ("POST", "/teaching/bank/questions", {"type": "true_false", "body": true_false_body(True), "category_id": category}),
        ("GET", "/teaching/bank/questions?category_id={category}", None),
    ):
        place = path.format(question=mine["id"], category=category, course=ground.course_id)
        answer = await visitor.request(method, place, json=body, headers=somebody.headers)
        assert answer.status_code in ((403, 404) if who == "student" and "/bank/" in path else (404,)), (method, path, answer.text)
    own = await visitor.get("/teaching/bank/questions", headers=somebody.headers)
    assert own.status_code == 403 if who == "student" else own.json()["lines"] == []
    assert (await visitor.get("/teaching/bank/questions")).status_code == 401
    assert (await author.get(f"/teaching/questions/{mine['id']}")).json() == mine
    assert [line["name"] for line in (await author.get("/teaching/bank/question-categories")).json()] == ["Mine"]


def everything(ground: Ground) -> list[Any]:
    """The course's questions as they are stored."""
    with transaction() as session:
        rows = session.exec(select(Question).where(Question.course_id == ground.course_id).order_by(Question.id)).all()  # pyright: ignore
        return [(row.id, row.title, list(row.tags), row.category_id, row.published_revision_id) for row in rows]
