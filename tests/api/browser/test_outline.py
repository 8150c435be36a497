"""The outline over HTTP: read with a version, changed verb by verb, for its authors alone; open builders hear of it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest
import redis
from sqlmodel import select

from lms_app.adapters import clock, pubsub
from lms_app.api.walls import protect
from lms_app.database import transaction
from lms_app.domain.assessments import quiz_authoring
from lms_app.domain.courses import authoring, availability_editing
from lms_app.models import Lesson, Membership
from lms_app.words import Hint, Role, StaffRole
from tests.support.apps import browser_site
from tests.support.campus import neutral_course, new_campus
from tests.support.people import SignedIn, sign_in

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")

OURS = {"Origin": "http://localhost:8000", "X-Lyceum": "1"}


@dataclass
class Desk:
    """An author, a course, and ids of what is in it."""

    author: SignedIn
    course: UUID
    module: UUID
    reading: UUID
    final: UUID
    sand: UUID
    stones: UUID
    quiz: UUID

    @property
    def base(self) -> str:
        return f"/v/courses/{self.course}/outline"

    def node(self, kind: str, node: UUID, verb: str) -> str:
        return f"{self.base}/nodes/{kind}/{node}/{verb}"


@pytest.fixture
def desk() -> Desk:
    author = sign_in(Role.INSTRUCTOR, name="Tia Teacher")
    with transaction() as session:
        campus = new_campus(session)
        session.add(Membership(course_id=campus.course.id, person_id=author.actor.person_id, role=StaffRole.EDITOR, created_at=clock.now()))
        lessons = {row.title: row for row in session.exec(select(Lesson).where(Lesson.course_id == campus.course.id)).all()}
        return Desk(
            author=author,
            course=campus.course.id,
            module=lessons["Reading"].module_id,
            reading=lessons["Reading"].id,
            final=lessons["Final"].id,
            sand=campus.page("Sand").id,
            stones=campus.page("Stones").id,
            quiz=campus.quiz("Final quiz").id,
        )


async def send(method: str, path: str, who: SignedIn | None, json: Any = None, **headers: str) -> httpx.Response:
    cookie = {"Cookie": who.cookie} if who else {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(protect(browser_site())), base_url="http://localhost:8000") as client:
        return await client.request(method, path, json=json, headers=OURS | cookie | headers)


def pages(outline: dict[str, Any]) -> list[list[str]]:
    """Titles of pages, lesson by lesson."""
    return [[page["title"] for page in lesson["pages"]] for module in outline["modules"] for lesson in module["lessons"]]


def shape(outline: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in outline.items() if name != "version"}


async def test_what_is_known_already_is_not_sent_again(desk: Desk):
    first = await send("GET", desk.base, desk.author)
    assert (first.status_code, pages(first.json())) == (200, [["Stones", "Sand"], ["Final quiz"]])
    assert first.headers["etag"] == f'"{first.json()["version"]}"'
    again = await send("GET", desk.base, desk.author, **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await send("PUT", desk.node("page", desk.sand, "title"), desk.author, json={"title": "Dunes", "seen": "Sand"})
    changed = await send("GET", desk.base, desk.author, **{"If-None-Match": first.headers["etag"]})
    assert (changed.status_code, pages(changed.json())[0]) == (200, ["Stones", "Dunes"])


async def test_every_verb_answers_with_the_outline_as_a_reading_gives_it(desk: Desk):
    async def act(method: str, path: str, **body: Any) -> dict[str, Any]:
        answer = await send(method, path, desk.author, json=body or None)
        assert answer.status_code == 200, answer.text
        read = await send("GET", desk.base, desk.author)
        assert (answer.json()["outline"], answer.headers["etag"]) == (read.json(), read.headers["etag"])
        return answer.json()

    sky = await act("POST", f"{desk.base}/nodes", kind="module", parent_id=str(desk.course), title="Sky")
    clouds = await act("POST", f"{desk.base}/nodes", kind="lesson", parent_id=sky["made"], title="Clouds")
    assert pages(clouds["outline"])[2] == ["Clouds"]
    rain = await act("POST", f"{desk.base}/nodes", kind="page", parent_id=clouds["made"], title="Rain")
    assert pages(rain["outline"])[2] == ["Clouds", "Rain"]
    moved = await act("PUT", desk.node("page", desk.sand, "place"), parent_id=clouds["made"], after_id=rain["made"])
    assert pages(moved["outline"]) == [["Stones"], ["Final quiz"], ["Clouds", "Rain", "Sand"]]
    copied = await act("POST", desk.node("page", desk.stones, "copy"))
    assert pages(copied["outline"])[0] == ["Stones", "Stones (copy)"]
    published = await act("POST", desk.node("lesson", UUID(clouds["made"]), "publish"))
    assert (published["pages"], published["outline"]["modules"][1]["state"]) == (3, "published")
    archived = await act("POST", desk.node("module", UUID(sky["made"]), "archive"))
    assert len(archived["outline"]["modules"]) == 1
    restored = await act("POST", desk.node("module", UUID(sky["made"]), "restore"))
    assert restored["outline"] == published["outline"]


async def test_two_who_rename_one_page_see_both_titles(desk: Desk):
    path = desk.node("page", desk.sand, "title")
    await send("PUT", path, desk.author, json={"title": "Dunes", "seen": "Sand"})
    late = await send("PUT", path, desk.author, json={"title": "Beach", "seen": "Sand"})
    assert (late.status_code, late.json()["theirs"], late.json()["yours"]) == (409, "Dunes", "Beach")
    assert (await send("PUT", path, desk.author, json={"title": "Beach", "seen": "Dunes"})).status_code == 200
    empty = await send("PUT", path, desk.author, json={"title": "  ", "seen": "Beach"})
    assert (empty.status_code, list(empty.json()["fields"])) == (422, ["title"])


async def test_a_neighbour_that_is_gone_is_told_as_a_conflict(desk: Desk):
    await send("POST", desk.node("page", desk.stones, "archive"), desk.author)
    path = desk.node("page", desk.sand, "place")
    late = await send("PUT", path, desk.author, json={"parent_id": str(desk.reading), "after_id": str(desk.stones)})
    assert (late.status_code, late.json()["title"]) == (409, "What this was put behind is no longer there. It stays where it was.")


def calls(desk: Desk, course: UUID) -> list[tuple[str, str, Any]]:
    base = f"/v/courses/{course}/outline"
    page = f"{base}/nodes/page/{desk.sand}"
    return [
        ("GET", base, None),
        ("POST", f"{base}/nodes", {"kind": "module", "parent_id": str(desk.course), "title": "Mine"}),
        ("POST", f"{base}/nodes", {"kind": "lesson", "parent_id": str(desk.module), "title": "Mine"}),
        ("POST", f"{base}/nodes", {"kind": "page", "parent_id": str(desk.reading), "title": "Mine"}),
        ("PUT", f"{page}/title", {"title": "Mine", "seen": "Sand"}),
        ("PUT", f"{page}/place", {"parent_id": str(desk.final), "after_id": None}),
        ("POST", f"{page}/copy", None),
        ("POST", f"{page}/archive", None),
        ("POST", f"{page}/restore", None),
        ("POST", f"{page}/publish", None),
    ]


async def test_it_is_not_there_for_anybody_else(desk: Desk):
    grader = sign_in(Role.INSTRUCTOR, name="Gil Grader")
    with transaction() as session:
        session.add(Membership(course_id=desk.course, person_id=grader.actor.person_id, role=StaffRole.GRADER, created_at=clock.now()))
    before = shape((await send("GET", desk.base, desk.author)).json())
    for who, expected in ((grader, 404), (sign_in(Role.INSTRUCTOR), 404), (sign_in(Role.STUDENT), 404), (None, 401)):
        for method, path, body in calls(desk, desk.course):
            answer = await send(method, path, who, json=body)
            assert (answer.status_code, "Sand" in answer.text) == (expected, False), (method, path)
    assert shape((await send("GET", desk.base, desk.author)).json()) == before


async def test_nodes_of_another_course_of_ones_own_are_not_reached_through_it(desk: Desk):
    with transaction() as session:
        other = new_campus(session, neutral_course("second")).course.id
        session.add(Membership(course_id=other, person_id=desk.author.actor.person_id, role=StaffRole.OWNER, created_at=clock.now()))
    before = (await send("GET", desk.base, desk.author)).json()
    for method, path, body in calls(desk, other)[1:]:
        assert (await send(method, path, desk.author, json=body)).status_code == 404, (method, path)
    assert (await send("GET", desk.base, desk.author)).json() == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("nodes", {"kind": "course", "parent_id": str(uuid4()), "title": "x"}),
        ("nodes", {"kind": "page", "parent_id": str(uuid4()), "title": "x", "position": "a0"}),
        ("nodes", {"kind": "page", "parent_id": "none", "title": "x"}),
        ("nodes", {"kind": "page", "parent_id": str(uuid4()), "title": "x" * 401}),
    ],
)
async def test_a_request_of_another_shape_is_refused(desk: Desk, path: str, body: Any):
    assert (await send("POST", f"{desk.base}/{path}", desk.author, json=body)).status_code == 422


async def test_open_builders_hear_once_of_each_change_and_of_what_it_is_nothing(desk: Desk, redis_url: str):
    with redis.Redis.from_url(redis_url) as client, client.pubsub(ignore_subscribe_messages=True) as heard:
        heard.subscribe(pubsub.CHANNEL)
        heard.get_message(timeout=1)

        def hints() -> list[dict[str, Any]]:
            found = []
            while (message := heard.get_message(timeout=0.3)) is not None:
                found.append(orjson.loads(message["data"]))
            return [hint for hint in found if hint["kind"] == Hint.OUTLINE]

        ours = [{"kind": "outline", "id": str(desk.course), "version": 0}]
        for method, path, body in calls(desk, desk.course)[1:]:
            await send(method, path, desk.author, json=body)
            assert hints() == ours, (method, path)
        with transaction() as session:
            first = quiz_authoring.lines_of(session, authoring.access.editable_assessment(session, desk.author.actor, desk.quiz))[0]
            quiz_authoring.move_question(session, desk.author.actor, desk.quiz, first.question_id, 1)
        assert hints() == ours
        await send("GET", desk.base, desk.author)
        await send("PUT", desk.node("page", desk.sand, "place"), desk.author, json={"parent_id": str(uuid4())})
        assert hints() == []


async def test_availability_is_read_looked_at_and_set_with_its_version(desk: Desk):
    address = desk.node("page", desk.sand, "availability")
    read = await send("GET", address, desk.author)
    assert (read.status_code, read.headers["etag"], read.json()["words"]) == (200, '"0"', "")
    wanted = {"availability": {"match": "all", "conditions": [{"kind": "after", "node_kind": "page", "node": str(desk.stones)}]}}
    told = await send("POST", f"{address}/preview", desk.author, json=wanted)
    assert (told.status_code, told.json()["words"], told.json()["students"]) == (200, "Opens after “Stones”.", 0)
    assert (await send("PUT", address, desk.author, json=wanted)).status_code == 422, "without the version that was seen"
    done = await send("PUT", address, desk.author, json=wanted, **{"If-Match": '"0"'})
    sand = done.json()["outline"]["modules"][0]["lessons"][0]["pages"][1]
    assert (done.status_code, sand["availability"]) == (200, "Opens after “Stones”.")
    assert done.headers["etag"] == f'"{done.json()["outline"]["version"]}"'
    late = await send("PUT", address, desk.author, json={"availability": {}}, **{"If-Match": '"0"'})
    assert (late.status_code, late.json()["theirs"]["version"], late.json()["theirs"]["words"]) == (409, 1, "Opens after “Stones”.")
    circle = {"availability": {"conditions": [{"kind": "after", "node_kind": "page", "node": str(desk.sand)}]}}
    refused = await send("PUT", desk.node("page", desk.stones, "availability"), desk.author, json=circle, **{"If-Match": '"0"'})
    assert (refused.status_code, "could ever open this" in refused.json()["title"]) == (422, True)
    quiz = await send("PUT", desk.node("quiz", desk.quiz, "availability"), desk.author, json=wanted, **{"If-Match": '"0"'})
    assert quiz.status_code == 200
    stranger = sign_in(Role.INSTRUCTOR)
    assert (await send("GET", address, stranger)).status_code == 404


def test_who_learns_the_course_hears_that_something_opens_otherwise(desk: Desk, redis_url: str):
    listening = redis.Redis.from_url(redis_url).pubsub()
    listening.subscribe(pubsub.CHANNEL)
    with transaction() as session:
        availability_editing.set_availability(
            session, desk.author.actor, desk.course, "page", desk.sand, {"conditions": [{"kind": "days", "days": 3}]}, seen=0
        )
    heard = [orjson.loads(each["data"]) for each in iter(lambda: listening.get_message(timeout=1), None) if each["type"] == "message"]
    assert (Hint.AVAILABILITY, str(desk.course)) in {(each["kind"], each["id"]) for each in heard}
