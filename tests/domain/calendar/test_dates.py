"""A student's dates as they hold for that student: what is due, what opens, in which words, in whose zone, at what cost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.domain.assessments import attempts, overrides
from lms_app.domain.assessments.override_rules import Override
from lms_app.domain.calendar import feeds, queries
from lms_app.domain.calendar.moments import moments_of
from lms_app.domain.courses.availability_rules import Availability, Days, From, Until, dump
from lms_app.domain.enrollments import enrollments, groups
from lms_app.domain.people import erasing
from lms_app.errors import NotAllowed, NotFound
from lms_app.models import CalendarFeed, NodeAvailability, Person, Run
from lms_app.words import NodeKind
from tests.support.campus import Campus, neutral_course, new_campus
from tests.support.statements import statements

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
FRIDAY = datetime(2026, 3, 6, 16, tzinfo=UTC)


@pytest.fixture
def campus(session: Session) -> Campus:
    with clock.moved_to(MONDAY):
        campus = new_campus(session, neutral_course(closes_at=FRIDAY.isoformat()))
        campus.enroll()
    return campus


def told(campus: Campus, at: datetime = MONDAY) -> list[tuple[str, str, str]]:
    with clock.moved_to(at):
        return [(line.label, line.title, line.when) for line in queries.next_dates(campus.session, campus.student).lines]


def in_zone(campus: Campus, zone: str) -> None:
    person = campus.session.get_one(Person, campus.student.person_id)
    person.time_zone = zone
    campus.session.flush()


def run_of(campus: Campus) -> Run:
    return campus.session.get_one(Run, campus.enroll().run_id)


def rule(campus: Campus, kind: NodeKind, node_id: UUID, *conditions: From | Until | Days) -> None:
    campus.session.add(
        NodeAvailability(
            course_id=campus.course.id,
            node_kind=kind,
            node_id=node_id,
            rule=dump(Availability(conditions=conditions)),
            changed_at=MONDAY,
        )
    )
    campus.session.flush()


def test_a_quiz_is_due_when_it_closes_in_the_words_and_zone_of_its_student(campus: Campus) -> None:
    assert told(campus) == [("Due", "Final quiz", "Friday at 16:00")]
    in_zone(campus, "Asia/Tokyo")
    assert told(campus) == [("Due", "Final quiz", "Saturday at 01:00")]


def test_an_exception_moves_it_for_one_student_and_for_a_group_but_for_nobody_else(campus: Campus) -> None:
    quiz, other = campus.quiz("Final quiz"), campus.person()
    enrollments.enroll(campus.session, other, campus.slug)
    with clock.moved_to(MONDAY):
        group = groups.add_group(campus.session, campus.instructor, campus.course.id, "evening")
        groups.add_member(campus.session, campus.instructor, campus.course.id, group, campus.enroll().id)
        overrides.set_override(campus.session, campus.instructor, quiz.id, Override(closes_at=FRIDAY + timedelta(days=1)), group_id=group)
    assert told(campus) == [("Due", "Final quiz", "Saturday at 16:00")]
    with clock.moved_to(MONDAY):
        later = Override(closes_at=FRIDAY + timedelta(days=2))
        overrides.set_override(campus.session, campus.instructor, quiz.id, later, enrollment_id=campus.enroll().id)
        theirs = queries.next_dates(campus.session, other).lines
    assert told(campus) == [("Due", "Final quiz", "Sunday at 16:00")]
    assert [line.when for line in theirs] == ["Friday at 16:00"]


def test_a_run_that_ends_before_cuts_it_and_counts_what_has_no_date_of_its_own(session: Session) -> None:
    with clock.moved_to(MONDAY):
        campus = new_campus(session)
        run = run_of(campus)
        run.opens_at, run.closes_at = MONDAY + timedelta(hours=1), FRIDAY
        session.flush()
        lines = queries.next_dates(session, campus.student).lines
    assert [(line.label, line.title, line.note) for line in lines] == [
        ("Course begins", "Stones and sand", ""),
        ("Course ends", "Stones and sand", "1 quiz to hand in by then."),
    ]
    run.closes_at = FRIDAY
    dated = new_campus(session, neutral_course("dated", closes_at=(FRIDAY + timedelta(days=9)).isoformat()))
    run_of(dated).closes_at = FRIDAY
    session.flush()
    assert ("Due", "Final quiz", "Friday at 16:00") in told(dated)


def test_what_was_handed_in_is_due_no_more_and_stays_in_the_calendar_as_done(campus: Campus) -> None:
    with clock.moved_to(MONDAY):
        sheet = attempts.start(campus.session, campus.student, campus.quiz("Final quiz").id)
        attempts.submit(campus.session, campus.student, UUID(sheet.id))
        shown = queries.month(campus.session, campus.student)
    assert told(campus) == []
    assert [(line.label, line.done) for day in shown.days for line in day.lines] == [("Handed in, was due", True)]


def test_parts_that_open_by_date_say_so_once_by_the_clock_of_the_run(campus: Campus) -> None:
    run_of(campus).time_zone = "America/New_York"
    page = campus.page("Sand")
    rule(campus, NodeKind.PAGE, page.id, From(at=datetime.fromisoformat("2026-03-08T02:30")), Until(at=datetime.fromisoformat("2026-03-20T12:00")))
    in_zone(campus, "Europe/Berlin")
    # The clocks of New York leave 02:30 out in that night: it comes as 03:30 there, which is 08:30 in Berlin.
    assert [entry for entry in told(campus) if entry[1] == "Sand"] == [
        ("Opens", "Sand", "Sunday at 08:30"),
        ("Closes", "Sand", "Friday 20 March at 17:00"),
    ]


def test_what_opens_some_days_after_enrolling_is_counted_from_the_students_own_enrolment(campus: Campus) -> None:
    rule(campus, NodeKind.PAGE, campus.page("Sand").id, Days(days=3))
    assert ("Opens", "Sand", "Thursday at 00:00") in told(campus)


def test_a_month_has_whole_weeks_of_the_students_own_days(campus: Campus) -> None:
    in_zone(campus, "Asia/Tokyo")
    with clock.moved_to(MONDAY):
        shown = queries.month(campus.session, campus.student, "2026-03")
        assert (shown.title, shown.current, len(shown.weeks)) == ("March 2026", True, 6)
        assert [(day.day, day.words, day.lines[0].time) for day in shown.days] == [("2026-03-07", "Saturday 7 March", "01:00")]
        assert next(day.day for week in shown.weeks for day in week.days if day.today) == "2026-03-02"
        assert shown.weeks[0].days[0].day == "2026-02-23"
        other = queries.month(campus.session, campus.student, "nonsense")
    assert (queries.step("2026-12", 1), queries.step("2026-01", -1), other.month) == ("2027-01", "2025-12", "2026-03")


def test_dates_are_the_students_alone(campus: Campus) -> None:
    stranger = campus.person()
    with clock.moved_to(MONDAY):
        assert queries.next_dates(campus.session, stranger).lines == []
        assert queries.month(campus.session, stranger).courses is False
        nobody = replace(stranger, roles=frozenset())
        for use_case in (queries.next_dates, queries.month, feeds.make, feeds.standing):
            with pytest.raises(NotAllowed):
                use_case(campus.session, nobody)


def test_dates_cost_the_same_number_of_statements_for_one_course_and_for_five(campus: Campus) -> None:
    costs = []
    for more in range(2):
        for number in range(4 * more):
            campus_of_more = new_campus(campus.session, neutral_course(f"more-{number}", closes_at=FRIDAY.isoformat()))
            enrollments.enroll(campus.session, campus.student, campus_of_more.slug)
        campus.session.flush()
        with clock.moved_to(MONDAY), statements(campus.session) as seen:
            moments = moments_of(campus.session, campus.student.person_id)
        costs.append((len(seen), len(moments)))
    assert [moments for _, moments in costs] == [1, 5]
    assert costs[0][0] == costs[1][0] <= 9


def test_a_calendar_address_shows_its_persons_dates_until_it_is_replaced_stopped_or_erased(campus: Campus) -> None:
    session = campus.session

    def token() -> str:
        return feeds.make(session, campus.student).address.rpartition("/")[2].removesuffix(".ics")

    with clock.moved_to(MONDAY):
        first = token()
        assert first.encode() not in session.get_one(CalendarFeed, campus.student.person_id).digest
        entries = feeds.entries_behind(session, None, first)
        assert [(entry.summary, entry.at) for entry in entries] == [("Due: Final quiz", FRIDAY.isoformat())]
        assert entries == feeds.entries_behind(session, None, first)
        assert feeds.standing(session, campus.student).address == ""
        second = token()
        for stale in (first, "nothing"):
            with pytest.raises(NotFound):
                feeds.entries_behind(session, None, stale)
        assert len(feeds.entries_behind(session, None, second)) == 1
        feeds.stop(session, campus.student)
        with pytest.raises(NotFound):
            feeds.entries_behind(session, None, second)
        third = token()
        erasing.erase(session, campus.student.person_id, discard=lambda key: None)
        with pytest.raises(NotFound):
            feeds.entries_behind(session, None, third)
