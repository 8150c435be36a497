"""Whatever order events come in, however often, and wherever the fold is cut off: folded, rebuilt and counted by hand, the roll-ups are the same."""

import contextlib
import os
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.database import engine, transaction
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import events
from lms_app.domain.analytics.fold import fold, is_behind, is_whole, rebuild
from lms_app.domain.analytics.statistics_rules import score_bin
from lms_app.domain.analytics.student_figures import as_of
from lms_app.domain.enrollments import runs
from lms_app.domain.enrollments.runs import RunForm
from lms_app.errors import Conflict
from lms_app.ids import uuid7
from lms_app.launcher.places import PROJECT
from lms_app.models import (
    ActiveDay,
    ActiveHour,
    AttemptFigures,
    Course,
    Enrollment,
    FilmPerson,
    ItemPerson,
    LearnerFigures,
    LearningEvent,
    LearningQuarter,
    OutboxMessage,
    Person,
    Run,
    RunDay,
    RunFigures,
    RunFilm,
    RunHour,
    RunItem,
    RunScores,
)
from lms_app.words import NodeKind, Role, Verb
from tests.support.campus import new_campus

TABLES = (
    RunFigures,
    RunDay,
    RunHour,
    ActiveDay,
    ActiveHour,
    LearnerFigures,
    RunItem,
    ItemPerson,
    RunScores,
    AttemptFigures,
    RunFilm,
    FilmPerson,
    LearningQuarter,
)
MOMENTS = {"version", "folded_at"}
"""What tells when a row moved, not what happened."""

MOVED_BY_OTHERS = text("""
UPDATE fold_cursors SET xid = last.xid, event_id = last.id
FROM (SELECT CAST(CAST(xid AS text) AS bigint) AS xid, id FROM learning_events e ORDER BY e.xid DESC, id DESC LIMIT 1) last
""")

START = datetime(2026, 3, 7, 20, tzinfo=UTC)
ZONES = ("UTC", "Pacific/Auckland", "America/St_Johns")
"""The third moves its clocks in the week that the histories are about."""

ACTS: tuple[tuple[Verb, NodeKind], ...] = (
    (Verb.ENROLLED, NodeKind.COURSE),
    (Verb.WITHDREW, NodeKind.COURSE),
    (Verb.COMPLETED, NodeKind.COURSE),
    (Verb.UNCOMPLETED, NodeKind.COURSE),
    (Verb.VIEWED, NodeKind.PAGE),
    (Verb.PROGRESSED, NodeKind.PAGE),
    (Verb.PAUSED, NodeKind.PAGE),
    (Verb.COMPLETED, NodeKind.PAGE),
    (Verb.STARTED, NodeKind.ASSESSMENT),
    (Verb.PROGRESSED, NodeKind.ASSESSMENT),
    (Verb.ANSWERED, NodeKind.QUESTION),
    (Verb.SUBMITTED, NodeKind.ASSESSMENT),
    (Verb.GRADED, NodeKind.ASSESSMENT),
    (Verb.COMPLETED, NodeKind.ASSESSMENT),
    (Verb.EARNED, NodeKind.CERTIFICATE),
    (Verb.REPLIED, NodeKind.PAGE),
)

HAPPENS = st.tuples(
    st.just("happens"),
    st.integers(0, 2),
    st.sampled_from(ACTS),
    st.integers(0, 2),
    st.integers(0, 14_000),
    st.integers(0, 60),
    st.sampled_from((0, 0, 1, 2)),
)
"""Who, what, to which node, minutes after the start, the seconds or percent of it, and in which transaction: 0 is one of its own."""

STEPS = st.one_of(
    HAPPENS,
    HAPPENS,
    HAPPENS,
    st.tuples(st.just("repeat"), st.integers(0, 50)),
    st.tuples(st.sampled_from(("commit", "roll_back")), st.integers(1, 2)),
    st.tuples(st.just("fold"), st.integers(1, 7)),
    st.tuples(st.just("crash"), st.integers(1, 7)),
    st.tuples(st.just("rebuild"), st.booleans()),
)


class Boom(Exception):
    """The worker's end."""


class History:
    """A run, and what happens in it: some at once, some in transactions that stay open for a while."""

    def __init__(self, zone: str) -> None:
        with transaction() as session:
            self.course = session.exec(select(Course.id)).first() or _new_course(session)
            run = Run(course_id=self.course, time_zone=zone, created_at=START)
            session.add(run)
        self.run, self.zone = run.id, ZoneInfo(zone)
        self.people = [Enrollment(run_id=run.id, course_id=self.course, person_id=uuid7(), enrolled_at=START) for _ in range(3)]
        self.nodes = {kind: [self.course] * 3 if kind == NodeKind.COURSE else [uuid7() for _ in range(3)] for kind in NodeKind}
        self.attempts = {(person, node): uuid7() for person in range(3) for node in range(3)}
        self.open: dict[int, Session] = {}
        self.written: list[dict[str, Any]] = []

    def happens(self, person: int, act: tuple[Verb, NodeKind], node: int, minutes: int, amount: int, slot: int) -> None:
        verb, kind = act
        value: dict[str, Any] = {}
        if verb in (Verb.PROGRESSED, Verb.PAUSED):
            value = {"seconds": amount} if amount % 3 else {"block": f"film {node}", "position": 7 * amount, "played": 5 * amount}
        elif verb == Verb.SUBMITTED:
            value = {"fraction": str(Decimal(amount) / 60), "number": 1}
        elif verb == Verb.GRADED:
            value = {"fraction": str(Decimal(amount) / 60)} | ({"before": str(Decimal(60 - amount) / 60)} if amount % 2 else {})
        event = {
            "enrollment": self.people[person],
            "verb": verb,
            "object_kind": kind,
            "object_id": self.nodes[kind][node],
            "event_id": uuid7(int((START + timedelta(minutes=minutes)).timestamp() * 1000)),
            "occurred_at": START + timedelta(minutes=minutes),
            "attempt_id": self.attempts[person, node] if verb in (Verb.STARTED, Verb.SUBMITTED, Verb.GRADED) else None,
            "value": value,
        }
        if slot:
            if slot not in self.open:
                self.open[slot] = Session(engine())
            events.record(self.open[slot], **event)
        else:
            with transaction() as session:
                events.record(session, **event)
            self.written.append(event)

    def repeat(self, number: int) -> None:
        if self.written:
            with transaction() as session:
                events.record(session, **self.written[number % len(self.written)])

    def commit(self, slot: int) -> None:
        if session := self.open.pop(slot, None):
            session.commit()
            session.close()

    def roll_back(self, slot: int) -> None:
        if session := self.open.pop(slot, None):
            session.rollback()
            session.close()

    def fold(self, batch: int) -> None:
        with transaction() as session:
            fold(session, batch=batch)

    def crash(self, batch: int) -> None:
        with contextlib.suppress(Boom), transaction() as session:
            fold(session, batch=batch)
            raise Boom

    def rebuild(self, whole: bool) -> None:
        with transaction() as session:
            rebuild(session, None if whole else self.run)

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every roll-up of the run."""
        with Session(engine()) as session:
            return {
                table.__tablename__: sorted(map(_plain, session.exec(select(table).where(col(table.run_id) == self.run)).all())) for table in TABLES
            }

    def counted(self) -> dict[str, list[tuple[Any, ...]]]:
        """The same, counted event by event."""
        with Session(engine()) as session:
            rows = session.exec(select(LearningEvent).where(LearningEvent.run_id == self.run).order_by(col(LearningEvent.id))).all()
        return {name: sorted(map(_plain, made)) for name, made in recount(self.run, self.course, self.zone, rows).items()}


def _plain(row: Any) -> tuple[Any, ...]:
    values = (getattr(row, name) for name in type(row).model_fields if name not in MOMENTS)
    return tuple(f"{value:.6f}" if isinstance(value, Decimal) else "" if value is None else str(value) for value in values)


def _new_course(session: Session) -> UUID:
    course = Course(title="Stones", slug="stones", language="en", created_at=START)
    session.add(course)
    session.flush()
    return course.id


def _somebody(session: Session) -> Actor:
    person = Person(created_at=START, can_learn=True)
    session.add(person)
    session.flush()
    return Actor(person_id=person.id, roles=frozenset({Role.STUDENT}))


def recount(run: UUID, course: UUID, zone: ZoneInfo, rows: Any) -> dict[str, list[Any]]:
    """The roll-ups of a run by the plainest way: one event after the other, in whatever order."""
    figures = RunFigures(run_id=run, course_id=course, folded_at=START)
    days: dict[Any, RunDay] = {}
    hours: dict[Any, RunHour] = {}
    active: dict[Any, ActiveDay] = {}
    learners: dict[UUID, LearnerFigures] = {}
    people: dict[Any, ItemPerson] = {}
    scores: dict[Any, RunScores] = {}
    quarters: dict[Any, LearningQuarter] = {}
    there_by_hour: dict[Any, ActiveHour] = {}
    attempts: dict[UUID, AttemptFigures] = {}
    films: dict[Any, RunFilm] = {}
    watched: dict[Any, FilmPerson] = {}
    kinds: dict[UUID, NodeKind] = {}
    for event in rows:
        at, verb, kind, who = event.occurred_at, Verb(event.verb), NodeKind(event.object_kind), event.person_id
        local = at.astimezone(zone)
        day = days.setdefault(local.date(), RunDay(run_id=run, day=local.date()))
        learner = learners.setdefault(who, LearnerFigures(run_id=run, person_id=who))
        seconds = event.value.get("seconds", 0)
        if verb not in (Verb.GRADED, Verb.UNCOMPLETED):
            there = active.setdefault((local.date(), who), ActiveDay(run_id=run, day=local.date(), person_id=who))
            hour = hours.setdefault((local.date(), local.hour), RunHour(run_id=run, day=local.date(), hour=local.hour))
            own = (who, local.date(), local.hour)
            mine = there_by_hour.setdefault(own, ActiveHour(run_id=run, person_id=who, day=local.date(), hour=local.hour))
            for row in (there, hour, mine):
                row.acts += 1
                row.seconds += seconds
            learner.first_at = min(learner.first_at or at, at)
            learner.last_active_at = max(learner.last_active_at or at, at)
        if verb in (Verb.VIEWED, Verb.STARTED, Verb.ANSWERED, Verb.PROGRESSED, Verb.PAUSED, Verb.REPLIED):
            begins = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
            quarter = quarters.setdefault((begins, who), LearningQuarter(run_id=run, person_id=who, at=begins))
            quarter.acts += 1
            quarter.seconds += seconds
        for row in (figures, day, learner):
            row.seconds += seconds
        if block := event.value.get("block"):
            for part, lasted, stops in film_parts(event.value, paused=verb == Verb.PAUSED):
                key = (event.object_id, block, part)
                film = films.setdefault(key, RunFilm(run_id=run, object_id=event.object_id, block=block, part=part))
                theirs = watched.setdefault((who, *key), FilmPerson(run_id=run, object_id=event.object_id, block=block, person_id=who, part=part))
                for row in (film, theirs):
                    row.seconds += lasted
                    row.stops += stops
        if verb in (Verb.ENROLLED, Verb.VIEWED, Verb.STARTED, Verb.PROGRESSED, Verb.PAUSED, Verb.COMPLETED):
            kinds[event.object_id] = kind
            item = people.setdefault((who, event.object_id), ItemPerson(run_id=run, person_id=who, object_id=event.object_id))
            item.seconds += seconds
            if verb not in (Verb.PROGRESSED, Verb.PAUSED):
                item.first_at = min(item.first_at or at, at)
            if verb == Verb.COMPLETED:
                item.completed_at = min(item.completed_at or at, at)
            if kind in (NodeKind.PAGE, NodeKind.ASSESSMENT):
                newest = (at, event.object_id)
                if learner.last_item_at is None or newest > (learner.last_item_at, learner.last_item_id):
                    learner.last_item_at, learner.last_item_id = newest
        marks: list[tuple[str | None, int]] = []
        match verb, kind:
            case Verb.ENROLLED, _:
                figures.enrolled += 1
                day.enrolled += 1
                learner.enrolments += 1
                learner.enrolled_at = min(learner.enrolled_at or at, at)
            case Verb.WITHDREW, _:
                figures.enrolled -= 1
                figures.withdrawn += 1
                day.withdrawn += 1
                learner.enrolments -= 1
                learner.withdrawn_at = max(learner.withdrawn_at or at, at)
            case Verb.COMPLETED, NodeKind.COURSE:
                for row, name in ((figures, "completed"), (day, "completed"), (learner, "completions")):
                    setattr(row, name, getattr(row, name) + 1)
                learner.completed_at = max(learner.completed_at or at, at)
            case Verb.UNCOMPLETED, _:
                for row, name in ((figures, "completed"), (day, "completed"), (learner, "completions")):
                    setattr(row, name, getattr(row, name) - 1)
            case Verb.COMPLETED, _:
                day.completions += 1
            case Verb.EARNED, _:
                figures.certificates += 1
            case Verb.SUBMITTED, _:
                figures.submissions += 1
                day.submissions += 1
                learner.attempts += 1
                marks = [(event.value["fraction"], 1)]
                day.fractions += round(Decimal(event.value["fraction"]), 6)
            case Verb.GRADED, _:
                marks = [(event.value["fraction"], 1), (event.value.get("before"), -1)]
        for mark, sign in marks:
            if mark is not None:
                fraction = round(Decimal(mark), 6)
                number = score_bin(fraction)
                bin_ = scores.setdefault((event.object_id, number), RunScores(run_id=run, assessment_id=event.object_id, bin=number))
                bin_.attempts += sign
                bin_.total += sign * fraction
                learner.marked += sign
                learner.fractions += sign * fraction
        if event.attempt_id:
            fresh = AttemptFigures(run_id=run, assessment_id=event.object_id, person_id=who, attempt_id=event.attempt_id)
            attempt = attempts.setdefault(event.attempt_id, fresh)
            if verb == Verb.STARTED:
                attempt.begun_at = min(attempt.begun_at or at, at)
            if verb == Verb.SUBMITTED:
                attempt.submitted_at = min(attempt.submitted_at or at, at)
                attempt.earned += round(Decimal(event.value["fraction"]), 6)
            for mark, sign in marks:
                if mark is not None:
                    attempt.marked += sign
                    attempt.fraction += sign * round(Decimal(mark), 6)
    items = {node: RunItem(run_id=run, object_id=node, object_kind=kind) for node, kind in kinds.items()}
    for (who, node), item in people.items():
        items[node].seconds += item.seconds
        items[node].started += item.first_at is not None
        items[node].completed += item.completed_at is not None
        if kinds[node] in (NodeKind.PAGE, NodeKind.ASSESSMENT):
            learners[who].items_started += item.first_at is not None
            learners[who].items_completed += item.completed_at is not None
    for (date_, who), _ in active.items():
        days[date_].active += 1
        learners[who].active_days += 1
    for (_, *key), theirs in watched.items():
        films[tuple(key)].people += theirs.seconds > 0
    many = (days, hours, active, there_by_hour, learners, items, people, scores, attempts, films, watched, quarters)
    made = (figures, *(row for rows in many for row in rows.values()))
    tables: dict[str, list[Any]] = defaultdict(list)
    for row in made:
        tables[row.__tablename__].append(row)
    return {table.__tablename__: tables[table.__tablename__] if rows else [] for table in TABLES}


def film_parts(told: dict[str, Any], *, paused: bool) -> list[tuple[int, int, int]]:
    """Second by second: the parts of a film that a beat tells of, how many seconds of each, and whether it was stopped there; at last all of it."""
    position = told["position"]
    seconds = Counter(second // 30 for second in range(max(0, position - min(told["played"], 240)), position))
    stopped = position // 30
    parts = {part: (seconds[part], int(paused and part == stopped)) for part in {*seconds, *([stopped] if paused else [])}}
    return [*((part, *told) for part, told in parts.items()), (-1, seconds.total(), int(paused))]


def fold_all(batch: int = 2_000) -> None:
    more = True
    while more:
        with transaction() as session:
            more = fold(session, batch=batch)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=5, max_size=45), st.sampled_from(ZONES), st.integers(1, 9))
def test_folded_rebuilt_and_counted_by_hand_the_roll_ups_are_the_same(
    committed_database: str, redis_url: str, steps: list[tuple[Any, ...]], zone: str, batch: int
) -> None:
    history = History(zone)
    for name, *arguments in steps:
        getattr(history, name)(*arguments)
    for slot in list(history.open):
        history.commit(slot)
    fold_all(batch)
    folded, counted = history.rows(), history.counted()
    assert folded == counted
    for run_id in (history.run, None):
        with transaction() as session:
            rebuild(session, run_id)
        assert history.rows() == counted


@pytest.fixture
def history(committed_database: str, redis_url: str) -> History:
    history = History("UTC")
    for number in range(6):
        history.happens(number % 3, ACTS[number], 0, number, 30, 0)
    return history


def test_a_rebuild_reads_what_the_fold_has_not_and_the_fold_goes_on_behind_it(history: History) -> None:
    with transaction() as session:
        assert rebuild(session) == 6
    history.happens(0, (Verb.VIEWED, NodeKind.PAGE), 1, 7, 0, 0)
    fold_all()
    assert history.rows() == history.counted()


def test_a_rebuild_of_one_run_leaves_the_others_and_what_the_fold_has_not_read(history: History) -> None:
    fold_all()
    other = History("UTC")
    other.happens(0, (Verb.ENROLLED, NodeKind.COURSE), 0, 0, 0, 0)
    with transaction() as session:
        assert rebuild(session, history.run) == 6
        assert rebuild(session, other.run) == 0
    assert history.rows() == history.counted()
    fold_all()
    assert other.rows() == other.counted()


def test_a_rebuild_mends_rows_that_were_broken_and_versions_go_on_growing(history: History) -> None:
    fold_all()
    with transaction() as session:
        figures = session.get_one(RunFigures, history.run)
        before, figures.enrolled = figures.version, 99
        session.execute(text("DELETE FROM item_people"))
    with transaction() as session:
        rebuild(session, history.run)
        assert session.get_one(RunFigures, history.run).version > before
    assert history.rows() == history.counted()


def test_a_database_that_was_restored_elsewhere_is_folded_on(history: History) -> None:
    """A new server counts transactions from its own beginning: what happens there would come before the cursor, and never be read."""
    with transaction() as session:
        fold(session, batch=4)
    with transaction() as session:
        session.execute(text("UPDATE learning_events SET xid = CAST(CAST(CAST(CAST(xid AS text) AS bigint) + 1000000000 AS text) AS xid8)"))
        session.execute(text("UPDATE fold_cursors SET xid = xid + 1000000000"))
    history.happens(1, (Verb.VIEWED, NodeKind.PAGE), 2, 9, 0, 0)
    fold_all(batch=2)
    history.happens(2, (Verb.VIEWED, NodeKind.PAGE), 2, 10, 0, 0)
    fold_all(batch=2)
    assert history.rows() == history.counted()


def test_roll_ups_of_an_older_version_stand_until_they_are_made_anew_in_one_go(history: History) -> None:
    """As an upgrade finds them: what is new in this version is empty."""
    fold_all()
    with transaction() as session:
        session.execute(text("DELETE FROM active_hours"))
        session.execute(text("UPDATE fold_cursors SET version = 0"))
        assert not is_whole(session)
        assert as_of(session, _somebody(session)).endswith(", being counted anew")
    history.happens(1, (Verb.VIEWED, NodeKind.PAGE), 2, 9, 0, 0)
    with transaction() as session:
        assert fold(session, batch=1), "there may be more"
    assert history.rows() == history.counted()
    with transaction() as session:
        assert is_whole(session)
        assert "anew" not in as_of(session, _somebody(session))


def test_what_code_that_knows_no_version_has_folded_is_made_anew(history: History) -> None:
    """It moved the cursor on, and filled fewer tables than we do."""
    with transaction() as session:
        fold(session, batch=4)
        session.execute(MOVED_BY_OTHERS)
    fold_all()
    assert history.rows() == history.counted()


def test_roll_ups_of_a_newer_version_are_left_alone_until_they_are_made_anew_by_hand(history: History) -> None:
    fold_all()
    with transaction() as session:
        session.execute(text("UPDATE fold_cursors SET version = version + 1"))
    before = history.rows()
    history.happens(1, (Verb.VIEWED, NodeKind.PAGE), 2, 9, 0, 0)
    fold_all()
    with transaction() as session:
        assert not is_behind(session), "nothing lies there that we may read"
        assert is_whole(session)
    with pytest.raises(Conflict), transaction() as session:
        rebuild(session, history.run)
    assert history.rows() == before
    with transaction() as session:
        rebuild(session)
    history.happens(2, (Verb.VIEWED, NodeKind.PAGE), 2, 9, 0, 0)
    fold_all()
    assert history.rows() == history.counted()


def test_pages_of_the_run_hear_of_a_rebuild(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: Counter[UUID] = Counter()
    monkeypatch.setattr("lms_app.adapters.pubsub.hint", lambda kind, subject: heard.update([subject]))
    with transaction() as session:
        rebuild(session)
    assert heard == {history.run: 1}


@pytest.mark.parametrize("restored", [False, True], ids=["after an upgrade", "on another server"])
def test_of_a_rebuild_of_everything_only_they_hear_whose_acts_were_not_counted_yet(
    history: History, monkeypatch: pytest.MonkeyPatch, restored: bool
) -> None:
    fold_all()
    history.happens(1, (Verb.VIEWED, NodeKind.PAGE), 2, 9, 0, 0)
    history.happens(2, (Verb.ENROLLED, NodeKind.COURSE), 0, 9, 0, 0)
    with transaction() as session:
        session.execute(text("UPDATE fold_cursors SET version = 0"))
        if restored:
            session.execute(text("UPDATE learning_events SET xid = CAST(CAST(CAST(CAST(xid AS text) AS bigint) + 1000000000 AS text) AS xid8)"))
            session.execute(text("UPDATE fold_cursors SET xid = xid + 1000000000"))
    heard: Counter[UUID] = Counter()
    monkeypatch.setattr("lms_app.adapters.pubsub.hint_each", lambda kind, subjects: heard.update(subjects))
    with transaction() as session:
        fold(session)
    assert heard == {history.people[1].person_id: 1}


def test_another_zone_of_a_run_has_its_days_made_anew(committed_database: str, redis_url: str) -> None:
    from workers.analytics import rebuild_run

    with transaction() as session, clock.moved_to(START):
        campus = new_campus(session)
        enrolled = campus.enroll()
    fold_all()
    for zone, day in (("Pacific/Auckland", date(2026, 3, 8)), ("UTC", date(2026, 3, 7))):
        with transaction() as session:
            runs.set_up(session, campus.instructor, campus.course.id, RunForm(time_zone=zone))
            runs.set_up(session, campus.instructor, campus.course.id, RunForm(time_zone=zone, seats="9"))
        with transaction() as session:
            asked = session.exec(select(OutboxMessage).where(OutboxMessage.job == events.REBUILD, col(OutboxMessage.done_at).is_(None))).one()
            asked.done_at = clock.now()
        rebuild_run(**asked.arguments)
        with Session(engine()) as session:
            assert [row.day for row in session.exec(select(RunDay).where(RunDay.run_id == enrolled.run_id)).all()] == [day]


def test_the_command_makes_the_figures_anew_and_says_of_how_many_events(history: History) -> None:
    command = [sys.executable, "-m", "lms_app", "rebuild-analytics"]
    done = subprocess.run(command, cwd=PROJECT, env=os.environ, capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout, done.stderr) == ("Events: 6.\n", "")
    assert history.rows() == history.counted()
