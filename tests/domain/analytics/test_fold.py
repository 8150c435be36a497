import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event as engine_event
from sqlalchemy import text
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.database import engine, transaction
from lms_app.domain.analytics import events
from lms_app.domain.analytics.fold import fold, is_behind
from lms_app.domain.courses import access
from lms_app.domain.enrollments import enrollments
from lms_app.ids import uuid7
from lms_app.models import ActiveDay, Enrollment, ItemPerson, LearningEvent, Run, RunDay, RunFigures, RunItem, RunScores
from lms_app.words import NodeKind, Verb
from tests.support.campus import Campus, new_campus

PAGE, QUIZ = uuid7(), uuid7()
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def campus(committed_database: str, redis_url: str) -> Campus:
    with transaction() as session:
        return new_campus(session)


def fold_all(batch: int = 2_000) -> None:
    more = True
    while more:
        with transaction() as session:
            more = fold(session, batch=batch)


def student(campus: Campus, *, at: datetime = NOON) -> Enrollment:
    """A new student, enrolled at a moment."""
    with transaction() as session, clock.moved_to(at):
        campus.session = session
        return campus.enroll(campus.person())


def happens(enrollment: Enrollment, verb: Verb, kind: NodeKind, node: UUID, *, at: datetime = NOON, **value: str) -> None:
    with transaction() as session:
        events.record(session, enrollment, verb, kind, node, occurred_at=at, value=dict(value))


def read(table: type, *key: object) -> Any:
    with Session(engine()) as session:
        return session.get(table, key if len(key) > 1 else key[0])


def test_enrolling_withdrawing_and_coming_back_count_as_they_happen_and_each_person_began_once(campus: Campus) -> None:
    ada, ben = student(campus), student(campus, at=NOON + timedelta(days=1))
    with transaction() as session, clock.moved_to(NOON + timedelta(days=2)):
        actor = campus.student.__class__(person_id=ada.person_id, roles=campus.student.roles)
        enrollments.withdraw(session, actor, "stones")
    fold_all()
    figures = read(RunFigures, ada.run_id)
    assert (figures.enrolled, figures.withdrawn) == (1, 1)
    with transaction() as session, clock.moved_to(NOON + timedelta(days=3)):
        enrollments.enroll(session, actor, "stones")
    fold_all()
    figures = read(RunFigures, ada.run_id)
    assert (figures.enrolled, figures.withdrawn) == (2, 1)
    assert read(RunItem, ada.run_id, ada.course_id).started == 2
    days = [read(RunDay, ben.run_id, date(2026, 3, number)) for number in (2, 3, 4, 5)]
    assert [(day.enrolled, day.withdrawn) for day in days] == [(1, 0), (1, 0), (0, 1), (1, 0)]


def test_opening_and_completing_count_each_person_once(campus: Campus) -> None:
    ada, ben = student(campus), student(campus)
    for enrollment in (ada, ada, ben):
        happens(enrollment, Verb.VIEWED, NodeKind.PAGE, PAGE)
    for _ in range(2):
        happens(ada, Verb.COMPLETED, NodeKind.PAGE, PAGE)
        fold_all()
    item = read(RunItem, ada.run_id, PAGE)
    assert (item.started, item.completed, item.object_kind) == (2, 1, NodeKind.PAGE)


def test_a_page_completed_without_being_opened_counts_as_started(campus: Campus) -> None:
    happens(ada := student(campus), Verb.COMPLETED, NodeKind.PAGE, PAGE)
    fold_all()
    item = read(RunItem, ada.run_id, PAGE)
    assert (item.started, item.completed) == (1, 1)


def test_every_submitted_attempt_lands_in_its_bin(campus: Campus) -> None:
    ada = student(campus)
    for fraction in ("0.000000", "0.499999", "0.500000", "1.000000", "1.000000"):
        happens(ada, Verb.SUBMITTED, NodeKind.ASSESSMENT, QUIZ, fraction=fraction)
    fold_all(batch=2)
    with Session(engine()) as session:
        rows = session.exec(select(RunScores.bin, RunScores.attempts, RunScores.total).order_by(RunScores.bin)).all()
    assert [(number, attempts, str(total)) for number, attempts, total in rows] == [
        (0, 1, "0.000000"),
        (9, 1, "0.499999"),
        (10, 1, "0.500000"),
        (19, 2, "2.000000"),
    ]


def test_completed_courses_and_certificates_are_totals_of_the_run(campus: Campus) -> None:
    ada = student(campus)
    happens(ada, Verb.COMPLETED, NodeKind.COURSE, ada.course_id)
    happens(ada, Verb.EARNED, NodeKind.CERTIFICATE, uuid7())
    fold_all()
    figures = read(RunFigures, ada.run_id)
    assert (figures.completed, figures.certificates) == (1, 1)
    whole = read(RunItem, ada.run_id, ada.course_id)
    assert (whole.started, whole.completed, whole.object_kind) == (1, 1, NodeKind.COURSE)


def test_somebody_active_twice_a_day_counts_once_a_day(campus: Campus) -> None:
    ada = student(campus)
    for hours in (0, 1, 25):
        happens(ada, Verb.VIEWED, NodeKind.PAGE, PAGE, at=NOON + timedelta(hours=hours))
        fold_all()
    assert read(RunDay, ada.run_id, date(2026, 3, 2)).active == 1
    assert read(RunDay, ada.run_id, date(2026, 3, 3)).active == 1
    with Session(engine()) as session:
        assert len(session.exec(select(ActiveDay)).all()) == 2


def test_the_time_zone_of_the_run_decides_the_day(campus: Campus) -> None:
    with transaction() as session:
        run = access.current_run(session, campus.course.id)
        run.time_zone = "Pacific/Auckland"
        session.add(run)
    ada = student(campus)
    fold_all()
    assert read(RunDay, ada.run_id, date(2026, 3, 2)) is None
    assert read(RunDay, ada.run_id, date(2026, 3, 3)).enrolled == 1


def test_a_repeat_with_the_same_id_is_one_event(campus: Campus) -> None:
    ada, event_id = student(campus), uuid7()
    for _ in range(2):
        with transaction() as session:
            events.record(session, ada, Verb.SUBMITTED, NodeKind.ASSESSMENT, QUIZ, event_id=event_id, value={"fraction": "1"})
        fold_all()
    assert read(RunScores, ada.run_id, QUIZ, 19).attempts == 1


def test_an_event_that_commits_late_is_neither_skipped_nor_counted_twice(campus: Campus) -> None:
    """The older transaction commits after a newer one was there to be folded."""
    ada, ben = student(campus), student(campus)
    fold_all()
    with Session(engine()) as slow, slow.begin():
        events.record(slow, ada, Verb.VIEWED, NodeKind.PAGE, PAGE)
        happens(ben, Verb.VIEWED, NodeKind.PAGE, PAGE)
        fold_all()
        # The newer one waits for the older: passing it by would leave the older behind the cursor.
        assert read(RunItem, ada.run_id, PAGE) is None
    fold_all()
    fold_all()
    assert read(RunItem, ada.run_id, PAGE).started == 2


def test_an_event_whose_transaction_is_undone_holds_nothing_up(campus: Campus) -> None:
    ada, ben = student(campus), student(campus)
    with Session(engine()) as slow:
        events.record(slow, ada, Verb.VIEWED, NodeKind.PAGE, PAGE)
        happens(ben, Verb.VIEWED, NodeKind.PAGE, PAGE)
        slow.rollback()
    fold_all()
    assert read(RunItem, ben.run_id, PAGE).started == 1


def test_two_folds_at_once_count_everything_once(campus: Campus) -> None:
    ada = student(campus)
    for _ in range(60):
        happens(ada, Verb.SUBMITTED, NodeKind.ASSESSMENT, QUIZ, fraction="1")
    ready, failures = threading.Barrier(3), []

    def race() -> None:
        ready.wait()
        try:
            for _ in range(20):
                fold_all(batch=3)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=race) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert read(RunScores, ada.run_id, QUIZ, 19).attempts == 60


def test_events_written_while_folds_run_are_all_counted_once(campus: Campus) -> None:
    people = [student(campus) for _ in range(3)]
    done = threading.Event()

    def write(enrollment: Enrollment) -> None:
        for number in range(40):
            with transaction() as session:
                events.record(session, enrollment, Verb.SUBMITTED, NodeKind.ASSESSMENT, QUIZ, value={"fraction": "1"})
                time.sleep(0.002 * (number % 4))

    def folding() -> None:
        while not done.is_set():
            fold_all(batch=7)

    writers = [threading.Thread(target=write, args=(enrollment,)) for enrollment in people]
    reader = threading.Thread(target=folding)
    for thread in (*writers, reader):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    fold_all()
    assert read(RunScores, people[0].run_id, QUIZ, 19).attempts == 120


def test_a_fold_that_fails_moves_neither_figures_nor_cursor(campus: Campus) -> None:
    ada = student(campus)

    def fail(connection: object, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE fold_cursors"):
            raise RuntimeError("lost")

    engine_event.listen(engine(), "before_cursor_execute", fail)
    with pytest.raises(RuntimeError, match="lost"):
        fold_all()
    engine_event.remove(engine(), "before_cursor_execute", fail)
    assert read(RunDay, ada.run_id, date(2026, 3, 2)) is None
    fold_all()
    assert read(RunFigures, ada.run_id).enrolled == 1


@pytest.mark.no_cover
def test_twenty_thousand_events_fold_in_seconds(campus: Campus, record_property: Callable[[str, object], None]) -> None:
    people = [student(campus) for _ in range(10)]
    pages = [uuid7() for _ in range(60)]
    with Session(engine()) as session, session.begin():
        rows = []
        for number in range(20_000):
            who, at = people[number % 10], NOON + timedelta(minutes=number)
            verb = (Verb.VIEWED, Verb.COMPLETED)[number // 10 % 2]
            rows.append(
                LearningEvent(
                    id=uuid7(int(at.timestamp() * 1000)),
                    occurred_at=at,
                    recorded_at=at,
                    course_id=who.course_id,
                    run_id=who.run_id,
                    person_id=who.person_id,
                    verb=verb,
                    object_kind=NodeKind.PAGE,
                    object_id=pages[number % 60],
                ).model_dump(exclude={"xid"})
            )
        session.execute(LearningEvent.__table__.insert(), rows)
    began = time.perf_counter()
    fold_all()
    seconds = time.perf_counter() - began
    record_property("events_per_second", round(20_000 / seconds))
    print(f"folded {20_000 / seconds:.0f} events/s")
    assert seconds < 20
    with transaction() as session:
        session.execute(text("ANALYZE learning_events"))
    with transaction() as session:
        before = _read_one_by_one(session)
        assert not is_behind(session)
        # Nobody acts for a while after a burst: that nothing is left is asked for again and again, and must not cost reading all that ever happened.
        assert _read_one_by_one(session) == before
    with Session(engine()) as session:
        assert len(session.exec(select(ItemPerson).where(ItemPerson.object_id != campus.course.id)).all()) == 60
        assert session.get_one(Run, people[0].run_id)


def _read_one_by_one(session: Session) -> int:
    """Events that statements of this transaction have read by going through them all.

    The server tells the whole installation's figures some time after it reads, and its own transaction's at once.
    """
    query = "SELECT sum(seq_tup_read) FROM pg_stat_xact_user_tables WHERE relname LIKE 'learning_events%'"
    return int(session.execute(text(query)).scalar_one())
