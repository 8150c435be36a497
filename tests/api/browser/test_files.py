"""Course files and certificates over HTTP: who gets them, whole or in part, and what a browser may do with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlmodel import select

from lms_app.adapters import clock, storage
from lms_app.crypto import INSTALLATION, key_ring
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.certificates import issuing
from lms_app.domain.courses import authoring
from lms_app.domain.enrollments import enrollments
from lms_app.models import Certificate, Course, Enrollment, Page, StoredFile
from lms_app.settings import get_settings
from lms_app.words import Role
from tests.support.apps import browser_app
from tests.support.campus import new_campus
from tests.support.people import SignedIn, sign_in
from tests.support.writing import write_markdown

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")

DATA = bytes(range(256)) * 1000


@dataclass
class Shelf:
    """A published course with files on one of its pages, and people around it."""

    course_id: UUID
    author: Actor
    page_id: UUID
    student: SignedIn
    stranger: SignedIn
    other_teacher: SignedIn

    def put(self, media_type: str = "video/mp4", filename: str = "film.mp4", data: bytes = DATA) -> UUID:
        with transaction() as session:
            row = StoredFile(
                key_owner=INSTALLATION,
                course_id=self.course_id,
                purpose="course",
                filename=filename,
                media_type=media_type,
                size=len(data),
                storage_key=storage.put(data, key=key_ring.create_once(session)),
                created_at=clock.now(),
            )
            session.add(row)
            session.flush()
            page = session.get_one(Page, self.page_id)
            write_markdown(session, self.author, page, f"[A file](file:{row.id})")
            authoring.publish_page(session, self.author, page.id)
            return row.id


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    monkeypatch.setenv("STORAGE_DIR", str(tmp_path / "storage"))
    get_settings.cache_clear()
    student, stranger, teacher = sign_in(Role.STUDENT), sign_in(Role.STUDENT), sign_in(Role.INSTRUCTOR)
    with transaction() as session:
        campus = new_campus(session)
        enrollments.enroll(session, student.actor, campus.slug)
        authoring.create_course(session, teacher.actor, title="Another course")
        course_id, author, page_id = campus.course.id, campus.instructor, campus.page("Sand").id
    yield Shelf(course_id, author, page_id, student, stranger, teacher)
    get_settings.cache_clear()


async def get(path: str, who: SignedIn | None = None, **headers: str) -> httpx.Response:
    cookie = {"Cookie": who.cookie} if who else {}
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(browser_app()), base_url="http://localhost:8000") as client:
        return await client.get(path, headers=cookie | sent)


async def test_who_takes_the_course_gets_its_files_and_nobody_else(shelf: Shelf) -> None:
    path = f"/files/{shelf.put()}"
    answer = await get(path, shelf.student)
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, DATA, "video/mp4")
    assert [(await get(path, who)).status_code for who in (None, shelf.stranger, shelf.other_teacher)] == [404, 404, 404]


async def test_a_cover_is_anybodys_while_the_course_is_published(shelf: Shelf) -> None:
    cover = shelf.put("image/png", "cover.png")
    with transaction() as session:
        course = session.get_one(Course, shelf.course_id)
        course.cover_file_id = cover
        session.add(course)
    assert (await get(f"/files/{cover}")).status_code == 200
    with transaction() as session:
        course = session.get_one(Course, shelf.course_id)
        course.status = "draft"  # pyright: ignore[reportAttributeAccessIssue]
        session.add(course)
    assert (await get(f"/files/{cover}")).status_code == 404


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=65530-65545", 65530, 65546),
        ("bytes=255990-", 255990, 256000),
        ("bytes=-5", 255995, 256000),
        ("bytes=0-999999999", 0, 256000),
        ("bytes=-999999999", 0, 256000),
    ],
)
async def test_a_part_is_sent_as_asked_for(shelf: Shelf, wanted: str, start: int, end: int) -> None:
    answer = await get(f"/files/{shelf.put()}", shelf.student, Range=wanted)
    assert (answer.status_code, answer.content) == (206, DATA[start:end])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/256000"
    assert answer.headers["content-length"] == str(end - start)


@pytest.mark.parametrize("wanted", ["bytes=256000-", "bytes=999999-1000000", "bytes=-0"])
async def test_a_part_outside_the_file_is_refused_with_its_length(shelf: Shelf, wanted: str) -> None:
    answer = await get(f"/files/{shelf.put()}", shelf.student, Range=wanted)
    assert (answer.status_code, answer.content, answer.headers["content-range"]) == (416, b"", "bytes */256000")


@pytest.mark.parametrize("wanted", ["bytes=0-1,5-6", "lines=1-2", "bytes=", "bytes=-", "bytes=a-b", f"bytes={'9' * 5000}-"])
async def test_a_wish_that_is_not_understood_gets_the_whole_file(shelf: Shelf, wanted: str) -> None:
    answer = await get(f"/files/{shelf.put()}", shelf.student, Range=wanted)
    assert (answer.status_code, answer.content) == (200, DATA)


async def test_a_part_of_an_older_version_gets_the_whole_file(shelf: Shelf) -> None:
    answer = await get(f"/files/{shelf.put()}", shelf.student, Range="bytes=0-9", If_Range='"an older version"')
    assert (answer.status_code, answer.content) == (200, DATA)


async def test_an_empty_file_is_sent_empty(shelf: Shelf) -> None:
    path = f"/files/{shelf.put(data=b'')}"
    assert (await get(path, shelf.student)).content == b""
    assert (await get(path, shelf.student, Range="bytes=0-")).status_code == 416


async def test_a_drawing_opened_by_itself_runs_nothing(shelf: Shelf) -> None:
    answer = await get(f"/files/{shelf.put('image/svg+xml', 'stone.svg', b'<svg/>')}", shelf.student)
    rules = answer.headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "sandbox"} <= set(rules)
    assert not any("script" in rule for rule in rules)


@pytest.mark.parametrize(
    ("media_type", "filename", "disposition"),
    [
        ("image/png", "stone.png", "inline; filename*=UTF-8''stone.png"),
        ("text/html", "stone.html", "attachment; filename*=UTF-8''stone.html"),
        ("application/zip", 'Größe; "x"\r\n.zip', "attachment; filename*=UTF-8''Gr%C3%B6%C3%9Fe%3B%20%22x%22%0D%0A.zip"),
    ],
)
async def test_only_what_a_page_shows_is_opened_in_place(shelf: Shelf, media_type: str, filename: str, disposition: str) -> None:
    answer = await get(f"/files/{shelf.put(media_type, filename)}", shelf.student)
    assert answer.headers["content-disposition"] == disposition


async def test_a_file_whose_bytes_are_gone_is_not_found(shelf: Shelf) -> None:
    file_id = shelf.put()
    with transaction() as session:
        storage.delete(session.get_one(StoredFile, file_id).storage_key)
    assert (await get(f"/files/{file_id}", shelf.student)).status_code == 404


async def test_a_certificate_is_its_owners_and_is_drawn_again_when_its_file_is_lost(shelf: Shelf) -> None:
    with transaction() as session:
        enrollment = session.exec(select(Enrollment).where(Enrollment.person_id == shelf.student.actor.person_id)).one()
        enrollment.completed_at = clock.now()
        session.add(enrollment)
        session.flush()
        issuing.award(session, enrollment.id)
        code = session.exec(select(Certificate.code)).one()
    path = f"/certificates/{code}.pdf"
    first = await get(path, shelf.student)
    assert (first.status_code, first.content[:5], first.headers["content-disposition"][:10]) == (200, b"%PDF-", "attachment")
    with transaction() as session:
        row = session.exec(select(StoredFile).where(StoredFile.purpose == "certificate")).one()
        storage.delete(row.storage_key)
    again = await get(path, shelf.student)
    assert (again.status_code, again.content[:5]) == (200, b"%PDF-")
    assert [(await get(path, who)).status_code for who in (None, shelf.stranger)] == [401, 404]
