"""When a quiz is due: worked out in one place, from settings, exceptions, the end of the run and of the parts that hold it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import overrides
from lms_app.domain.assessments.override_rules import Override
from lms_app.domain.calendar.moments import MomentKind, moments_of
from lms_app.domain.courses import access, availability_editing
from lms_app.domain.enrollments import groups
from lms_app.domain.enrollments.due_times import Times, own_times, run_times
from lms_app.domain.notifications import reminders
from lms_app.models import Enrollment, Notification, Run
from lms_app.words import NotificationKind
from tests.support.campus import Campus, neutral_course, new_campus
from tests.support.statements import statements

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLOSES = MONDAY + 4 * DAY
MOMENTS = st.one_of(st.none(), st.integers(0, 9).map(lambda days: MONDAY + days * DAY))
EXCEPTIONS = st.one_of(st.none(), st.builds(Override, opens_at=MOMENTS, closes_at=MOMENTS))


@given(MOMENTS, MOMENTS, MOMENTS, EXCEPTIONS, EXCEPTIONS)
def test_a_quiz_is_due_by_a_date_of_its_own_or_of_what_holds_it_and_never_after_that_closes(
    closes_at: datetime | None, run_closes_at: datetime | None, shut_at: datetime | None, run: Override | None, student: Override | None
) -> None:
    times = own_times(None, closes_at, run_closes_at=run_closes_at, shut_at=shut_at, run=run, student=student)
    given_later = next((each.closes_at for each in (student, run) if each and each.closes_at), None)
    own = given_later or closes_at
    assert (times.due_at is None) == (own is None and shut_at is None)
    if times.due_at is None:
        return
    assert shut_at is None or times.due_at <= shut_at
    if given_later:
        # An exception holds, also beyond the end of the run.
        assert times.due_at == min(filter(None, (given_later, shut_at)))
    else:
        assert times.due_at == min(filter(None, (closes_at, run_closes_at, shut_at)))


def test_of_several_groups_the_kindest_date_holds_and_the_students_own_before_it() -> None:
    several = [Override(closes_at=CLOSES + DAY, opens_at=MONDAY), Override(closes_at=CLOSES + 2 * DAY, opens_at=MONDAY - DAY)]
    assert own_times(None, CLOSES, groups=several) == Times(MONDAY - DAY, CLOSES + 2 * DAY)
    assert own_times(None, CLOSES, groups=several, student=Override(closes_at=CLOSES - DAY)) == Times(MONDAY - DAY, CLOSES - DAY)


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    with clock.moved_to(MONDAY):
        campus = new_campus(session, neutral_course("due", closes_at=CLOSES.isoformat()))
        campus.enroll()
    return campus


def run_of(campus: Campus) -> Run:
    return access.current_run(campus.session, campus.course.id)


def in_the_calendar(campus: Campus, actor: Actor) -> dict[UUID, datetime]:
    return {each.node: each.at for each in moments_of(campus.session, actor.person_id) if each.kind == MomentKind.DUE}


def reminded_of(campus: Campus, actor: Actor) -> list[tuple[str, datetime]]:
    kinds = (NotificationKind.DUE_SOON, NotificationKind.OVERDUE)
    query = select(Notification).where(Notification.person_id == actor.person_id, col(Notification.kind).in_(kinds))
    return [(str(row.kind), datetime.fromisoformat(row.subjects["due"])) for row in campus.session.exec(query.order_by(col(Notification.id))).all()]


def shut(campus: Campus, wall: str) -> None:
    rule: dict[str, Any] = {"match": "all", "conditions": [{"kind": "until", "at": wall}]}
    page = campus.page("Final quiz")
    availability_editing.set_availability(campus.session, campus.instructor, campus.course.id, "page", page.id, rule, seen=0)


def test_calendar_and_reminders_tell_everybody_the_same_moment(campus: Campus) -> None:
    session, quiz = campus.session, campus.quiz("Final quiz").id
    people = {name: campus.person(name) for name in ("plain", "alone", "grouped", "both")}
    with clock.moved_to(MONDAY):
        taken = {name: campus.enroll(actor).id for name, actor in people.items()}
        evening = groups.add_group(session, campus.instructor, campus.course.id, "Evening")
        for name in ("grouped", "both"):
            groups.add_member(session, campus.instructor, campus.course.id, evening, taken[name])
        overrides.set_override(session, campus.instructor, quiz, Override(closes_at=CLOSES + 2 * DAY), group_id=evening)
        for name, later in (("alone", 3), ("both", 1)):
            overrides.set_override(session, campus.instructor, quiz, Override(closes_at=CLOSES + later * DAY), enrollment_id=taken[name])
        # The run ends before that: not for whom an exception says otherwise.
        run = run_of(campus)
        run.closes_at = CLOSES - HOUR
        session.add(run)
        session.flush()
    shown = {name: in_the_calendar(campus, actor)[quiz] for name, actor in people.items()}
    assert shown == {"plain": CLOSES - HOUR, "alone": CLOSES + 3 * DAY, "grouped": CLOSES + 2 * DAY, "both": CLOSES + DAY}
    for hours in range(0, 24 * 9, 6):
        with clock.moved_to(MONDAY + timedelta(hours=hours)):
            for step in (reminders.due_soon, reminders.overdue):
                assert step(session, None) is None
    for name, actor in people.items():
        assert reminded_of(campus, actor) == [("due_soon", shown[name]), ("overdue", shown[name])], name


def test_a_part_that_closes_before_the_quiz_ends_it_in_both_places(campus: Campus) -> None:
    session, quiz = campus.session, campus.quiz("Final quiz").id
    with clock.moved_to(MONDAY):
        shut(campus, "2026-11-25T12:00")
    closes = datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert in_the_calendar(campus, campus.student)[quiz] == closes
    assert run_times(session, [(run_of(campus).id, quiz)])[run_of(campus).id, quiz].everybody.due_at == closes
    for at in (closes - HOUR, closes + HOUR, CLOSES - HOUR, CLOSES + HOUR):
        with clock.moved_to(at):
            for step in (reminders.due_soon, reminders.overdue):
                step(session, None)
    assert reminded_of(campus, campus.student) == [("due_soon", closes), ("overdue", closes)]


def test_a_quiz_without_a_date_is_due_nowhere_though_its_run_ends(session: Session, redis_url: str) -> None:
    with clock.moved_to(MONDAY):
        campus = new_campus(session, neutral_course("undated"))
        campus.enroll()
        run = run_of(campus)
        run.closes_at = CLOSES
        session.add(run)
        session.flush()
    assert in_the_calendar(campus, campus.student) == {}
    for at in (CLOSES - HOUR, CLOSES + HOUR):
        with clock.moved_to(at):
            for step in (reminders.due_soon, reminders.overdue):
                step(session, None)
    assert reminded_of(campus, campus.student) == []


def test_times_of_many_cost_as_many_statements_as_those_of_one(campus: Campus) -> None:
    session, run, quiz = campus.session, run_of(campus), campus.quiz("Final quiz").id
    shut(campus, "2026-11-25T12:00")
    costs = []
    for count in (1, 12):
        for number in range(count):
            person = campus.person(f"{count}-{number}")
            enrollment: Enrollment = campus.enroll(person)
            overrides.set_override(session, campus.instructor, quiz, Override(closes_at=CLOSES + DAY), enrollment_id=enrollment.id)
        with statements(session) as asked:
            found = run_times(session, [(run.id, quiz)])
        costs.append(len(asked))
    assert costs[0] == costs[1]
    assert len(found[run.id, quiz].others) == 13
    assert run_times(session, []) == {}
