"""An archive from the door to the course: the request, the job, and what its owner is told."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from dramatiq.errors import Retry
from sqlmodel import Session, select

from lms_app.adapters import storage
from lms_app.database import engine, transaction
from lms_app.domain import turns
from lms_app.domain.actor import Actor
from lms_app.domain.courses import import_reports, importing, imports
from lms_app.errors import Invalid, LimitReached, NotAllowed, NotFound
from lms_app.models import Course, ImportJob, Notification, Page, StoredFile
from lms_app.words import ImportStatus, NotificationKind
from tests.interchange.olx_builder import build_short_course, pack
from tests.support.campus import new_actor
from workers.broker import GIVEN_UP, given_up

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url", "folder")


def run(import_id: UUID) -> None:
    from workers.imports import run as job

    job(str(import_id))


@pytest.fixture
def teacher() -> Actor:
    with transaction() as session:
        return new_actor(session, "Ines Teacher", teaches=True)


def asked(teacher: Actor, data: bytes, name: str = "sky.tar.gz") -> UUID:
    with transaction() as session:
        return imports.request(session, teacher, name, storage_key=storage.put(data, key=imports.admit(session, teacher)), size=len(data))


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_an_archive_becomes_a_draft_course_with_a_report_and_its_owner_hears_of_it(teacher: Actor, tmp_path: Path, folder: Path) -> None:
    import_id = asked(teacher, build_short_course(tmp_path).read_bytes())
    run(import_id)
    with transaction() as session:
        view = import_reports.import_view(session, teacher, import_id)
        assert (view.status, view.course, view.modules, view.lessons, view.pages, view.questions) == (ImportStatus.DONE, "The autumn sky", 2, 2, 3, 8)
        assert view.missing_files == ["orion.png"]
        assert view.removed_scripts >= 1
        assert any(entry.title == "Weighed by a script" for entry in view.unsupported)
        kept = session.exec(select(StoredFile)).all()
        assert {row.purpose for row in kept} == {"course"}, "The archive itself is not kept."
        assert len(files_in(folder)) == len(kept)
        news = session.exec(select(Notification)).one()
        assert (news.kind, news.subjects) == (NotificationKind.IMPORT_FINISHED, {"course": view.course_id})


def test_a_second_run_of_the_job_imports_nothing_more(teacher: Actor, tmp_path: Path) -> None:
    import_id = asked(teacher, build_short_course(tmp_path).read_bytes())
    run(import_id)
    run(import_id)
    with transaction() as session:
        assert len(session.exec(select(Course)).all()) == 1
        assert len(session.exec(select(Notification)).all()) == 1


def test_a_run_beside_another_waits_for_its_end(teacher: Actor, tmp_path: Path, folder: Path) -> None:
    import_id = asked(teacher, build_short_course(tmp_path).read_bytes())
    before = files_in(folder)
    with Session(engine()) as other, other.begin():
        assert turns.take(other, import_id)
        with pytest.raises(Retry):
            run(import_id)
    assert files_in(folder) == before
    run(import_id)
    with transaction() as session:
        assert len(session.exec(select(Course)).all()) == 1


def ends_after(monkeypatch: pytest.MonkeyPatch, module: ModuleType, step: str, end: Callable[[], None]) -> None:
    """Lets something come to its end once a run is through a step."""
    real = getattr(module, step)

    def late(*given: Any, **named: Any) -> Any:
        monkeypatch.setattr(module, step, real)
        done = real(*given, **named)
        end()
        return done

    monkeypatch.setattr(module, step, late)


def test_a_run_that_still_reads_when_another_is_done_imports_nothing_more(
    teacher: Actor, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workers import imports as worker

    import_id = asked(teacher, build_short_course(tmp_path).read_bytes())
    ends_after(monkeypatch, worker, "read_course", lambda: run(import_id))
    run(import_id)
    with transaction() as session:
        assert session.get_one(ImportJob, import_id).status == ImportStatus.DONE
        assert len(session.exec(select(Course)).all()) == 1
        assert len(files_in(folder)) == len(session.exec(select(StoredFile)).all())


@pytest.mark.parametrize("step", ["read", "store"])
def test_an_import_that_is_given_up_while_a_run_is_at_it_stays_so(
    teacher: Actor, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    from workers import imports as worker

    def give_up() -> None:
        with transaction() as session:
            given_up(session, imports.RUN, {"import_id": str(import_id)})

    import_id = asked(teacher, build_short_course(tmp_path).read_bytes())
    ends_after(monkeypatch, *{"read": (worker, "read_course"), "store": (importing, "store_course")}[step], give_up)
    run(import_id)
    with transaction() as session:
        row = session.get_one(ImportJob, import_id)
        assert (row.status, row.refusal) == (ImportStatus.FAILED, GIVEN_UP)
        assert session.exec(select(Course)).all() == []
        assert session.exec(select(Notification.kind)).all() == [NotificationKind.IMPORT_FAILED]
    assert files_in(folder) == []


def test_a_refused_archive_leaves_a_sentence_and_nothing_else(teacher: Actor, tmp_path: Path, folder: Path) -> None:
    import_id = asked(teacher, pack(tmp_path / "x.tar.gz", {"../outside.xml": "<course/>"}).read_bytes())
    run(import_id)
    with transaction() as session:
        view = import_reports.import_view(session, teacher, import_id)
        assert view.status == ImportStatus.FAILED
        assert view.refusal.endswith(".")
        assert session.exec(select(Course)).all() == []
        assert session.exec(select(StoredFile)).all() == []
        assert session.exec(select(Notification.kind)).all() == [NotificationKind.IMPORT_FAILED]
    assert files_in(folder) == []


def test_a_fault_half_way_leaves_nothing_and_gives_a_reference(teacher: Actor, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import_id = asked(teacher, build_short_course(tmp_path).read_bytes())
    real = imports.stored_report

    def fail(*given):
        real(*given)
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(imports, "stored_report", fail)
    run(import_id)
    with transaction() as session:
        view = import_reports.import_view(session, teacher, import_id)
        assert "the reference " in view.refusal
        assert "disk" not in view.refusal
        assert session.exec(select(Page)).all() == []
    assert files_in(folder) == []


def test_what_is_no_archive_is_refused_at_the_door() -> None:
    with pytest.raises(Invalid, match="not a course archive"):
        imports.check_start(b"%PDF-1.7 " + b"x" * 600)


def test_a_student_imports_nothing(tmp_path: Path) -> None:
    with transaction() as session:
        student = new_actor(session, "Ada Learner")
    with pytest.raises(NotAllowed):
        asked(student, build_short_course(tmp_path).read_bytes())


def test_a_fourth_import_at_once_waits(teacher: Actor, tmp_path: Path) -> None:
    data = build_short_course(tmp_path).read_bytes()
    for _ in range(3):
        asked(teacher, data)
    with pytest.raises(LimitReached):
        asked(teacher, data)


def test_another_instructors_import_does_not_exist(teacher: Actor, tmp_path: Path) -> None:
    import_id = asked(teacher, build_short_course(tmp_path).read_bytes())
    with transaction() as session:
        other = new_actor(session, "Otto Other", teaches=True)
        with pytest.raises(NotFound):
            import_reports.import_view(session, other, import_id)
        assert import_reports.own_imports(session, other) == []


def test_the_demo_course_comes_through_the_job(teacher: Actor, trial_data: Path) -> None:
    import_id = asked(teacher, (trial_data / "olx" / "openedx-demo-course.tar.gz").read_bytes())
    run(import_id)
    with transaction() as session:
        view = import_reports.import_view(session, teacher, import_id)
        assert (view.status, view.modules, view.lessons, view.pages, view.questions) == (ImportStatus.DONE, 6, 17, 58, 28)
        assert session.exec(select(ImportJob.report)).one()["course"]["slug"] == session.exec(select(Course.slug)).one()
