"""A course's files over HTTP: who may add which, what becomes of them, where they are used, and how they go."""

import io
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest
from PIL import Image
from sqlalchemy import event, text
from sqlmodel import select

from lms_app.adapters import clock
from lms_app.api.walls import protect
from lms_app.database import transaction
from lms_app.domain.assessments import quiz_authoring
from lms_app.domain.content.document import parse_document
from lms_app.domain.courses import authoring, media
from lms_app.domain.enrollments import enrollments
from lms_app.models import AssessmentSection, Course, Membership, Page, PageRevision, Question, QuestionRevision, StoredFile
from lms_app.settings import get_settings
from lms_app.words import QuestionType, Role, StaffRole
from tests.support.apps import browser_app
from tests.support.campus import new_campus, text_block
from tests.support.people import SignedIn, sign_in

TEXT = b"a;b\n1;2\n"


def png(size: tuple[int, int] = (30, 20), color: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, "PNG")
    return out.getvalue()


@dataclass
class Desk:
    """A published course, its editor, and people around it."""

    course: UUID
    page: UUID
    editor: SignedIn
    grader: SignedIn
    student: SignedIn
    stranger: SignedIn
    other_teacher: SignedIn

    async def send(
        self, data: bytes, name: str, *, who: SignedIn | None = None, course: UUID | None = None, in_pieces: bool = False, **headers: str
    ) -> httpx.Response:
        async with client(who or self.editor) as browser:
            return await browser.post(
                f"/courses/{course or self.course}/media",
                content=pieces(data) if in_pieces else data,
                headers={"X-File-Name": quote(name), **headers},
            )

    async def ask(self, method: str, path: str = "", *, who: SignedIn | None = None, **options: Any) -> httpx.Response:
        async with client(who or self.editor) as browser:
            return await browser.request(method, f"/courses/{self.course}/media{path}", **options)

    def write(self, *blocks: dict[str, Any], publish: bool = True) -> None:
        """Has the page say something new."""
        with transaction() as session:
            page = session.get_one(Page, self.page)
            last = session.get_one(PageRevision, page.draft_revision_id)
            document = parse_document({"schema_version": 1, "blocks": list(blocks)}).dump()
            revision = PageRevision(page_id=page.id, number=last.number + 1, title="On rocks", document=document, created_at=clock.now())
            session.add(revision)
            session.flush()
            page.title, page.draft_revision_id = "On rocks", revision.id
            if publish:
                authoring.publish_page(session, self.editor.actor, self.page)


@pytest.fixture
def desk(committed_database: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("STORAGE_DIR", str(tmp_path / "storage"))
    monkeypatch.setenv("MEDIA_LIMIT_MB", "1")
    get_settings.cache_clear()
    student, stranger, other = sign_in(Role.STUDENT), sign_in(Role.STUDENT), sign_in(Role.INSTRUCTOR)
    editor, grader = sign_in(Role.INSTRUCTOR), sign_in(Role.INSTRUCTOR)
    with transaction() as session:
        campus = new_campus(session)
        for who, role in ((editor, StaffRole.EDITOR), (grader, StaffRole.GRADER)):
            session.add(Membership(course_id=campus.course.id, person_id=who.actor.person_id, role=role, created_at=clock.now()))
        enrollments.enroll(session, student.actor, campus.course.slug)
        authoring.create_course(session, other.actor, title="Somebody else's")
        page = session.exec(select(Page.id).where(Page.course_id == campus.course.id)).first()
        assert page is not None
        made = Desk(campus.course.id, page, editor, grader, student, stranger, other)
    yield made
    get_settings.cache_clear()


def client(who: SignedIn) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(browser_app()), base_url="http://localhost:8000", headers={"Cookie": who.cookie})


async def pieces(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 4096):
        yield data[start : start + 4096]


def stored() -> tuple[int, int]:
    """How many files there are, and how many lie in the storage."""
    with transaction() as session:
        rows = len(session.exec(select(StoredFile)).all())
    return rows, sum(path.is_file() for path in get_settings().storage.rglob("*"))


async def test_a_picture_comes_in_sealed_and_a_student_reads_it_once_a_published_page_shows_it(desk: Desk) -> None:
    answer = await desk.send(png((3000, 1500)), "Ätna at night.png", **{"Content-Type": "text/html"})
    assert answer.status_code == 201, answer.text
    file = answer.json()
    assert {key: file[key] for key in ("name", "media_type", "kind", "width", "height", "uses")} == {
        "name": "Ätna at night.png",
        "media_type": "image/png",
        "kind": "image",
        "width": 2000,
        "height": 1000,
        "uses": 0,
    }
    assert not any(b"PNG" in path.read_bytes() for path in get_settings().storage.rglob("*") if path.is_file())
    async with client(desk.student) as browser:
        assert (await browser.get(f"/files/{file['id']}")).status_code == 404
        desk.write({"id": "block0000001", "type": "image", "file": file["id"], "alt": "Etna"}, publish=False)
        assert (await browser.get(f"/files/{file['id']}")).status_code == 404, "it stands in a draft alone"
        desk.write({"id": "block0000001", "type": "image", "file": file["id"], "alt": "Etna at night"})
        whole = await browser.get(f"/files/{file['id']}")
        part = await browser.get(f"/files/{file['id']}", headers={"Range": "bytes=1-3"})
    assert (whole.status_code, whole.headers["content-type"], len(whole.content)) == (200, "image/png", file["size"])
    assert Image.open(io.BytesIO(whole.content)).size == (2000, 1000)
    assert (part.status_code, part.content) == (206, b"PNG")
    async with client(desk.stranger) as browser:
        assert (await browser.get(f"/files/{file['id']}")).status_code == 404


@pytest.mark.parametrize("who", ["grader", "student", "stranger", "other_teacher"])
async def test_only_authors_of_the_course_see_and_change_its_files(desk: Desk, who: str) -> None:
    file = (await desk.send(TEXT, "data.csv")).json()["id"]
    person = getattr(desk, who)
    answers = [
        await desk.send(png(), "a.png", who=person),
        await desk.ask("GET", who=person),
        await desk.ask("GET", f"/{file}/uses", who=person),
        await desk.ask("PATCH", f"/{file}", who=person, json={"name": "mine"}),
        await desk.ask("DELETE", f"/{file}", who=person),
    ]
    assert [answer.status_code for answer in answers] == [404] * 5
    assert stored() == (1, 1)


async def test_a_file_of_another_course_is_not_here(desk: Desk) -> None:
    with transaction() as session:
        own = authoring.create_course(session, desk.editor.actor, title="Another of mine").id
    file = (await desk.send(TEXT, "data.csv", course=own)).json()["id"]
    assert [(await desk.ask(method, f"/{file}{end}", **options)).status_code for method, end, options in REACHING] == [404] * 3
    assert (await desk.ask("GET")).json() == {"files": [], "more": False}


REACHING: list[tuple[str, str, dict[str, Any]]] = [("GET", "/uses", {}), ("PATCH", "", {"json": {"name": "mine"}}), ("DELETE", "", {})]
A_THOUSAND_PAGES = text("""
    WITH made AS (
        INSERT INTO pages (id, course_id, lesson_id, title, position, status, completion_rule, required, rule_version, minutes, created_at)
        SELECT gen_random_uuid(), p.course_id, p.lesson_id, 'Page ' || n, 'b' || n, 'draft', 'read', true, 1, 1, now()
        FROM pages p, generate_series(1, 1000) n WHERE p.id = :page RETURNING id)
    INSERT INTO page_revisions (id, page_id, number, title, document, spell, created_at)
    SELECT gen_random_uuid(), id, 1, 'x',
        jsonb_build_object('blocks', jsonb_build_array(jsonb_build_object('type', 'image', 'file', CAST(:file AS text)))), '',
        now() FROM made
""")
BIG = b"%PDF-1.7\n" + bytes(1 << 20)


async def test_what_may_not_come_is_refused_in_a_sentence_and_nothing_of_it_stays(desk: Desk) -> None:
    refused = [
        (await desk.send(BIG, "paper.pdf"), 413),
        (await desk.send(BIG, "paper.pdf", in_pieces=True), 413),
        (await desk.send(b"", "paper.pdf"), 422),
        (await desk.send(b"<html><script>alert(1)</script>", "photo.png", **{"Content-Type": "image/png"}), 422),
        (await desk.send(b"MZ\x90\0" * 300, "photo.png"), 422),
        (await desk.send(png()[:60], "photo.png"), 422),
        (await desk.send(b"<svg xmlns='http://www.w3.org/2000/svg'><g></svg>", "drawing.svg"), 422),
        (await desk.send(b"WEBVTT\n\nnothing", "talk.vtt"), 422),
        (await desk.send(b"nothing", "talk.srt"), 422),
        (await desk.send(png(), ""), 422),
    ]
    assert [answer.status_code for answer, _ in refused] == [status for _, status in refused]
    assert all(answer.json()["title"].endswith(".") for answer, _ in refused), [answer.json() for answer, _ in refused]
    assert "1 MB" in refused[0][0].json()["title"]
    assert stored() == (0, 0)


async def test_a_large_file_passes_the_walls_and_other_routes_keep_theirs(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_LIMIT_MB", "4")
    get_settings.cache_clear()

    async def mounted(scope: Any, receive: Any, send: Any) -> None:
        await browser_app()({**scope, "path": scope["path"].removeprefix("/v")}, receive, send)

    headers = {"Cookie": desk.editor.cookie, "X-Lyceum": "1", "Origin": "http://localhost:8000", "X-File-Name": "paper.pdf"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(protect(mounted)), base_url="http://localhost:8000", headers=headers) as browser:
        taken = await browser.post(f"/v/courses/{desk.course}/media", content=pieces(b"%PDF-1.7\n" + bytes(3 << 20)))
        beside = await browser.patch(f"/v/courses/{desk.course}/media/{desk.page}", content=bytes(3 << 20))
    assert (taken.status_code, taken.json()["size"]) == (201, 9 + (3 << 20))
    assert beside.status_code == 413


async def test_a_drawing_is_made_harmless_before_it_is_kept(desk: Desk) -> None:
    source = b"<svg xmlns='http://www.w3.org/2000/svg' width='30' height='20' onload='alert(1)'><script>alert(1)</script><rect/></svg>"
    file = (await desk.send(source, "drawing.svg")).json()
    async with client(desk.editor) as browser:
        kept = await browser.get(f"/files/{file['id']}")
    assert b"alert" not in kept.content
    assert b"<rect>" in kept.content
    assert (file["media_type"], file["width"], file["height"]) == ("image/svg+xml", 30, 20)


async def test_subrip_becomes_captions_that_browsers_show(desk: Desk) -> None:
    file = (await desk.send("1\r\n00:00:01,000 --> 00:00:02,500\r\nGr\xfc\xdfe <i>dich</i>\r\n".encode("cp1252"), "talk.srt")).json()
    assert (file["name"], file["media_type"], file["kind"]) == ("talk.vtt", "text/vtt", "captions")
    async with client(desk.editor) as browser:
        kept = (await browser.get(f"/files/{file['id']}")).text
    assert kept == "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nGrüße dich\n"


async def test_the_same_sent_twice_is_one_file_and_in_another_course_another(desk: Desk) -> None:
    first = await desk.send(png(), "a.png")
    again = await desk.send(png(), "b.png")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert stored() == (1, 1)
    with transaction() as session:
        own = authoring.create_course(session, desk.editor.actor, title="Another of mine").id
    assert (await desk.send(png(), "a.png", course=own)).json()["id"] != first.json()["id"]
    assert stored() == (2, 2)


async def test_files_are_listed_by_kind_and_name_fifty_at_a_time_the_newest_first(desk: Desk) -> None:
    for number in range(52):
        assert (await desk.send(f"{number}".encode(), f"table {number}.csv")).status_code == 201
    await desk.send(png(), "100%_teal.png")
    first = (await desk.ask("GET")).json()
    assert [len(first["files"]), first["more"], first["files"][0]["name"], first["files"][1]["name"]] == [50, True, "100%_teal.png", "table 51.csv"]
    rest = (await desk.ask("GET", params={"after": first["files"][-1]["id"]})).json()
    assert ([file["name"] for file in rest["files"]], rest["more"]) == (["table 2.csv", "table 1.csv", "table 0.csv"], False)
    assert [file["name"] for file in (await desk.ask("GET", params={"kind": "image"})).json()["files"]] == ["100%_teal.png"]
    assert len((await desk.ask("GET", params={"kind": "file", "search": "TABLE 5"})).json()["files"]) == 3
    assert [file["name"] for file in (await desk.ask("GET", params={"search": "%_"})).json()["files"]] == ["100%_teal.png"]
    assert (await desk.ask("GET", params={"kind": "nonsense"})).status_code == 422


async def test_a_file_is_renamed_and_keeps_its_ending(desk: Desk) -> None:
    file = (await desk.send(png(), "a.png")).json()["id"]
    renamed = await desk.ask("PATCH", f"/{file}", json={"name": "Teal.html"})
    assert renamed.json()["name"] == "Teal.html.png"
    assert (await desk.ask("PATCH", f"/{file}", json={"name": "  "})).status_code == 422
    assert [each["name"] for each in (await desk.ask("GET")).json()["files"]] == ["Teal.html.png"]


async def test_every_way_to_refer_to_a_file_counts_as_its_use(desk: Desk) -> None:
    names = ["picture.png", "linked.csv", "inside.png", "cover.png", "asked.png", "introduced.png", "nowhere.png"]
    ids: dict[str, str] = {}
    for number, name in enumerate(names):
        data = TEXT if name.endswith("csv") else png(color=f"#00000{number}")
        ids[name] = (await desk.send(data, name)).json()["id"]
    linked = text_block("see", 2)
    linked["content"]["content"][0]["content"] = [
        {"type": "text", "text": "data", "marks": [{"type": "link", "attrs": {"href": f"file:{ids['linked.csv']}"}}]}
    ]
    desk.write(
        {"id": "block0000001", "type": "image", "file": ids["picture.png"], "alt": "Rock"},
        linked,
        {"id": "block0000003", "type": "html", "html": f'<p><img src="file:{ids["inside.png"].upper()}" alt=""></p>'},
    )
    with transaction() as session:
        session.get_one(Course, desk.course).cover_file_id = UUID(ids["cover.png"])
        question = Question(course_id=desk.course, type=QuestionType.HOTSPOT, title="Where?", created_at=clock.now())
        session.add(question)
        session.flush()
        body = {"image": {"file": ids["asked.png"], "alt": "x"}}
        revision = QuestionRevision(question_id=question.id, number=1, type=QuestionType.HOTSPOT, body=body, created_at=clock.now())
        session.add(revision)
        session.flush()
        question.draft_revision_id = revision.id
        quiz = quiz_authoring.add_quiz(session, desk.editor.actor, desk.page, title="Which rock?", practice=False)
        (section,) = session.exec(select(AssessmentSection).where(AssessmentSection.assessment_revision_id == quiz.draft_revision_id)).all()
        section.introduction = f"Look at this: ![a rock](file:{ids['introduced.png']})"
        session.add(section)
        quiz_id = str(quiz.id)
    found = {name: (await desk.ask("GET", f"/{file}/uses")).json() for name, file in ids.items()}
    assert {name: [(use["kind"], use["in_draft"], use["in_published"]) for use in places] for name, places in found.items()} == {
        "picture.png": [("page", True, True)],
        "linked.csv": [("page", True, True)],
        "inside.png": [("page", True, True)],
        "cover.png": [("cover", True, True)],
        "asked.png": [("question", True, False)],
        "introduced.png": [("quiz", True, False)],
        "nowhere.png": [],
    }
    assert found["picture.png"][0] | {"kind": ""} == found["picture.png"][0] | {
        "kind": "",
        "title": "On rocks",
        "address": f"/teach/pages/{desk.page}",
    }
    assert found["introduced.png"][0]["address"] == f"/teach/quizzes/{quiz_id}"
    assert (await desk.ask("DELETE", f"/{ids['introduced.png']}")).json()["title"].startswith("introduced.png is used in the quiz “Which rock?”.")
    listed = {file["name"]: file["uses"] for file in (await desk.ask("GET")).json()["files"]}
    assert listed == {"picture.png": 1, "linked.csv": 1, "inside.png": 1, "cover.png": 1, "asked.png": 1, "introduced.png": 1, "nowhere.png": 0}


async def test_a_used_file_stays_and_the_refusal_says_where_it_is(desk: Desk) -> None:
    file = (await desk.send(png(), "a.png")).json()["id"]
    desk.write({"id": "block0000001", "type": "image", "file": file, "alt": "Rock"})
    refused = await desk.ask("DELETE", f"/{file}")
    assert (refused.status_code, refused.json()["title"]) == (409, "a.png is used on the page “On rocks”. Take it out there first.")
    # Taken out of the draft alone it is still what students see.
    desk.write(text_block("Nothing to see"), publish=False)
    assert (await desk.ask("DELETE", f"/{file}")).status_code == 409
    assert (await desk.ask("GET", f"/{file}/uses")).json()[0]["in_draft"] is False


async def test_a_file_that_an_earlier_version_shows_leaves_the_library_and_can_come_back(desk: Desk) -> None:
    file = (await desk.send(png(), "a.png")).json()["id"]
    desk.write({"id": "block0000001", "type": "image", "file": file, "alt": "Rock"})
    desk.write(text_block("Nothing to see"))
    assert (await desk.ask("DELETE", f"/{file}")).status_code == 204
    assert (await desk.ask("GET")).json()["files"] == []
    assert (await desk.ask("PATCH", f"/{file}", json={"name": "b"})).status_code == 404
    # Whoever restores that version finds it there.
    for who, status in ((desk.editor, 200), (desk.student, 404)):
        async with client(who) as browser:
            assert (await browser.get(f"/files/{file}")).status_code == status
    back = await desk.send(png(), "b.png")
    assert (back.status_code, back.json()["id"], back.json()["name"]) == (200, file, "b.png")
    assert [each["id"] for each in (await desk.ask("GET")).json()["files"]] == [file]


async def test_a_file_that_was_used_nowhere_goes_with_its_bytes(desk: Desk) -> None:
    file = (await desk.send(png(), "a.png")).json()["id"]
    assert (await desk.ask("DELETE", f"/{file}")).status_code == 204
    assert stored() == (0, 0)
    async with client(desk.editor) as browser:
        assert (await browser.get(f"/files/{file}")).status_code == 404


async def test_where_files_are_used_is_found_at_once_however_many_pages_there_are(desk: Desk) -> None:
    file = (await desk.send(png(), "a.png")).json()["id"]
    with transaction() as session:
        session.execute(A_THOUSAND_PAGES, {"page": desk.page, "file": file})
        session.execute(
            text("UPDATE pages p SET draft_revision_id = r.id FROM page_revisions r WHERE r.page_id = p.id AND p.draft_revision_id IS NULL")
        )
    with transaction() as session:
        told: list[str] = []
        event.listen(session.connection(), "before_cursor_execute", lambda *call: told.append(call[2]))
        found = media.library(session, desk.editor.actor, desk.course)
    assert [each.uses for each in found.files] == [1000]
    # The course, its files, their uses.
    assert len(told) == 3, told
