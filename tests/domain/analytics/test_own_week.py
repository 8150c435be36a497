"""A student's own week: by their own clock, from what they surely did, the same as counted from raw events, and at a constant cost."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.database import engine, transaction
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import goals, own_course, own_week
from lms_app.domain.analytics.own_week import OwnWeek
from lms_app.domain.analytics.student_metrics import STUDENT_METRICS
from lms_app.domain.assessments import attempts
from lms_app.domain.courses import access, authoring, importing
from lms_app.domain.enrollments import beats, enrollments, learning
from lms_app.errors import NotAllowed, NotFound
from lms_app.models import Answer, Enrollment, Person
from lms_app.words import QuestionType
from tests.domain.analytics.test_dashboards import acting, counted_statements, fold_all
from tests.support.campus import RIGHT, Campus, neutral_course, new_campus

SUNDAY = datetime(2026, 3, 8, 13, 10, tzinfo=UTC)
"""In Auckland it is ten past two on Monday."""
AUCKLAND, KATHMANDU = ZoneInfo("Pacific/Auckland"), ZoneInfo("Asia/Kathmandu")


@pytest.fixture
def campus(committed_database: str, redis_url: str) -> Campus:
    with transaction() as session, clock.moved_to(SUNDAY - timedelta(days=60)):
        campus = new_campus(session)
        campus.enroll()
    return campus


def lives_in(campus: Campus, zone: ZoneInfo) -> None:
    with transaction() as session:
        session.get_one(Person, campus.student.person_id).time_zone = zone.key


def opens(campus: Campus, at: datetime, actor: Actor | None = None) -> None:
    with acting(campus, at) as session:
        learning.open_page(session, actor or campus.student, campus.page("Stones").id)


def reads(campus: Campus, at: datetime, minutes: int) -> None:
    """Opens a page and is at it for so many minutes, told of one by one."""
    opens(campus, at)
    for minute in range(1, minutes + 1):
        with acting(campus, at + timedelta(minutes=minute)) as session:
            learning.heartbeat(session, campus.student, campus.page("Stones").id, seconds=beats.LONGEST_BEAT, reached_end=False)


def week_at(campus: Campus, at: datetime) -> OwnWeek:
    fold_all()
    with acting(campus, at) as session:
        return own_week.own_week(session, campus.student)


def parity(campus: Campus, at: datetime) -> dict[str, tuple[dict[str, int], dict[str, int]]]:
    with clock.moved_to(at), Session(engine()) as session:
        run_id = access.current_run(session, campus.course.id).id
        return {name: (metric.rolled_up(session, run_id), metric.counted(session, run_id)) for name, metric in STUDENT_METRICS.items()}


def test_a_week_begins_by_the_students_own_clock(campus: Campus) -> None:
    reads(campus, SUNDAY, 12)
    told = {}
    for zone in (UTC, AUCKLAND, KATHMANDU):
        lives_in(campus, ZoneInfo("UTC") if zone is UTC else zone)
        told[str(zone)] = week_at(campus, SUNDAY + timedelta(minutes=30))
    # In London it is Sunday: a day of the week that ends. In Auckland the week has just begun.
    assert [(day.id, day.learnt) for day in told["UTC"].week.days][-1] == ("2026-03-08", True)
    assert next((day.id, day.learnt) for day in told["Pacific/Auckland"].week.days) == ("2026-03-09", True)
    assert {zone: (each.week.time, each.week.before, each.week.learnt) for zone, each in told.items()} == {
        "UTC": ("12 min", "0 min", 1),
        "Pacific/Auckland": ("12 min", "0 min", 1),
        "Asia/Kathmandu": ("12 min", "0 min", 1),
    }
    later = week_at(campus, SUNDAY + timedelta(days=1))
    assert (later.week.time, later.week.before, later.week.learnt) == ("0 min", "12 min", 0)


def test_midnight_between_two_quarters_parts_the_days_of_any_zone(campus: Campus) -> None:
    lives_in(campus, KATHMANDU)
    # Midnight there is a quarter past six in the evening of UTC.
    midnight = datetime(2026, 3, 3, 18, 15, tzinfo=UTC)
    reads(campus, midnight - timedelta(minutes=5), 4)
    opens(campus, midnight + timedelta(minutes=31))
    week = week_at(campus, midnight + timedelta(hours=3))
    assert [(day.id, day.learnt) for day in week.week.days if day.learnt] == [("2026-03-03", True), ("2026-03-04", True)]
    assert next(day.words for day in week.week.days if day.today) == "Wednesday: learnt"


def test_what_others_did_or_time_brought_is_no_day_of_learning(campus: Campus) -> None:
    with acting(campus, SUNDAY) as session:
        sheet = attempts.start(session, campus.student, campus.quiz("Final quiz").id)
        for question in sheet.questions:
            response = RIGHT[QuestionType(question.type)]
            session.add(Answer(attempt_id=UUID(sheet.id), question_id=UUID(question.id), response=response, sequence=1, saved_at=clock.now()))
        session.flush()
    # A week later the attempt is closed by somebody else: it completes a step, and the student was not there.
    with acting(campus, SUNDAY + timedelta(days=8)) as session:
        attempts.submit(session, campus.student, UUID(sheet.id))
    week = week_at(campus, SUNDAY + timedelta(days=8, hours=1))
    assert (week.week.learnt, week.row) == (0, 1)


def test_weeks_in_a_row_outlive_a_week_off_and_count_over_all_courses(campus: Campus) -> None:
    with acting(campus, SUNDAY - timedelta(days=60)) as session:
        other = importing.store_course(session, campus.instructor, neutral_course("more"), store=lambda data, *, key: str(len(data)))
        authoring.publish_course(session, campus.instructor, other.id)
        enrollments.enroll(session, campus.student, "more")
    first = campus.course
    campus.course = other
    opens(campus, SUNDAY - timedelta(weeks=4))
    campus.course = first
    for weeks in (3, 2, 0):
        opens(campus, SUNDAY - timedelta(weeks=weeks))
    assert week_at(campus, SUNDAY).row == 4
    assert week_at(campus, SUNDAY + timedelta(days=7)).row == 4
    assert week_at(campus, SUNDAY + timedelta(days=14)).row == 4
    assert week_at(campus, SUNDAY + timedelta(days=15)).row == 0
    # Leaving the course takes nothing of it away.
    with acting(campus, SUNDAY) as session:
        enrollments.withdraw(session, campus.student, campus.slug)
    assert week_at(campus, SUNDAY).row == 4


def test_every_figure_equals_what_raw_events_and_attempts_say(campus: Campus) -> None:
    lives_in(campus, AUCKLAND)
    friend = None
    with acting(campus, SUNDAY - timedelta(days=50)) as session:
        friend = campus.person()
        campus.enroll(friend)
        sheet = attempts.start(session, campus.student, campus.quiz("Final quiz").id)
        for number, question in enumerate(sheet.questions):
            if number < 3:
                response = RIGHT[QuestionType(question.type)]
                session.add(Answer(attempt_id=UUID(sheet.id), question_id=UUID(question.id), response=response, sequence=1, saved_at=clock.now()))
        session.flush()
        attempts.submit(session, campus.student, UUID(sheet.id))
    for weeks in (2, 1, 0):
        reads(campus, SUNDAY - timedelta(weeks=weeks), 3 + weeks)
        opens(campus, SUNDAY - timedelta(weeks=weeks, days=-1), friend)
    at = SUNDAY + timedelta(days=1, hours=1)
    week = week_at(campus, at)
    found = parity(campus, at)
    assert {name: one for name, (one, other) in found.items() if one != other and name != "score_spread"} == {}
    who = str(campus.student.person_id)
    assert own_week.time_words(found["time_this_week"][0][who]) == week.week.time == "3 min"
    assert found["days_this_week"][0][who] == week.week.learnt == 1
    assert found["weeks_in_a_row"][0][who] == week.row == 3
    with acting(campus, at) as session:
        course = own_course.own_course(session, campus.student, campus.slug)
    assert list(found["score_so_far"][0].values()) == [course.total.percent] == [60]


def test_goals_are_measured_by_this_week_and_by_the_score_so_far(campus: Campus) -> None:
    with acting(campus, SUNDAY) as session:
        goals.set_goal(session, campus.student, campus.course.id, score="80", hours="0.1", days="3")
    reads(campus, SUNDAY, 4)
    week = week_at(campus, SUNDAY + timedelta(minutes=20))
    [goal] = week.goals
    assert (goal.course, goal.words, week.without) == ("Stones and sand", "80 %, 6 min a week, on 3 days a week", "")
    assert [(part.have, part.percent) for part in goal.parts] == [("no score yet", 0), ("4 min so far", 66), ("1 day so far", 33)]
    with acting(campus, SUNDAY + timedelta(minutes=20)) as session:
        course = own_course.own_course(session, campus.student, campus.slug)
    assert (course.goal, course.parts, course.week) == (goal.words, goal.parts, week.week)
    assert course.why.total > 0


def test_no_goal_is_proposed_for_a_course_that_is_completed(campus: Campus) -> None:
    with acting(campus, SUNDAY) as session:
        assert own_week.own_week(session, campus.student).without == str(campus.course.id)
        session.exec(select(Enrollment)).one().completed_at = SUNDAY
        assert own_week.own_week(session, campus.student).without == ""


def test_a_course_costs_the_same_number_of_statements_whatever_was_done_in_it(campus: Campus) -> None:
    def cost() -> int:
        fold_all()
        with acting(campus, SUNDAY + timedelta(days=1)) as session, counted_statements() as seen:
            own_course.own_course(session, campus.student, campus.slug)
        return len(seen)

    few = cost()
    reads(campus, SUNDAY, 2)
    with acting(campus, SUNDAY + timedelta(hours=1)) as session:
        learning.mark_complete(session, campus.student, campus.page("Sand").id)
        for number in range(5):
            campus.enroll(campus.person(f"Other {number}"))
    assert cost() == few <= 30


def test_an_account_in_which_nothing_happened_has_a_week_of_nothing(campus: Campus) -> None:
    with acting(campus, SUNDAY) as session:
        newcomer = campus.person()
        week = own_week.own_week(session, newcomer)
        with pytest.raises(NotFound):
            own_course.own_course(session, newcomer, campus.slug)
        with pytest.raises(NotFound):
            own_course.own_course(session, campus.student, "nowhere")
        with pytest.raises(NotAllowed):
            own_week.own_week(session, Actor(person_id=campus.student.person_id, roles=frozenset()))
    assert (week.week.time, week.week.before, week.week.learnt, week.row, week.goals, week.without) == ("0 min", "0 min", 0, 0, [], "")


def test_a_week_costs_the_same_number_of_statements_for_one_course_and_for_five(campus: Campus) -> None:
    def cost() -> int:
        with acting(campus, SUNDAY) as session, counted_statements() as seen:
            own_week.own_week(session, campus.student)
        return len(seen)

    with acting(campus, SUNDAY) as session:
        goals.set_goal(session, campus.student, campus.course.id, score="80")
    costs = [cost()]
    with acting(campus, SUNDAY) as session:
        for number in range(4):
            course = importing.store_course(session, campus.instructor, neutral_course(f"more-{number}"), store=lambda data, *, key: str(len(data)))
            authoring.publish_course(session, campus.instructor, course.id)
            enrollments.enroll(session, campus.student, course.slug)
            goals.set_goal(session, campus.student, course.id, score="80", days="2")
    costs.append(cost())
    assert costs[0] == costs[1] <= 18
