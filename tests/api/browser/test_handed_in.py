"""The door for files that are handed in: whose attempt, which question, what, and how much."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest
from sqlmodel import select

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.assessments import attempts
from lms_app.models import Membership, QuestionScore, StoredFile
from lms_app.settings import get_settings
from lms_app.words import Outcome, QuestionType, Role, StaffRole
from tests.support.apps import browser_app
from tests.support.campus import new_campus
from tests.support.marking import question_of, write_answer, written_course
from tests.support.people import SignedIn, sign_in

PDF = b"%PDF-1.7\n" + b"x" * 100_000


@dataclass
class Sitting:
    """A student in an open attempt, the teacher, and somebody else."""

    student: SignedIn
    teacher: SignedIn
    stranger: SignedIn
    attempt: UUID
    question: UUID
    essay: UUID
    quiz: UUID


@pytest.fixture
def sitting(committed_database: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STORAGE_DIR", str(tmp_path / "storage"))
    get_settings.cache_clear()
    student, stranger, teacher = sign_in(Role.STUDENT), sign_in(Role.STUDENT), sign_in(Role.STUDENT, Role.INSTRUCTOR)
    with transaction() as session:
        campus = new_campus(session, written_course(files=True, anonymous=True))
        session.add(Membership(course_id=campus.course.id, person_id=teacher.actor.person_id, role=StaffRole.GRADER, created_at=clock.now()))
        campus.enroll(student.actor)
        campus.enroll(stranger.actor)
        quiz = campus.quiz("Final essay").id
        sheet = attempts.start(session, student.actor, quiz)
        attempts.start(session, stranger.actor, quiz)
        yielded = Sitting(
            student, teacher, stranger, UUID(sheet.id), question_of(campus, QuestionType.FILE_UPLOAD), question_of(campus, QuestionType.ESSAY), quiz
        )
    yield yielded
    get_settings.cache_clear()


def client(who: SignedIn) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(browser_app()), base_url="http://localhost:8000", headers={"Cookie": who.cookie})


async def send(sitting: Sitting, data: bytes = PDF, name: str = "Müller drawing.pdf", *, who: SignedIn | None = None, question: UUID | None = None):
    headers = {"X-File-Name": quote(name), "X-Question": str(question or sitting.question)}
    async with client(who or sitting.student) as browser:
        return await browser.post(f"/attempts/{sitting.attempt}/files", content=data, headers=headers)


async def pieces(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 100):
        yield data[start : start + 100]


def stored() -> tuple[int, int]:
    with transaction() as session:
        rows = len(session.exec(select(StoredFile)).all())
    return rows, sum(path.is_file() for path in get_settings().storage.rglob("*"))


async def test_a_file_is_taken_sealed_and_given_back_to_its_owner_to_be_saved(sitting: Sitting) -> None:
    answer = await send(sitting)
    assert answer.status_code == 200, answer.text
    file = answer.json()
    assert (file["name"], file["size"]) == ("Müller drawing.pdf", len(PDF))
    async with client(sitting.student) as browser:
        sheet = (await browser.get(f"/attempts/{sitting.attempt}")).json()
        back = await browser.get(f"/attempts/{sitting.attempt}/files/{file['id']}")
    assert [question["extras"].get("given") for question in sheet["questions"]] == [None, [file]]
    assert back.content == PDF
    assert back.headers["content-disposition"].startswith("attachment; filename*=UTF-8''M%C3%BCller")
    assert not any(b"%PDF" in path.read_bytes() for path in get_settings().storage.rglob("*") if path.is_file())


async def test_what_may_not_be_sent_is_refused_and_nothing_of_it_is_kept(sitting: Sitting) -> None:
    refused = [
        (await send(sitting, who=sitting.stranger), 404),
        (await send(sitting, question=sitting.essay), 404),
        (await send(sitting, name="drawing.exe"), 422),
        (await send(sitting, b"MZ\x90\0" * 1000), 422),
        (await send(sitting, b"MZ\x90"), 422),
        (await send(sitting, b""), 422),
        (await send(sitting, PDF + b"x" * 2_000_000), 413),
        (await send(sitting, name="  "), 422),
    ]
    assert [answer.status_code for answer, _ in refused] == [status for _, status in refused]
    assert all(answer.json()["title"].endswith(".") for answer, _ in refused)
    assert stored() == (0, 0)


async def test_a_body_that_does_not_say_its_length_is_measured_as_it_comes(sitting: Sitting) -> None:
    headers = {"X-File-Name": "a.pdf", "X-Question": str(sitting.question)}
    async with client(sitting.student) as browser:
        fits = await browser.post(f"/attempts/{sitting.attempt}/files", content=pieces(PDF), headers=headers)
        too_much = await browser.post(f"/attempts/{sitting.attempt}/files", content=pieces(PDF + b"x" * 2_000_000), headers=headers)
    assert (fits.status_code, too_much.status_code) == (200, 413)
    assert stored() == (1, 1)


async def test_nobody_fills_the_disk_by_replacing_a_file(sitting: Sitting) -> None:
    answers = [(await send(sitting, b"%PDF-")).status_code for _ in range(12)]
    assert answers == [200] * 11 + [409]


async def test_a_submitted_attempt_takes_no_more(sitting: Sitting) -> None:
    with transaction() as session:
        attempts.submit(session, sitting.student.actor, sitting.attempt)
    assert (await send(sitting)).status_code == 409


async def test_a_file_of_somebody_elses_counts_as_not_given(sitting: Sitting) -> None:
    mine = (await send(sitting)).json()["id"]
    with transaction() as session:
        theirs = attempts.start(session, sitting.stranger.actor, sitting.quiz)
        write_answer(session, sitting.stranger.actor, UUID(theirs.id), sitting.question, QuestionType.FILE_UPLOAD, {"files": [mine]})
        attempts.submit(session, sitting.stranger.actor, UUID(theirs.id))
        outcomes = session.exec(select(QuestionScore.outcome).where(QuestionScore.question_id == sitting.question)).all()
    assert outcomes == [Outcome.BLANK]
    async with client(sitting.stranger) as browser:
        assert (await browser.get(f"/attempts/{sitting.attempt}/files/{mine}")).status_code == 404
        assert (await browser.get(f"/attempts/{theirs.id}/files/{mine}")).status_code == 404


async def test_a_marker_gets_the_file_of_the_script_in_hand_and_its_name_tells_nobody(sitting: Sitting) -> None:
    file = (await send(sitting)).json()["id"]
    with transaction() as session:
        write_answer(session, sitting.student.actor, sitting.attempt, sitting.question, QuestionType.FILE_UPLOAD, {"files": [file]})
        attempts.submit(session, sitting.student.actor, sitting.attempt)
    async with client(sitting.teacher) as browser:
        script = (await browser.post(f"/marking/quizzes/{sitting.quiz}/next", json={})).json()["script"]
        assert [entry["name"] for entry in script["files"]] == ["File 1.pdf"]
        back = await browser.get(f"/marking/claims/{script['claim']}/files/{file}")
        elsewhere = await browser.get(f"/files/{file}")
    assert (back.content, back.headers["content-disposition"]) == (PDF, "attachment; filename*=UTF-8''File%201.pdf")
    assert elsewhere.status_code == 404
    async with client(sitting.stranger) as browser:
        assert (await browser.get(f"/marking/claims/{script['claim']}/files/{file}")).status_code == 409
        assert (await browser.post(f"/marking/quizzes/{sitting.quiz}/next", json={})).status_code == 404
