"""Reports from the order to the file: every kind and format is read back and held against what the pages and the registry say."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import openpyxl
import pytest
from dramatiq.errors import Retry
from pypdf import PdfReader
from sqlalchemy import text
from sqlmodel import Session, select

from lms_app.adapters import clock, jobs, storage
from lms_app.crypto import Unreadable, key_ring
from lms_app.database import transaction
from lms_app.domain import turns
from lms_app.domain.analytics import quiz_statistics, registry
from lms_app.domain.analytics.fold import fold
from lms_app.domain.analytics.queries import course_overview
from lms_app.domain.courses import staff
from lms_app.domain.enrollments import groups, roster
from lms_app.domain.gradebook import tables
from lms_app.domain.people import erasing
from lms_app.domain.reports import contents, queries, reports, schedules, sources
from lms_app.domain.reports.schedules import Wish
from lms_app.domain.reports.sources import Asked, Source, source
from lms_app.domain.reports.views import ReportPreview
from lms_app.errors import Conflict, Invalid, LimitReached, NotFound
from lms_app.models import Course, Enrollment, Membership, Notification, OutboxMessage, Person, PersonKey, Report, ReportSchedule, Run, StoredFile
from lms_app.words import EnrollmentStatus, ImportStatus, NotificationKind, ReportDays, ReportFormat, ReportKind, ReportRhythm, StaffRole
from tests.support.at_once import at_once
from tests.support.campus import Campus, new_actor, new_campus
from tests.support.regrades import finish_reading, sit
from tests.support.statements import statements
from tests.workers.test_imports import files_in
from workers.endings import TOO_LONG

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url", "folder")

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
FORMULA = "=HYPERLINK(1)"


def furnished(campus: Campus) -> UUID:
    """Three who take the course, one of whom is called like a formula and is in a group, and what they did is folded. Gives the group's id."""
    with clock.moved_to(MONDAY), transaction() as session:
        campus.session = session
        for number, name in enumerate(("Ada Byron", FORMULA, "Cy 学生")):
            actor = new_actor(session, name)
            enrollment = campus.enroll(actor)
            if number < 2:
                finish_reading(campus, actor)
                sit(campus, actor, right=5 - number * 2)
            if number == 1:
                group = groups.add_group(session, campus.instructor, campus.course.id, "Evening")
                groups.add_member(session, campus.instructor, campus.course.id, group, enrollment.id)
    more = True
    while more:
        with transaction() as session:
            more = fold(session)
    return group


def run(report_id: UUID) -> None:
    from workers.reports import run as job

    job(str(report_id))


def ordered(campus: Campus, kind: ReportKind = ReportKind.STUDENTS, format_: ReportFormat = ReportFormat.CSV, **narrowed) -> UUID:
    with transaction() as session:
        return reports.order(session, campus.instructor, campus.course.id, Asked(kind=kind, **narrowed), format_)


def made(campus: Campus, kind: ReportKind, format_: ReportFormat, **narrowed) -> bytes:
    report_id = ordered(campus, kind, format_, **narrowed)
    run(report_id)
    return fetched(campus, report_id)


def fetched(campus: Campus, report_id: UUID) -> bytes:
    with transaction() as session:
        assert (line := queries.report(session, campus.instructor, report_id)).status == "done", line.refusal
        file = reports.report_file(session, campus.instructor, report_id)
    data = storage.get(file.storage_key, key=file.key)
    assert len(data) == file.size
    return data


def tables_of(data: bytes) -> dict[str, list[list[str]]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        texts = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    return {name.removesuffix(".csv"): list(csv.reader(io.StringIO(words, newline=""))) for name, words in texts.items()}


def sheets_of(data: bytes) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def text_of(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


@pytest.fixture
def group_id(campus: Campus) -> UUID:
    return furnished(campus)


def test_students_are_the_same_in_every_format_and_as_the_registry_counts_them(campus: Campus, group_id: UUID) -> None:
    lines = tables_of(made(campus, ReportKind.STUDENTS, ReportFormat.CSV))["students"]
    assert lines[0][:6] == ["Name", "Progress, %", "Items done", "Of items", "Mean score, %", "Time, minutes"]
    # What a spreadsheet would take for a formula is a text.
    assert [line[0] for line in lines[1:]] == [f"'{FORMULA}", "Ada Byron", "Cy 学生"]
    sheet = sheets_of(made(campus, ReportKind.STUDENTS, ReportFormat.XLSX))["Students"]
    assert [row[0] for row in sheet[1:]] == [FORMULA, "Ada Byron", "Cy 学生"]
    with transaction() as session:
        run_id = session.get_one(Report, session.exec(select(Report.id)).first()).run_id
        people = {str(one.person_id): one.name for one in roster.named(session, run_id)}
        scores = registry.ALL["mean_score_of_person"].counted(session, run_id)
        seconds = registry.ALL["time_by_person"].counted(session, run_id)
    for key, name in people.items():
        row = next(row for row in sheet if row[0] == name)
        assert row[4] == (scores[key] // 10_000 if key in scores else None), name
        assert row[5] == seconds.get(key, 0) // 60
    words = text_of(made(campus, ReportKind.STUDENTS, ReportFormat.PDF))
    for name in people.values():
        assert name in words
    assert "Page 1 of" in words


@pytest.mark.parametrize("format_", ReportFormat)
def test_every_report_says_what_it_is_of_and_what_its_figures_mean(campus: Campus, group_id: UUID, format_: ReportFormat) -> None:
    data = made(campus, ReportKind.ACTIVITY, format_, group_id=group_id, since=date(2026, 3, 1), until=date(2026, 3, 9))
    if format_ == ReportFormat.PDF:
        said = " ".join(text_of(data).split())
    else:
        about = tables_of(data)["about"] if format_ == ReportFormat.CSV else sheets_of(data)["About"]
        said = " ".join(str(cell) for row in about for cell in row if cell is not None)
    meaning = registry.ALL["active"].meaning
    for words in ("Course Stones and sand", "Group Evening", "1 March 2026 to 9 March 2026", "As of", ", UTC", meaning[:40]):
        assert words in said, words


def test_the_overview_has_the_figures_of_its_page(campus: Campus, group_id: UUID) -> None:
    found = tables_of(made(campus, ReportKind.OVERVIEW, ReportFormat.CSV))
    with transaction() as session:
        seen = course_overview(session, campus.instructor, campus.course.id)
    names = {name: registry.ALL[name].title for name in (one.metric for one in seen.key)}
    assert [(row[0], row[3]) for row in found["key-figures"][1:]] == [(names[one.metric], str(one.n)) for one in seen.key]
    assert [(row[0], row[3]) for row in found["completion-by-item"][1:]] == [(step.title, str(step.completed)) for step in seen.course.funnel]
    assert [(row[0], row[1]) for row in found["people-each-day"][1:]] == [(day.day, str(day.active)) for day in seen.course.days]
    assert sum(int(cell) for row in found["when-people-work"][1:] for cell in row[1:]) == sum(sum(row.counts) for row in seen.heat) > 0
    book = openpyxl.load_workbook(io.BytesIO(made(campus, ReportKind.OVERVIEW, ReportFormat.XLSX)))
    assert [len(book[name]._charts) for name in ("Completion by item", "People each day")] == [1, 1]
    words = text_of(made(campus, ReportKind.OVERVIEW, ReportFormat.PDF))
    assert seen.course.funnel_finding[:40] in words.replace("\n", " ")


def test_grades_are_those_of_the_gradebooks_own_table(campus: Campus, group_id: UUID) -> None:
    sheet = sheets_of(made(campus, ReportKind.GRADEBOOK, ReportFormat.XLSX))["Grades"]
    with transaction() as session:
        book = tables.table(session, campus.instructor, campus.course.id)
    numbers = [[float(cell) if isinstance(cell, Decimal) else cell or None for cell in row] for row in book.rows]
    assert [row[1:4] for row in sheet[1:]] == [row[-3:] for row in numbers]
    assert [row[4:] for row in sheet[1:]] == [row[2:-3] for row in numbers]
    assert [row[0] for row in sheets_of(made(campus, ReportKind.GRADEBOOK, ReportFormat.XLSX, group_id=group_id))["Grades"][1:]] == [FORMULA]


def test_questions_have_the_figures_of_their_page(campus: Campus, group_id: UUID) -> None:
    found = tables_of(made(campus, ReportKind.QUESTIONS, ReportFormat.CSV))
    with transaction() as session:
        campus.session = session
        sheet = quiz_statistics.quiz_statistics(session, campus.instructor, campus.quiz("Final quiz").id)
    assert [row[:3] for row in found["quizzes"][1:]] == [["Final quiz", "2", "2"]]
    facility = found["questions"][0].index("Facility, %")
    shown = [(row[0], row[facility]) for row in found["questions"][1:]]
    assert shown == [(question.title, question.facility.text.removesuffix(" %")) for question in sheet.questions]
    assert text_of(made(campus, ReportKind.QUESTIONS, ReportFormat.PDF)).count("Facility") >= 2


def test_a_line_for_each_day_is_what_the_registry_counts(campus: Campus, group_id: UUID) -> None:
    sheet = sheets_of(made(campus, ReportKind.ACTIVITY, ReportFormat.XLSX))["Activity by day"]
    with transaction() as session:
        run_id = session.exec(select(Report.run_id)).first()
        counted = {name: registry.ALL[name].counted(session, run_id) for name in ("active", "completions_by_day", "submissions_by_day")}
    for row in sheet[1:]:
        day = row[0].date().isoformat()
        assert [row[1], row[6], row[7]] == [counted[name].get(day, 0) for name in counted], day
    assert sheet[1][0].date() == date(2026, 3, 2)
    alone = tables_of(made(campus, ReportKind.ACTIVITY, ReportFormat.CSV, group_id=group_id))["activity-by-day"]
    assert alone[1][1:3] == ["1", "1"]


def found(session: Session, campus: Campus, kind: ReportKind, **narrowed) -> Source:
    return source(session, campus.instructor, campus.course.id, Asked(kind=kind, **narrowed))


def previewed(session: Session, campus: Campus, kind: ReportKind, **narrowed) -> ReportPreview:
    return queries.preview(session, campus.instructor, campus.course.id, Asked(kind=kind, **narrowed))


@pytest.mark.parametrize("kind", ReportKind)
def test_a_preview_has_the_columns_and_rows_of_the_report_that_is_made(campus: Campus, group_id: UUID, kind: ReportKind) -> None:
    days = {"since": date(2026, 3, 1), "until": date(2026, 3, 4)}
    for narrowed in ({}, days, {"group_id": group_id}, {"group_id": group_id, **days}):
        with clock.moved_to(MONDAY + timedelta(days=5)), transaction() as session:
            shown = previewed(session, campus, kind, **narrowed)
            made = contents.document(found(session, campus, kind, **narrowed))
            assert [(table.name, table.columns) for table in shown.tables] == [
                (table.name, [column.title for column in table.columns]) for table in made.tables
            ]
            for before, after in zip(shown.tables, made.tables, strict=True):
                rows = len(list(after.rows()))
                assert rows == after.count
                assert (rows <= before.rows) if before.at_most else (rows == before.rows), (before.name, narrowed)


@pytest.mark.parametrize("kind", ReportKind)
def test_a_preview_opens_no_names_and_says_no_more_of_many_than_of_few(campus: Campus, kind: ReportKind, monkeypatch: pytest.MonkeyPatch) -> None:
    def said() -> int:
        with transaction() as session, statements(session) as made:
            previewed(session, campus, kind)
        return len(made)

    before = said()
    furnished(campus)
    monkeypatch.setattr(sources, "named", None)
    monkeypatch.setattr(quiz_statistics, "quiz_statistics", None)
    assert said() == before <= 20


def test_a_report_of_students_has_a_row_for_each_it_counts_though_one_leaves_meanwhile(campus: Campus, group_id: UUID) -> None:
    with transaction() as session:
        (table,) = contents.document(found(session, campus, ReportKind.STUDENTS)).tables
        with transaction() as other:
            other.exec(select(Enrollment)).all()[0].status = EnrollmentStatus.WITHDRAWN
        assert len(list(table.rows())) == table.count == 3


def test_a_preview_says_what_the_report_has(campus: Campus, group_id: UUID) -> None:
    with transaction() as session:
        shown = previewed(session, campus, ReportKind.STUDENTS, group_id=group_id, since=date(2026, 3, 1))
    assert [(table.name, table.rows, table.columns[0]) for table in shown.tables] == [("Students", 1, "Name")]
    assert "Evening" in shown.about
    assert "March" not in shown.about, "days do not narrow how students stand"


def test_an_empty_course_makes_every_report_in_every_format(campus: Campus) -> None:
    for kind in ReportKind:
        for format_ in ReportFormat:
            assert made(campus, kind, format_)


def test_what_cannot_be_asked_for_is_refused(campus: Campus) -> None:
    with transaction() as session:
        other = new_campus(session)
        foreign = groups.add_group(session, other.instructor, other.course.id, "Theirs")
    for narrowed in ({"group_id": foreign}, {"run_id": uuid4()}, {"group_id": uuid4()}):
        with pytest.raises(NotFound):
            ordered(campus, **narrowed)
    with pytest.raises(Invalid) as refusal:
        ordered(campus, ReportKind.ACTIVITY, since=date(2026, 3, 2), until=date(2026, 3, 1))
    assert set(refusal.value.fields) == {"until"}
    with transaction() as session:
        for actor in (campus.student, other.instructor):
            with pytest.raises(NotFound):
                reports.order(session, actor, campus.course.id, Asked(kind=ReportKind.OVERVIEW), ReportFormat.PDF)
            with pytest.raises(NotFound):
                queries.preview(session, actor, campus.course.id, Asked(kind=ReportKind.OVERVIEW))
            with pytest.raises(NotFound):
                queries.desk(session, actor, campus.course.id)


def test_asking_twice_is_one_report_and_a_fourth_at_once_waits(campus: Campus) -> None:
    assert ordered(campus) == ordered(campus)
    ordered(campus, ReportKind.OVERVIEW)
    ordered(campus, ReportKind.ACTIVITY)
    with pytest.raises(LimitReached):
        ordered(campus, ReportKind.GRADEBOOK)


def test_of_six_that_are_asked_for_at_once_three_are_made(campus: Campus) -> None:
    wanted = [(kind, format_) for kind in (ReportKind.STUDENTS, ReportKind.ACTIVITY) for format_ in ReportFormat]
    given = at_once([lambda one=one: ordered(campus, *one) for one in wanted])
    assert sum(isinstance(each, LimitReached) for each in given) == 3
    with transaction() as session:
        assert len(session.exec(select(Report)).all()) == 3


def test_two_at_once_do_not_make_more_schedules_than_a_course_may_have(campus: Campus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedules, "MOST", 2)
    given = at_once([lambda: scheduled(campus) for _ in range(5)])
    assert sum(isinstance(each, LimitReached) for each in given) == 3


def test_a_second_try_counts_among_the_three(campus: Campus) -> None:
    report_id = ordered(campus)
    with transaction() as session:
        reports.cancel(session, campus.instructor, report_id)
    for kind in (ReportKind.OVERVIEW, ReportKind.ACTIVITY, ReportKind.QUESTIONS):
        ordered(campus, kind)
    with transaction() as session, pytest.raises(LimitReached):
        reports.retry(session, campus.instructor, report_id)


def viewer_of(campus: Campus, role: StaffRole = StaffRole.VIEWER):
    with transaction() as session:
        actor = new_actor(session, "Vera Viewer", teaches=True)
        session.add(Membership(course_id=campus.course.id, person_id=actor.person_id, role=role, created_at=clock.now()))
    return actor


def test_a_viewer_orders_and_fetches_but_leaves_others_reports_alone(campus: Campus) -> None:
    viewer, theirs = viewer_of(campus), ordered(campus)
    run(theirs)
    with transaction() as session:
        mine = reports.order(session, viewer, campus.course.id, Asked(kind=ReportKind.STUDENTS), ReportFormat.PDF)
        assert reports.report_file(session, viewer, theirs).filename.startswith("stones-students-")
        lines = {line.id: line.may_change for line in queries.reports_of(session, viewer, campus.course.id)}
        assert lines == {str(mine): True, str(theirs): False}
        for act in (reports.cancel, reports.retry):
            with pytest.raises(NotFound):
                act(session, viewer, theirs)
        with pytest.raises(NotFound):
            reports.remove(session, viewer, theirs, delete=storage.delete)
        with pytest.raises(NotFound):
            schedules.create(session, viewer, campus.course.id, wish(viewer.person_id))
        reports.cancel(session, viewer, mine)
        reports.remove(session, campus.instructor, mine, delete=storage.delete)


def test_who_leaves_the_staff_fetches_nothing_and_gets_no_report(campus: Campus) -> None:
    viewer = viewer_of(campus)
    with transaction() as session:
        first = reports.order(session, viewer, campus.course.id, Asked(kind=ReportKind.STUDENTS), ReportFormat.CSV)
    run(first)
    with transaction() as session:
        second = reports.order(session, viewer, campus.course.id, Asked(kind=ReportKind.GRADEBOOK), ReportFormat.CSV)
        staff.remove(session, campus.instructor, campus.course.id, viewer.person_id)
    run(second)
    with transaction() as session:
        with pytest.raises(NotFound):
            reports.report_file(session, viewer, first)
        line = queries.report(session, campus.instructor, second)
    assert (line.status, line.refusal) == ("failed", "Nobody for whom it would be is on the staff of the course any more.")


def status(report_id: UUID) -> str:
    with transaction() as session:
        return str(session.get_one(Report, report_id).status)


def test_a_worker_that_dies_half_way_is_followed_by_one_that_makes_it_once(campus: Campus, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from workers import reports as worker

    furnished(campus)
    report_id = ordered(campus)
    real = worker.WRITERS[ReportFormat.CSV]

    class PowerCut(BaseException):
        """What no `except Exception` sees."""

    def cut(document, target, tell) -> None:
        target.write(b"half")
        raise PowerCut

    monkeypatch.setitem(worker.WRITERS, ReportFormat.CSV, cut)
    with pytest.raises(PowerCut):
        run(report_id)
    assert status(report_id) == "running"
    monkeypatch.setitem(worker.WRITERS, ReportFormat.CSV, real)
    # The outbox has it sent again, for nobody has said that it is done.
    with clock.moved_by(timedelta(minutes=3)), transaction() as session:
        assert jobs.sweep(session) >= 1
        assert session.exec(select(OutboxMessage.sendings).where(OutboxMessage.job == reports.RUN)).one() == 2
    run(report_id)
    first = fetched(campus, report_id)
    run(report_id)
    assert fetched(campus, report_id) == first
    assert len([path for path in files_in(folder) if not path.name.startswith(".")]) == 1


def test_while_one_worker_is_at_it_another_comes_back_later(campus: Campus) -> None:
    report_id = ordered(campus)
    with transaction() as session:
        assert turns.take(session, report_id)
        with pytest.raises(Retry):
            run(report_id)
    run(report_id)
    assert status(report_id) == "done"


def fold_by_another_version(ahead: int) -> None:
    """As a change of versions leaves the roll-ups: `ahead` of ours, or behind it."""
    with transaction() as session:
        fold(session)
        session.execute(text("UPDATE fold_cursors SET version = version + :ahead"), {"ahead": ahead})


def test_a_report_waits_while_figures_are_made_anew_after_an_upgrade(campus: Campus) -> None:
    report_id = ordered(campus)
    fold_by_another_version(-1)
    with pytest.raises(Retry):
        run(report_id)
    grades = ordered(campus, ReportKind.GRADEBOOK)
    run(grades)
    assert status(grades) == "done", "no roll-up is in it"
    with transaction() as session:
        fold(session)
    run(report_id)
    assert status(report_id) == "done"


def test_a_report_is_made_of_figures_that_newer_code_has_left(campus: Campus) -> None:
    report_id = ordered(campus)
    fold_by_another_version(1)
    run(report_id)
    assert status(report_id) == "done"


@pytest.mark.parametrize("moment", ["before its turn", "while it is written", "at the very end", "by deleting it"])
def test_a_report_that_is_stopped_leaves_no_file(campus: Campus, folder: Path, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    from workers import reports as worker

    report_id = ordered(campus)
    real = worker.WRITERS[ReportFormat.CSV]

    def stop() -> None:
        with transaction() as session:
            if moment == "by deleting it":
                reports.remove(session, campus.instructor, report_id, delete=storage.delete)
            else:
                reports.cancel(session, campus.instructor, report_id)

    def write(document, target, tell) -> None:
        real(document, target, tell)
        stop()
        if moment != "at the very end":
            tell(1)

    if moment == "before its turn":
        stop()
    else:
        monkeypatch.setitem(worker.WRITERS, ReportFormat.CSV, write)
    run(report_id)
    assert files_in(folder) == []
    with transaction() as session:
        row = session.get(Report, report_id)
        assert row is None if moment == "by deleting it" else row is not None and row.status == ImportStatus.CANCELLED
        if row is not None:
            with pytest.raises(Conflict):
                reports.cancel(session, campus.instructor, report_id)


def test_a_fault_is_told_with_a_reference_and_a_second_try_makes_it(campus: Campus, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from workers import reports as worker

    report_id = ordered(campus)
    with transaction() as session, pytest.raises(Conflict):
        reports.retry(session, campus.instructor, report_id)

    def fail(*given: object) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setitem(worker.WRITERS, ReportFormat.CSV, fail)
        run(report_id)
    with transaction() as session:
        line = queries.report(session, campus.instructor, report_id)
        assert line.status == "failed"
        assert "reference" in line.refusal
        assert "disk" not in line.refusal
        assert files_in(folder) == []
        reports.retry(session, campus.instructor, report_id)
    with transaction() as session:
        assert len(session.exec(select(OutboxMessage).where(OutboxMessage.job == reports.RUN)).all()) == 2
    run(report_id)
    assert fetched(campus, report_id)


def test_what_takes_too_long_fails_with_its_reason_and_whoever_asked_is_told(campus: Campus, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from workers import reports as worker

    def write(document, target, tell) -> None:
        target.write(b"half")
        with transaction() as session:
            session.execute(text("SET LOCAL statement_timeout = 1"))
            session.execute(text("SELECT pg_sleep(1)"))

    monkeypatch.setitem(worker.WRITERS, ReportFormat.CSV, write)
    for kind in (ReportKind.STUDENTS, ReportKind.ACTIVITY, ReportKind.OVERVIEW):
        run(ordered(campus, kind))
    assert files_in(folder) == []
    with transaction() as session:
        lines = queries.reports_of(session, campus.instructor, campus.course.id)
        assert {(line.status, line.refusal) for line in lines} == {("failed", TOO_LONG)}
        assert told(session, NotificationKind.REPORT_FAILED) == {campus.instructor.person_id}
    assert ordered(campus, ReportKind.GRADEBOOK), "what has failed is not under way"


def test_a_report_is_sealed_under_a_key_that_goes_with_it(campus: Campus, folder: Path) -> None:
    furnished(campus)
    report_id = ordered(campus)
    run(report_id)
    (path,) = files_in(folder)
    assert b"Byron" not in path.read_bytes()
    kept = path.read_bytes()
    with transaction() as session:
        file = reports.report_file(session, campus.instructor, report_id)
        with pytest.raises(Unreadable):
            storage.get(file.storage_key, key=key_ring.create_once(session))
        reports.remove(session, campus.instructor, report_id, delete=storage.delete)
    assert files_in(folder) == []
    assert kept
    with transaction() as session:
        assert session.get(PersonKey, report_id) is None
        assert session.exec(select(StoredFile)).all() == []
        with pytest.raises(NotFound):
            reports.report_file(session, campus.instructor, report_id)


def test_a_report_is_gone_after_a_month(campus: Campus, folder: Path) -> None:
    from workers.default import clean_up

    report_id = ordered(campus)
    run(report_id)
    clean_up()
    assert len(files_in(folder)) == 1
    with transaction() as session:
        session.get_one(Report, report_id).created_at = clock.now() - timedelta(days=31)
    clean_up()
    assert files_in(folder) == []


def test_an_old_report_that_is_tried_again_is_kept_for_a_month_from_then(campus: Campus, folder: Path) -> None:
    from workers.default import clean_up

    with clock.moved_by(timedelta(days=-31)):
        report_id = ordered(campus)
        with transaction() as session:
            reports.refuse(session, report_id, "The disk was full.")
    with transaction() as session:
        reports.retry(session, campus.instructor, report_id)
    clean_up()
    run(report_id)
    clean_up()
    assert fetched(campus, report_id)
    with transaction() as session:
        assert told(session) == set(), "nobody has waited for long"


def test_erasing_a_student_deletes_what_names_them_and_nothing_else(campus: Campus, folder: Path) -> None:
    with transaction() as session:
        campus.session = session
        campus.enroll()
    naming, counting = ordered(campus), ordered(campus, ReportKind.ACTIVITY)
    run(naming)
    run(counting)
    with transaction() as session:
        erasing.erase(session, campus.student.person_id, discard=storage.delete)
    with transaction() as session:
        assert session.exec(select(Report.id)).all() == [counting]
    assert len(files_in(folder)) == 1


def wish(*people: UUID, **given) -> Wish:
    facts = {"kind": ReportKind.STUDENTS, "format": ReportFormat.CSV, "rhythm": ReportRhythm.WEEKLY, "zone": "Europe/Berlin", **given}
    return Wish(recipients=people, **facts)


def scheduled(campus: Campus, *people: UUID, at: datetime = MONDAY, **given) -> UUID:
    with clock.moved_to(at), transaction() as session:
        return schedules.create(session, campus.instructor, campus.course.id, wish(*(people or (campus.instructor.person_id,)), **given))


def come(at: datetime) -> int:
    with clock.moved_to(at), transaction() as session:
        return schedules.order_due(session)


def made_by(schedule_id: UUID) -> list[datetime | None]:
    with transaction() as session:
        return list(session.exec(select(Report.due_at).where(Report.schedule_id == schedule_id).order_by(Report.due_at)).all())  # pyright: ignore[reportArgumentType]


def test_a_schedule_makes_one_report_for_each_time_over_the_change_of_the_clock(campus: Campus) -> None:
    schedule_id = scheduled(campus, weekday=6, at=datetime(2026, 3, 20, tzinfo=UTC))
    before, after = datetime(2026, 3, 22, 7, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)
    assert come(before - timedelta(seconds=1)) == 0
    assert come(before) == 1
    assert come(before + timedelta(seconds=15)) == 0
    assert come(after - timedelta(seconds=1)) == 0
    assert come(after) == 1
    assert made_by(schedule_id) == [before, after]


def test_what_is_due_waits_while_figures_are_made_anew_after_an_upgrade(campus: Campus) -> None:
    schedule_id = scheduled(campus)
    at = datetime(2026, 3, 9, 8, tzinfo=UTC)
    fold_by_another_version(-1)
    assert come(at) == 0
    of_grades = scheduled(campus, kind=ReportKind.GRADEBOOK)
    assert come(at) == 1
    assert len(made_by(of_grades)) == 1, "no roll-up is in it"
    with transaction() as session:
        fold(session)
    assert come(at) == 1
    assert len(made_by(schedule_id)) == 1


def test_two_sweeps_at_once_order_one_report(campus: Campus) -> None:
    schedule_id = scheduled(campus)
    at = datetime(2026, 3, 9, 8, tzinfo=UTC)
    with clock.moved_to(at), transaction() as one:
        assert schedules.order_due(one) == 1
        with transaction() as other:
            assert schedules.order_due(other) == 0, "a row that another holds is passed over"
    assert come(at) == 0
    # Even one that was set back by hand makes no second report of the same time.
    with transaction() as session:
        session.get_one(ReportSchedule, schedule_id).next_at = datetime(2026, 3, 9, 7, tzinfo=UTC)
    assert come(at) == 1
    assert len(made_by(schedule_id)) == 1


def test_after_everything_was_down_one_report_is_made_and_paused_ones_wait(campus: Campus) -> None:
    schedule_id = scheduled(campus)
    assert come(datetime(2026, 4, 1, tzinfo=UTC)) == 1
    assert come(datetime(2026, 4, 1, tzinfo=UTC)) == 0
    with clock.moved_to(datetime(2026, 4, 1, tzinfo=UTC)), transaction() as session:
        schedules.pause(session, campus.instructor, schedule_id)
    assert come(datetime(2026, 5, 1, tzinfo=UTC)) == 0
    with clock.moved_to(datetime(2026, 5, 1, tzinfo=UTC)), transaction() as session:
        schedules.resume(session, campus.instructor, schedule_id)
        assert session.get_one(ReportSchedule, schedule_id).next_at == datetime(2026, 5, 4, 6, tzinfo=UTC)
    assert len(made_by(schedule_id)) == 1


def test_the_days_before_and_a_group_narrow_what_is_scheduled(campus: Campus) -> None:
    group = furnished(campus)
    schedule_id = scheduled(campus, kind=ReportKind.ACTIVITY, days=ReportDays.WEEK, group_id=group)
    come(datetime(2026, 3, 9, 8, tzinfo=UTC))
    with transaction() as session:
        row = session.exec(select(Report).where(Report.schedule_id == schedule_id)).one()
    assert (row.since, row.until, row.group_id) == (date(2026, 3, 2), date(2026, 3, 8), group)
    run(row.id)
    assert tables_of(fetched(campus, row.id))["activity-by-day"][1][0] == "2026-03-02"


def test_the_days_before_are_those_of_the_run_as_its_figures_are(campus: Campus) -> None:
    with transaction() as session:
        session.exec(select(Run).where(Run.course_id == campus.course.id)).one().time_zone = "Pacific/Auckland"
    schedule_id = scheduled(campus, kind=ReportKind.ACTIVITY, days=ReportDays.WEEK, hour=23, at=MONDAY + timedelta(days=1))
    # Monday night in Berlin is Tuesday where the run is.
    come(datetime(2026, 3, 9, 22, tzinfo=UTC))
    with transaction() as session:
        row = session.exec(select(Report).where(Report.schedule_id == schedule_id)).one()
    assert (row.since, row.until) == (date(2026, 3, 3), date(2026, 3, 9))


def test_a_change_that_leaves_the_rhythm_alone_leaves_what_is_due(campus: Campus) -> None:
    schedule_id = scheduled(campus, weekday=0, day=5)
    late = datetime(2026, 3, 9, 8, tzinfo=UTC)
    with clock.moved_to(late), transaction() as session:
        # The day of the month means nothing each week.
        changed = wish(campus.instructor.person_id, kind=ReportKind.GRADEBOOK, format=ReportFormat.PDF, weekday=0, day=6)
        schedules.change(session, campus.instructor, schedule_id, changed)
    assert come(late) == 1
    assert made_by(schedule_id) == [datetime(2026, 3, 9, 7, tzinfo=UTC)]
    with clock.moved_to(late), transaction() as session:
        schedules.change(session, campus.instructor, schedule_id, wish(campus.instructor.person_id, weekday=2))
        assert session.get_one(ReportSchedule, schedule_id).next_at == datetime(2026, 3, 11, 7, tzinfo=UTC)


def test_nothing_is_made_of_a_course_that_is_archived(campus: Campus) -> None:
    schedule_id = scheduled(campus)
    with transaction() as session:
        session.get_one(Course, campus.course.id).archived_at = clock.now()
    assert come(datetime(2026, 3, 9, 8, tzinfo=UTC)) == 1
    assert made_by(schedule_id) == []


def told(session: Session, kind: NotificationKind = NotificationKind.REPORT_READY) -> set[UUID]:
    return set(session.exec(select(Notification.person_id).where(Notification.kind == kind)).all())


def test_those_on_the_staff_are_told_once_and_who_has_left_is_not(campus: Campus) -> None:
    stays, leaves = viewer_of(campus), viewer_of(campus)
    schedule_id = scheduled(campus, stays.person_id, leaves.person_id)
    with transaction() as session:
        staff.remove(session, campus.instructor, campus.course.id, leaves.person_id)
    come(datetime(2026, 3, 9, 8, tzinfo=UTC))
    with transaction() as session:
        report_id = session.exec(select(Report.id).where(Report.schedule_id == schedule_id)).one()
    run(report_id)
    run(report_id)
    with transaction() as session:
        assert told(session) == {stays.person_id}
        rows = session.exec(select(Notification).where(Notification.kind == NotificationKind.REPORT_READY)).all()
        assert [row.subjects["report"] for row in rows] == [str(report_id)]
        staff.remove(session, campus.instructor, campus.course.id, stays.person_id)
    # Nobody is left, so nothing is made, and the schedule goes on all the same.
    assert come(datetime(2026, 3, 16, 8, tzinfo=UTC)) == 1
    assert len(made_by(schedule_id)) == 1


def test_who_waited_long_is_told_and_who_did_not_is_not(campus: Campus) -> None:
    quick, slow = ordered(campus), ordered(campus, ReportKind.ACTIVITY)
    with transaction() as session:
        session.get_one(Report, slow).created_at = clock.now() - timedelta(minutes=2)
    run(quick)
    with transaction() as session:
        assert told(session) == set()
    run(slow)
    with transaction() as session:
        assert told(session) == {campus.instructor.person_id}


def test_a_schedule_that_is_not_whole_is_refused_beside_its_fields(campus: Campus) -> None:
    with transaction() as session:
        stranger = new_actor(session, "Otto Other", teaches=True).person_id
    mine = campus.instructor.person_id
    refused = [
        (Wish(kind=ReportKind.STUDENTS, format=ReportFormat.CSV, rhythm=ReportRhythm.WEEKLY), {"recipients"}),
        (wish(mine, stranger), {"recipients"}),
        (wish(mine, weekday=7, day=32, hour=24), {"weekday", "day", "hour"}),
        (wish(mine, zone="Mars/Olympus"), {"zone"}),
        (wish(mine, group_id=uuid4()), {"group"}),
    ]
    for wrong, fields in refused:
        with transaction() as session, pytest.raises(Invalid) as refusal:
            schedules.create(session, campus.instructor, campus.course.id, wrong)
        assert set(refusal.value.fields) == fields


def test_a_schedule_is_changed_shown_and_deleted_and_its_reports_stay(campus: Campus) -> None:
    schedule_id = scheduled(campus)
    come(datetime(2026, 3, 9, 8, tzinfo=UTC))
    at = datetime(2026, 3, 10, tzinfo=UTC)
    with clock.moved_to(at), transaction() as session:
        changed = wish(campus.instructor.person_id, rhythm=ReportRhythm.MONTHLY, day=31, hour=17, zone="UTC", kind=ReportKind.OVERVIEW)
        schedules.change(session, campus.instructor, schedule_id, changed)
        (line,) = queries.desk(session, campus.instructor, campus.course.id).schedules
        assert (line.title, line.rhythm) == ("Course overview", "Monthly on day 31 at 17:00, UTC")
        assert (line.next, line.last) == ("Tuesday 31 March, 17:00", "Monday 9 March, 07:00")
        assert (line.people, line.others, line.for_you) == ("Ines Teacher", "", True)
        assert queries.schedule(session, campus.instructor, schedule_id) == line
        with pytest.raises(NotFound):
            queries.schedule(session, new_actor(session, "Vera Viewer", teaches=True), schedule_id)
        assert queries.schedule_form(session, campus.instructor, schedule_id).hour == 17
        schedules.remove(session, campus.instructor, schedule_id)
    with transaction() as session:
        with pytest.raises(NotFound):
            schedules.pause(session, campus.instructor, schedule_id)
        (row,) = session.exec(select(Report)).all()
        assert row.schedule_id is None
        (shown,) = queries.reports_of(session, campus.instructor, campus.course.id)
        assert shown.who == "Made by schedule"


def test_a_schedule_in_many_a_zone_and_for_many_is_shown_with_both(campus: Campus) -> None:
    with transaction() as session:
        others = [new_actor(session, f"Editor {number}", teaches=True).person_id for number in range(5)]
        for person_id in others:
            session.add(Membership(course_id=campus.course.id, person_id=person_id, role=StaffRole.EDITOR, created_at=clock.now()))
    scheduled(campus, campus.instructor.person_id, *others, zone="Asia/Kathmandu")
    with transaction() as session:
        shown = queries.desk(session, campus.instructor, campus.course.id)
        (line,) = shown.schedules
        assert (line.people, line.others) == ("Ines Teacher, Editor 0, Editor 1 and 3 more", "Editor 2, Editor 3, Editor 4")
        assert "Asia/Kathmandu" in shown.zones


def test_a_schedule_of_a_group_that_is_gone_is_edited_by_what_it_has(campus: Campus, group_id: UUID) -> None:
    schedule_id = scheduled(campus, group_id=group_id)
    with transaction() as session:
        form = queries.schedule_form(session, campus.instructor, schedule_id)
        assert (form.group, form.group_name) == (str(group_id), "Evening")
        groups.remove_group(session, campus.instructor, campus.course.id, group_id)
        form = queries.schedule_form(session, campus.instructor, schedule_id)
        assert (form.group, form.group_name) == (str(group_id), "A group that is gone")


def test_a_course_has_a_limit_of_schedules(campus: Campus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedules, "MOST", 1)
    scheduled(campus)
    with pytest.raises(LimitReached):
        scheduled(campus)


def test_the_person_of_a_report_that_is_due_reads_it_though_its_maker_has_left(campus: Campus) -> None:
    colleague = viewer_of(campus, StaffRole.OWNER)
    schedule_id = scheduled(campus, campus.instructor.person_id, colleague.person_id)
    with transaction() as session:
        session.get_one(Person, campus.instructor.person_id).can_teach = False
    come(datetime(2026, 3, 9, 8, tzinfo=UTC))
    with transaction() as session:
        row = session.exec(select(Report).where(Report.schedule_id == schedule_id)).one()
    run(row.id)
    assert status(row.id) == "done"
    with transaction() as session:
        assert told(session) == {colleague.person_id}


def test_a_report_that_is_due_belongs_to_whose_schedule_it_is_and_no_recipient_deletes_it_for_all(campus: Campus) -> None:
    viewers = [viewer_of(campus), viewer_of(campus, StaffRole.GRADER)]
    scheduled(campus, *(viewer.person_id for viewer in viewers))
    come(datetime(2026, 3, 9, 8, tzinfo=UTC))
    with transaction() as session:
        row = session.exec(select(Report)).one()
        assert row.person_id == campus.instructor.person_id
    run(row.id)
    for viewer in viewers:
        with transaction() as session:
            assert reports.report_file(session, viewer, row.id)
            assert [line.may_change for line in queries.reports_of(session, viewer, campus.course.id)] == [False]
            with pytest.raises(NotFound):
                reports.remove(session, viewer, row.id, delete=storage.delete)
    with transaction() as session:
        reports.remove(session, campus.instructor, row.id, delete=storage.delete)


@pytest.mark.parametrize("kind", [ReportKind.OVERVIEW, ReportKind.ACTIVITY])
@pytest.mark.parametrize(("since", "until"), [(date.min, date.max), (date.min, date.min), (None, date.min), (date.max, None)])
def test_days_at_either_end_of_the_calendar_are_days_as_any_others(
    campus: Campus, group_id: UUID, kind: ReportKind, since: date | None, until: date | None
) -> None:
    with transaction() as session:
        promised = previewed(session, campus, kind, since=since, until=until)
    assert len(sheets_of(made(campus, kind, ReportFormat.XLSX, since=since, until=until))) == 1 + len(promised.tables)
