"""A course from the request to its file, and an import that is stopped half way."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlmodel import select

from lms_app.adapters import clock, storage
from lms_app.database import transaction
from lms_app.domain.courses import exports, import_reports, importing, imports
from lms_app.errors import Conflict, Invalid, LimitReached, NotFound
from lms_app.interchange.course_formats import WRITERS, read_course
from lms_app.models import Course, ExportJob, ImportJob, Notification, Page, StoredFile
from lms_app.words import ImportStatus, Role, StaffRole
from tests.interchange.olx_builder import build_short_course
from tests.support.apps import browser_app
from tests.support.campus import Campus, new_actor
from tests.support.foreign_course import course_of_all
from tests.support.people import sign_in
from tests.workers.test_imports import asked, files_in

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url", "folder")


def run(export_id: UUID) -> None:
    from workers.exports import run as job

    job(str(export_id))


def requested(campus: Campus, format_: str = "lyceum") -> UUID:
    with transaction() as session:
        return exports.request(session, campus.instructor, campus.course.id, format_)


@pytest.mark.parametrize("format_", WRITERS)
def test_a_course_is_written_and_can_be_read_back(format_: str, campus: Campus, folder: Path, tmp_path: Path) -> None:
    export_id = requested(campus, format_)
    run(export_id)
    with transaction() as session:
        line = next(line for line in exports.exports_of(session, campus.instructor, campus.course.id) if line.format == format_)
        assert (line.status, line.refusal) == (ImportStatus.DONE, "")
        file = exports.export_file(session, campus.instructor, export_id)
    data = storage.get(file.storage_key, key=file.key)
    assert len(data) == line.size == file.size
    assert file.filename == f"stones{WRITERS[format_][1]}"
    (tmp_path / "course").write_bytes(data)
    read = read_course(tmp_path / "course")
    assert read.title == campus.course.title
    assert len(files_in(folder)) == 1


def test_a_second_run_writes_nothing_more_and_a_new_export_takes_the_place_of_the_old(campus: Campus, folder: Path) -> None:
    first = requested(campus)
    run(first)
    run(first)
    assert len(files_in(folder)) == 1
    second = requested(campus)
    run(second)
    assert len(files_in(folder)) == 1
    with transaction() as session:
        assert [row.id for row in session.exec(select(ExportJob)).all()] == [second]
        assert len(session.exec(select(StoredFile)).all()) == 1


def test_asking_twice_is_one_export_and_a_fourth_at_once_waits(campus: Campus) -> None:
    assert requested(campus) == requested(campus)
    requested(campus, "cartridge")
    requested(campus, "olx")
    with pytest.raises(LimitReached):
        requested(campus, "markdown")
    with pytest.raises(Invalid):
        requested(campus, "scorm")


def test_only_owners_and_editors_have_a_course_written_or_fetch_it(campus: Campus) -> None:
    export_id = requested(campus)
    run(export_id)
    with transaction() as session:
        strangers = [campus.student, new_actor(session, "Otto Other", teaches=True)]
    for actor in strangers:
        with transaction() as session:
            with pytest.raises(NotFound):
                exports.request(session, actor, campus.course.id, "lyceum")
            with pytest.raises(NotFound):
                exports.export_file(session, actor, export_id)
            with pytest.raises(NotFound):
                exports.exports_of(session, actor, campus.course.id)


async def test_the_file_comes_through_a_route_that_asks_who_it_is(folder: Path) -> None:
    answers = []
    for role in (StaffRole.EDITOR, StaffRole.GRADER, None):
        who = sign_in(Role.INSTRUCTOR)
        ids = course_of_all(f"course-{role}", who if role else None, role or StaffRole.OWNER)
        with transaction() as session:
            row = session.get_one(ExportJob, UUID(ids["export_id"]))
            file = session.get_one(StoredFile, row.file_id)
            file.storage_key = storage.put(b"PK-course", key=exports.key_ring.key(session, file.key_owner))
            file.size = 9
        async with httpx.AsyncClient(transport=httpx.ASGITransport(browser_app()), base_url="http://localhost:8000") as client:
            answers.append(await client.get(f"/exports/{ids['export_id']}", headers={"Cookie": who.cookie}))
    assert [answer.status_code for answer in answers] == [200, 404, 404]
    assert answers[0].content == b"PK-course"
    assert answers[0].headers["content-disposition"].startswith("attachment")


def test_an_export_is_gone_after_a_week(campus: Campus, folder: Path) -> None:
    export_id = requested(campus)
    run(export_id)
    with transaction() as session:
        exports.clean_up(session, delete=storage.delete)
        assert session.get(ExportJob, export_id) is not None
        session.get_one(ExportJob, export_id).created_at = clock.now() - timedelta(days=8)
    with transaction() as session:
        exports.clean_up(session, delete=storage.delete)
    assert files_in(folder) == []
    with transaction() as session, pytest.raises(NotFound):
        exports.export_file(session, campus.instructor, export_id)


def test_a_fault_leaves_no_file_and_gives_a_reference(campus: Campus, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export_id = requested(campus)

    def fail(*given: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setitem(WRITERS, "lyceum", (fail, ".zip"))
    run(export_id)
    with transaction() as session:
        line = exports.exports_of(session, campus.instructor, campus.course.id)[0]
    assert line.status == ImportStatus.FAILED
    assert "the reference " in line.refusal
    assert "disk" not in line.refusal
    assert files_in(folder) == []


def test_a_written_course_holds_nobodys_name(campus: Campus) -> None:
    campus_person = "Zanzibar Person"
    with transaction() as session:
        from lms_app.models import Person

        session.get_one(Person, campus.instructor.person_id).name = campus_person
        session.get_one(Person, campus.student.person_id).name = campus_person
    export_id = requested(campus)
    run(export_id)
    with transaction() as session:
        file = exports.export_file(session, campus.instructor, export_id)
    with zipfile.ZipFile(io.BytesIO(storage.get(file.storage_key, key=file.key))) as archive:
        texts = b"".join(archive.read(name) for name in archive.namelist())
    assert campus_person.encode() not in texts
    assert str(campus.instructor.person_id).encode() not in texts


def cancelled(import_id: UUID) -> None:
    with transaction() as session:
        row = session.get_one(ImportJob, import_id)
        owner = new_actor(session, "x", teaches=True).__class__(person_id=row.person_id, roles=frozenset({Role.INSTRUCTOR}))
        imports.cancel(session, owner, import_id)


def left_of(import_id: UUID, folder: Path) -> tuple[str, list[object]]:
    """What became of an import, and everything that is there besides."""
    with transaction() as session:
        rows = [row for table in (Course, Page, StoredFile, Notification) for row in session.exec(select(table)).all()]
        return session.get_one(ImportJob, import_id).status, [*rows, *files_in(folder)]


def test_an_import_that_is_cancelled_before_its_turn_leaves_nothing(tmp_path: Path, folder: Path) -> None:
    from workers.imports import run as job

    with transaction() as session:
        teacher = new_actor(session, "Ines Teacher", teaches=True)
    import_id = asked(teacher, build_short_course(tmp_path).read_bytes())
    cancelled(import_id)
    job(str(import_id))
    assert left_of(import_id, folder) == (ImportStatus.CANCELLED, [])


@pytest.mark.parametrize("moment", ["while it stores", "at the very end"])
def test_an_import_that_is_cancelled_while_it_runs_stops_and_leaves_nothing(
    moment: str, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workers import progress
    from workers.imports import run as job

    with transaction() as session:
        teacher = new_actor(session, "Ines Teacher", teaches=True)
    import_id = asked(teacher, build_short_course(tmp_path).read_bytes())
    real = importing._Import._write if moment == "at the very end" else importing._Import._store_file
    done: list[int] = []

    def first_cancel(self, *given):
        if not done:
            done.append(1)
            cancelled(import_id)
        return real(self, *given)

    monkeypatch.setattr(progress, "EVERY", 0 if moment == "while it stores" else 1000)
    monkeypatch.setattr(importing._Import, real.__name__, first_cancel)
    job(str(import_id))
    assert done
    assert left_of(import_id, folder) == (ImportStatus.CANCELLED, [])


def test_an_import_that_is_over_cannot_be_cancelled_and_a_strangers_does_not_exist(tmp_path: Path) -> None:
    from workers.imports import run as job

    with transaction() as session:
        teacher = new_actor(session, "Ines Teacher", teaches=True)
        stranger = new_actor(session, "Otto Other", teaches=True)
    import_id = asked(teacher, build_short_course(tmp_path).read_bytes())
    with transaction() as session, pytest.raises(NotFound):
        imports.cancel(session, stranger, import_id)
    job(str(import_id))
    with transaction() as session, pytest.raises(Conflict):
        imports.cancel(session, teacher, import_id)
    with transaction() as session:
        assert import_reports.import_view(session, teacher, import_id).status == ImportStatus.DONE
