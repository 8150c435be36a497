"""The overview of a course: its figures are those that the registry counts again, and it narrows to a run, a group and days."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import queries
from lms_app.domain.analytics.fold import fold
from lms_app.domain.analytics.narrowing import EVERYTHING, Wanted
from lms_app.domain.analytics.overview_views import CourseOverview
from lms_app.domain.analytics.registry import RUN_METRICS
from lms_app.domain.assessments import attempts
from lms_app.domain.courses import access
from lms_app.domain.enrollments import enrollments, learning, runs
from lms_app.errors import NotFound
from lms_app.models import Answer, Enrollment, Group, GroupMember, Membership
from lms_app.words import QuestionType, StaffRole
from tests.support.campus import RIGHT, WRONG, Campus, new_campus
from tests.support.statements import statements

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday."""
NOW = START + timedelta(days=30)


def fold_all() -> None:
    with transaction() as session:
        while fold(session):
            pass


def sit(campus: Campus, actor: Actor, responses: dict[QuestionType, dict[str, object]]) -> None:
    sheet = attempts.start(campus.session, actor, campus.quiz("Final quiz").id)
    for question in sheet.questions:
        response = responses[QuestionType(question.type)]
        campus.session.add(Answer(attempt_id=UUID(sheet.id), question_id=UUID(question.id), response=response, sequence=1, saved_at=clock.now()))
    campus.session.flush()
    attempts.submit(campus.session, actor, UUID(sheet.id))


class Story:
    """Ada completes the course in two days, Ben stops on a page and is away, Cleo opens a page just now."""

    def __init__(self) -> None:
        with transaction() as session, clock.moved_to(START):
            self.campus = new_campus(session)
            self.ada, self.ben, self.cleo = self.campus.student, self.campus.person("Ben"), self.campus.person("Cleo")
            self.run_id = access.current_run(session, self.campus.course.id).id
        self.course_id = self.campus.course.id
        for person in (self.ada, self.ben):
            self.do(0, lambda person=person: self.campus.enroll(person))
        self.do(1, lambda: learning.open_page(self.campus.session, self.ben, self.campus.page("Sand").id))
        self.do(46, lambda: learning.open_page(self.campus.session, self.ada, self.campus.page("Stones").id))
        self.do(47, lambda: learning.heartbeat(self.campus.session, self.ada, self.campus.page("Stones").id, seconds=20, reached_end=True))
        self.do(47, lambda: learning.mark_complete(self.campus.session, self.ada, self.campus.page("Sand").id))
        self.do(48, lambda: sit(self.campus, self.ada, WRONG))
        self.do(48, lambda: sit(self.campus, self.ada, RIGHT))
        self.do(30 * 24 - 1, lambda: self.campus.enroll(self.cleo))
        self.do(30 * 24, lambda: learning.open_page(self.campus.session, self.cleo, self.campus.page("Stones").id))

    def do(self, hours: int, act) -> None:
        with clock.moved_to(START + timedelta(hours=hours)), transaction() as session:
            self.campus.session = session
            act()

    def group(self, name: str, *people: Actor) -> UUID:
        with transaction() as session:
            group = Group(id=uuid4(), run_id=self.run_id, name=name, created_at=NOW)
            session.add(group)
            session.flush()
            for person in people:
                query = select(Enrollment.id).where(Enrollment.run_id == self.run_id, Enrollment.person_id == person.person_id)
                session.add(GroupMember(group_id=group.id, enrollment_id=session.exec(query).one()))
        return group.id

    def read(self, wanted: Wanted = EVERYTHING) -> CourseOverview:
        with clock.moved_to(NOW), transaction() as session:
            return queries.course_overview(session, self.campus.instructor, self.course_id, wanted)


@pytest.fixture
def story(committed_database: str, redis_url: str) -> Story:
    told = Story()
    fold_all()
    return told


def counted(run_id: UUID, name: str) -> dict[str, int]:
    with clock.moved_to(NOW), transaction() as session:
        return RUN_METRICS[name].counted(session, run_id)


def values(overview: CourseOverview) -> dict[str, str]:
    return {figure.metric: f"{figure.value} {figure.unit}".strip() for figure in overview.key}


def test_every_figure_is_what_its_metric_counts_from_the_events(story: Story) -> None:
    overview = story.read()
    shown = values(overview)
    for name in ("enrolled", "active_now", "active_week", "completed"):
        assert int(shown[name]) == counted(story.run_id, name).get("all", 0), name
    assert shown["mean_score"] == f"{counted(story.run_id, 'mean_score')['all'] // 10_000} %"
    assert counted(story.run_id, "days_to_complete")["all"] == 2 * 86400
    assert (shown["days_to_complete"], overview.durations_finding) == ("2 days", "The one person who completed the course took 2 days.")
    assert [(step.low, step.high, step.people) for step in overview.durations] == [(0, 1, 0), (1, 2, 0), (2, 3, 1)]
    assert sum(stop.people for stop in overview.stops) == sum(counted(story.run_id, "dropped_at").values()) == 1
    assert overview.stops_finding == "1 person has dropped off, at “Sand”."
    assert sum(sum(row.counts) for row in overview.heat) == sum(counted(story.run_id, "heat").values())
    assert {day.day: day.active for day in overview.course.days if day.active} == counted(story.run_id, "active")


def test_trends_compare_the_last_seven_days_with_the_seven_before(story: Story) -> None:
    changes = {figure.metric: figure.change for figure in story.read().key}
    assert changes["enrolled"] == "1 in 7 days, 0 before"
    assert changes["completed"] == "0 in 7 days, 0 before"
    assert changes["mean_score"] == "Nothing submitted in 7 days"


def test_a_group_is_counted_by_the_rows_of_its_members(story: Story) -> None:
    group = story.group("Morning", story.ada)
    overview = story.read(Wanted(group=group))
    shown = values(overview)
    assert (shown["enrolled"], shown["completed"], shown["active_now"], shown["days_to_complete"]) == ("1", "1", "0", "2 days")
    assert [day.day for day in overview.course.days if day.active] == ["2026-03-02", "2026-03-04"]
    assert {step.title: step.completed for step in overview.course.funnel} == {"Stones": 1, "Sand": 1, "Final quiz": 1}
    assert overview.stops == []
    assert "certificates" not in shown
    assert {quiz.title: quiz.attempts for quiz in overview.course.quizzes if quiz.attempts} == {"Final quiz": 2}
    assert {row.name for row in overview.heat if any(row.counts)} == {"Mon", "Wed"}
    of_ben = story.read(Wanted(group=story.group("Evening", story.ben)))
    assert not any(quiz.attempts for quiz in of_ben.course.quizzes)
    assert {row.name for row in of_ben.heat if any(row.counts)} == {"Mon"}
    everybody = story.read(Wanted(group=story.group("All", story.ada, story.ben, story.cleo)))
    whole = story.read()
    assert everybody.course.days == whole.course.days
    assert everybody.course.funnel == whole.course.funnel
    assert everybody.course.quizzes == whole.course.quizzes
    assert (everybody.heat, everybody.heat_finding) == (whole.heat, whole.heat_finding)
    assert {name: value for name, value in values(whole).items() if name != "certificates"} == values(everybody)


def test_days_narrow_what_is_counted_by_day_and_compare_with_as_many_before(story: Story) -> None:
    overview = story.read(Wanted(since=date(2026, 3, 4), until=date(2026, 3, 5)))
    assert [(day.day, day.enrolled, day.active) for day in overview.course.days] == [("2026-03-04", 2, 1), ("2026-03-05", 2, 0)]
    changes = {figure.metric: figure.change for figure in overview.key}
    assert changes["enrolled"] == "0 in these days, 2 before"
    assert changes["completed"] == "1 in these days, 0 before"
    assert {row.name for row in overview.heat if any(row.counts)} == {"Wed"}


def test_the_previous_run_stands_beside_this_one_day_by_day(story: Story) -> None:
    with clock.moved_to(NOW), transaction() as session:
        new = runs.create_run(session, story.campus.instructor, story.course_id, title="Spring again")
        runs.choose_run(session, story.campus.instructor, story.course_id, new)
    with clock.moved_to(NOW), transaction() as session:
        enrollments.enroll(session, _newcomer(session, story), story.campus.slug)
    fold_all()
    overview = story.read()
    assert overview.run == str(new)
    assert [choice.id for choice in overview.runs] == [str(new), str(story.run_id)]
    assert [(day.enrolled, day.active) for day in overview.before] == [(2, 2)]
    assert overview.previous.startswith("Run of 2 March 2026")
    earlier = story.read(Wanted(run=story.run_id))
    assert (earlier.course.ever_enrolled, earlier.previous, earlier.before) == (3, "", [])


def _newcomer(session: Session, story: Story) -> Actor:
    story.campus.session = session
    return story.campus.person("Dora")


def test_runs_and_groups_of_elsewhere_are_not_found_and_only_the_staff_may_look(story: Story) -> None:
    for wanted in (Wanted(run=uuid4()), Wanted(group=uuid4())):
        with pytest.raises(NotFound):
            story.read(wanted)
    with transaction() as session:
        story.campus.session = session
        viewer, other = story.campus.person("Vera", teaches=True), story.campus.person("Otto", teaches=True)
        session.add(Membership(course_id=story.course_id, person_id=viewer.person_id, role=StaffRole.VIEWER, created_at=NOW))
        session.flush()
        assert queries.course_overview(session, viewer, story.course_id).course.ever_enrolled == 3
        for stranger in (other, story.ada):
            with pytest.raises(NotFound):
                queries.course_overview(session, stranger, story.course_id)


def test_reading_it_takes_the_same_number_of_statements_for_three_people_and_for_thirty(story: Story) -> None:
    def cost() -> int:
        with clock.moved_to(NOW), transaction() as session, statements(session) as made:
            queries.course_overview(session, story.campus.instructor, story.course_id)
        return len(made)

    few = cost()
    with clock.moved_to(NOW), transaction() as session:
        for number in range(27):
            person = _newcomer(session, story)
            enrollments.enroll(session, person, story.campus.slug)
            learning.open_page(session, person, story.campus.page("Stones" if number % 2 else "Sand").id)
    fold_all()
    assert few == cost() <= 20
