"""What somebody waits for comes to an end: what takes too long, what fails again and again, and what no worker ever confirms is refused and told."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from uuid import UUID, uuid4

import pytest
from dramatiq.errors import Retry
from dramatiq.middleware import TimeLimitExceeded
from psycopg2.errors import AdminShutdown
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from lms_app.adapters import jobs, storage
from lms_app.database import transaction
from lms_app.domain.courses import exports, imports
from lms_app.domain.reports import reports
from lms_app.domain.reports.sources import Asked
from lms_app.errors import Invalid
from lms_app.models import ExportJob, ImportJob, Notification, OutboxMessage, Report, StoredFile
from lms_app.words import ImportStatus, JobQueue, NotificationKind, ReportFormat, ReportKind
from tests.interchange.olx_builder import build_short_course
from tests.support.campus import Campus
from workers.broker import GIVEN_UP
from workers.default import sweep_outbox
from workers.endings import TOO_LONG, refused
from workers.jobs import broker

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url", "folder")


def fail(with_what: BaseException) -> Callable[..., None]:
    def act(*_: object) -> None:
        raise with_what

    return act


def cancel_a_statement(*_: object) -> None:
    """As Postgres does after the time that a statement may take."""
    with transaction() as session:
        session.execute(text("SET LOCAL statement_timeout = 1"))
        session.execute(text("SELECT pg_sleep(1)"))


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (fail(Invalid("That is no course.")), "That is no course."),
        (cancel_a_statement, TOO_LONG),
        (fail(TimeLimitExceeded()), TOO_LONG),
        (fail(ValueError("ada@example.org was here")), "Something went wrong on our side."),
    ],
    ids=["a refusal", "a statement", "its time", "a fault"],
)
def test_what_would_fail_again_is_refused_with_its_reason(act: Callable[[], None], sentence: str) -> None:
    told: list[str] = []
    with refused("stones.polish", lambda _, words: told.append(words)):
        act()
    assert len(told) == 1
    assert told[0].startswith(sentence)
    assert "example.org" not in told[0]


@pytest.mark.parametrize("error", [Retry(delay=10), OperationalError("SELECT 1", {}, AdminShutdown())], ids=["another is at it", "no database"])
def test_what_may_come_right_by_itself_is_tried_again(error: Exception) -> None:
    told: list[str] = []
    with pytest.raises(type(error)), refused("stones.polish", lambda _, words: told.append(words)):
        raise error
    assert told == []


def report(session: Session, campus: Campus, _: Path) -> UUID:
    return reports.order(session, campus.instructor, campus.course.id, Asked(kind=ReportKind.STUDENTS), ReportFormat.CSV)


def export(session: Session, campus: Campus, _: Path) -> UUID:
    return exports.request(session, campus.instructor, campus.course.id, "lyceum")


def archive(session: Session, campus: Campus, folder: Path) -> UUID:
    data = build_short_course(folder).read_bytes()
    key = storage.put(data, key=imports.admit(session, campus.instructor))
    return imports.request(session, campus.instructor, "sky.tar.gz", storage_key=key, size=len(data))


WORK = [(report, Report, reports), (export, ExportJob, exports), (archive, ImportJob, imports)]


@pytest.mark.parametrize("way", ["nobody confirms it", "it fails"])
@pytest.mark.parametrize(("ask", "of", "module"), WORK, ids=["a report", "an export", "an import"])
def test_what_is_given_up_is_over_and_says_so(
    ask: Callable[..., UUID], of: type, module: ModuleType, way: str, campus: Campus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as session:
        subject = ask(session, campus, tmp_path)
        session.get_one(of, subject).status = ImportStatus.RUNNING
        message = session.exec(select(OutboxMessage).where(OutboxMessage.job == module.RUN)).one()
        message.sendings, message.not_before = jobs.TRIES, message.created_at
        outbox_id, arguments = str(message.id), message.arguments
    if way == "it fails":
        monkeypatch.setattr(module, "begin", fail(OperationalError("SELECT 1", {}, AdminShutdown())))
        broker.get_actor(module.RUN).fn(outbox_id=outbox_id, **arguments)
    else:
        sweep_outbox()
    with transaction() as session:
        assert session.get_one(OutboxMessage, UUID(outbox_id)).parked_at is not None
        row = session.get_one(of, subject)
        assert (row.status, row.refusal) == (ImportStatus.FAILED, GIVEN_UP)
        told = set(session.exec(select(Notification.kind).where(Notification.person_id == campus.instructor.person_id)).all())
        assert told == {Report: {NotificationKind.REPORT_FAILED}, ImportJob: {NotificationKind.IMPORT_FAILED}}.get(of, set())
        assert session.exec(select(StoredFile)).all() == [], "an archive that was refused is not kept"


@pytest.mark.parametrize(("ask", "of", "module"), WORK, ids=["a report", "an export", "an import"])
def test_what_comes_to_its_end_while_it_is_given_up_stays_done(
    ask: Callable[..., UUID], of: type, module: ModuleType, campus: Campus, tmp_path: Path
) -> None:
    with transaction() as session:
        subject = ask(session, campus, tmp_path)
    with transaction() as giving_up:
        seen = giving_up.get_one(of, subject)
        with transaction() as finishing:
            finishing.get_one(of, subject).status = ImportStatus.DONE
        module.refuse(giving_up, subject, GIVEN_UP)
        assert (seen.status, seen.refusal) == (ImportStatus.DONE, None)


@pytest.mark.parametrize(("ask", "of", "module"), WORK, ids=["a report", "an export", "an import"])
def test_what_is_given_up_before_its_turn_does_not_begin(
    ask: Callable[..., UUID], of: type, module: ModuleType, campus: Campus, tmp_path: Path
) -> None:
    with transaction() as session:
        subject = ask(session, campus, tmp_path)
    with transaction() as beginning:
        seen = beginning.get_one(of, subject)
        with transaction() as giving_up:
            module.refuse(giving_up, subject, GIVEN_UP)
        assert module.begin(beginning, subject) is None
        assert seen.status == ImportStatus.FAILED


def test_what_cannot_be_given_up_takes_nothing_else_along(campus: Campus, tmp_path: Path) -> None:
    with transaction() as session:
        known = report(session, campus, tmp_path)
        jobs.enqueue(session, reports.RUN, queue=JobQueue.DEFAULT, report_id="no id")
        jobs.enqueue(session, "stones.polish", queue=JobQueue.DEFAULT, stone=str(uuid4()))
        messages = session.exec(select(OutboxMessage)).all()
        for message in messages:
            message.sendings, message.not_before = jobs.TRIES, message.created_at
    sweep_outbox()
    with transaction() as session:
        assert session.get_one(Report, known).status == ImportStatus.FAILED
        assert all(session.get_one(OutboxMessage, message.id).parked_at is not None for message in messages)
