"""The table of students, and the page of one: who may look, what is found, in which order, and what it costs."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.domain.analytics import risk, risk_decisions, student_sheet, students
from lms_app.domain.analytics.risk_rules import Thresholds
from lms_app.domain.analytics.student_views import StudentLine, StudentSheet
from lms_app.domain.assessments import attempts
from lms_app.domain.enrollments import groups, learning
from lms_app.errors import NotFound
from lms_app.ids import uuid7
from lms_app.models import Answer, Enrollment, LearnerFigures, Membership, Person
from lms_app.words import QuestionType, StaffRole
from tests.support.campus import RIGHT, Campus, new_campus
from tests.support.statements import statements


@pytest.fixture
def campus(session: Session) -> Campus:
    return new_campus(session)


def learner(campus: Campus, name: str, *, days: int | None = 0, items: int = 1, minutes: int = 0, marks: tuple[str, int] | None = None) -> UUID:
    """One who takes the course, as the fold would have rolled them up; last there so many days ago, or never."""
    actor = campus.person(name)
    enrollment = campus.enroll(actor)
    last = clock.now() - timedelta(days=days or 0)
    total, marked = marks or ("0", 0)
    row = LearnerFigures(
        run_id=enrollment.run_id, person_id=actor.person_id, enrolments=1, last_active_at=last, seconds=minutes * 60,
        items_started=0 if days is None else items, marked=marked, fractions=Decimal(total),
    )  # fmt: skip
    campus.session.add(row)
    campus.session.flush()
    return enrollment.id


def table(campus: Campus, **asked) -> list[StudentLine]:  # pyright: ignore[reportMissingParameterType]
    return students.window(campus.session, campus.instructor, campus.course.id, **asked).lines


def names(campus: Campus, **asked) -> list[str]:  # pyright: ignore[reportMissingParameterType]
    return [line.name for line in table(campus, **asked)]


def sheet(campus: Campus, enrollment_id: UUID) -> StudentSheet:
    return student_sheet.student(campus.session, campus.instructor, campus.course.id, enrollment_id)


def test_students_are_sorted_by_every_figure_and_who_has_none_comes_last(campus: Campus):
    learner(campus, "Bo", days=3, minutes=90, marks=("1.5", 2))
    learner(campus, "Ada", days=1, minutes=30, marks=("0.5", 1))
    learner(campus, "Cy", days=None)
    assert names(campus) == ["Ada", "Bo", "Cy"]
    assert names(campus, descending=True) == ["Cy", "Bo", "Ada"]
    assert names(campus, sort="visited", descending=True) == ["Ada", "Bo", "Cy"]
    assert names(campus, sort="visited") == ["Bo", "Ada", "Cy"]
    assert names(campus, sort="score", descending=True) == ["Bo", "Ada", "Cy"]
    assert names(campus, sort="time") == ["Cy", "Ada", "Bo"]
    assert [(line.score, line.minutes, line.visited == "") for line in table(campus)] == [(50, 30, False), (75, 90, False), (None, 0, True)]


def test_the_day_of_enrolling_has_its_year_where_it_is_another_and_the_moment_has_the_hour_too(campus: Campus):
    enrollment = campus.session.get_one(Enrollment, learner(campus, "Ada"))
    campus.session.get_one(Person, campus.instructor.person_id).time_zone = "Pacific/Auckland"
    enrollment.enrolled_at = datetime(2019, 11, 20, 12, 30, tzinfo=UTC)
    campus.session.flush()
    [line] = table(campus)
    assert (line.enrolled_on, line.enrolled) == ("21 November 2019", "21 November 2019, 01:30")
    enrollment.enrolled_at = clock.now()
    campus.session.flush()
    today = clock.now().astimezone(ZoneInfo("Pacific/Auckland"))
    assert table(campus)[0].enrolled_on == f"{today.day} {today:%B}"


def test_students_are_narrowed_by_words_state_and_group(campus: Campus):
    learner(campus, "Ada Byron", days=30)
    learner(campus, "Bo Byron", days=2)
    cy = learner(campus, "Cy Coe", days=None)
    assert names(campus, search="byr") == ["Ada Byron", "Bo Byron"]
    assert names(campus, narrow="inactive") == ["Ada Byron"]
    assert names(campus, narrow="unstarted") == ["Cy Coe"]
    assert names(campus, narrow="completed") == []
    group = groups.add_group(campus.session, campus.instructor, campus.course.id, "Evening")
    groups.add_member(campus.session, campus.instructor, campus.course.id, group, cy)
    assert names(campus, group_id=group) == ["Cy Coe"]
    head = students.table_head(campus.session, campus.instructor, campus.course.id)
    assert head.groups == [(str(group), "Evening")]
    assert head.may_write
    assert [metric.name for metric in head.metrics] == list(students.NOTES)


def test_those_at_risk_are_those_of_the_page_of_them_with_the_same_reasons(campus: Campus):
    learner(campus, "Ada Absent", days=30)
    learner(campus, "Bo Busy")
    cy = learner(campus, "Cy Calm", days=12)
    assert names(campus, narrow="at_risk") == ["Ada Absent", "Cy Calm"]
    page = risk.at_risk(campus.session, campus.instructor, campus.course.id)
    assert {line.name: line.why for line in table(campus, narrow="at_risk")} == {line.name: line.why for line in page.lines}
    assert table(campus, narrow="at_risk")[0].why == "No visit for 30 days."
    assert {line.why for line in table(campus)} == {""}
    # Words, order and windows narrow those too; who is dismissed there is gone here, and thresholds hold in both places.
    assert names(campus, narrow="at_risk", search="cy") == ["Cy Calm"]
    assert names(campus, narrow="at_risk", sort="visited", descending=True, rows=1) == ["Cy Calm"]
    risk_decisions.dismiss(campus.session, campus.instructor, campus.course.id, cy, "On leave")
    assert names(campus, narrow="at_risk") == ["Ada Absent"]
    risk_decisions.set_thresholds(campus.session, campus.instructor, campus.course.id, Thresholds(absent_days=40))
    assert names(campus, narrow="at_risk") == []


def test_a_window_is_a_part_and_says_how_many_there_are(campus: Campus):
    for number in range(5):
        learner(campus, f"Person {number}")
    part = students.window(campus.session, campus.instructor, campus.course.id, first=3, rows=1, search="person")
    assert (part.students, part.total, part.first, [line.name for line in part.lines]) == (5, 5, 3, ["Person 3"])


def test_a_viewer_sees_students_and_nobody_outside_the_staff_does(campus: Campus):
    enrollment_id = learner(campus, "Ada")
    viewer = campus.person("Vera Viewer", teaches=True)
    campus.session.add(Membership(course_id=campus.course.id, person_id=viewer.person_id, role=StaffRole.VIEWER, created_at=clock.now()))
    campus.session.flush()
    assert students.window(campus.session, viewer, campus.course.id).total == 1
    assert not students.table_head(campus.session, viewer, campus.course.id).may_write
    assert student_sheet.student(campus.session, viewer, campus.course.id, enrollment_id).name == "Ada"
    for stranger in (campus.student, campus.person("Other Teacher", teaches=True)):
        for look in (students.window, students.table_head):
            with pytest.raises(NotFound):
                look(campus.session, stranger, campus.course.id)
        for look in (student_sheet.student, student_sheet.timeline):
            with pytest.raises(NotFound):
                look(campus.session, stranger, campus.course.id, enrollment_id)


def test_a_student_of_another_course_is_not_found_through_ones_own(campus: Campus):
    other = new_campus(campus.session)
    elsewhere = other.enroll()
    with pytest.raises(NotFound):
        sheet(campus, elsewhere.id)
    with pytest.raises(NotFound):
        sheet(campus, uuid7())


@pytest.mark.parametrize("narrow", ["all", "at_risk"])
def test_reading_many_costs_as_many_statements_as_reading_few(campus: Campus, narrow: str):
    learner(campus, "Ada", days=20)
    names(campus, narrow=narrow)
    campus.session.expire_all()
    with statements(campus.session) as few:
        names(campus, narrow=narrow)
    for number in range(20):
        learner(campus, f"Person {number}", days=20)
    names(campus, narrow=narrow)
    campus.session.expire_all()
    with statements(campus.session) as many:
        assert len(names(campus, narrow=narrow)) == 21
    assert len(many) == len(few)


def test_a_students_page_says_what_is_done_and_why_with_attempts_and_what_they_did(campus: Campus):
    enrollment = campus.enroll()
    sand = campus.page("Sand")
    learning.open_page(campus.session, campus.student, sand.id)
    learning.mark_complete(campus.session, campus.student, sand.id)
    quiz = attempts.start(campus.session, campus.student, campus.quiz("Final quiz").id)
    for question in quiz.questions:
        response = RIGHT[QuestionType(question.type)]
        campus.session.add(Answer(attempt_id=UUID(quiz.id), question_id=UUID(question.id), response=response, sequence=1, saved_at=clock.now()))
    campus.session.flush()
    attempts.submit(campus.session, campus.student, UUID(quiz.id))
    told = sheet(campus, enrollment.id)
    items = {item.title: item for item in told.lines}
    assert items["Sand"].state == "done"
    assert items["Sand"].why.startswith("Marked as done, ")
    assert (items["Stones"].state, items["Stones"].why) == ("none", "Not opened yet. Done once it is read to the end.")
    assert [(attempt.quiz, attempt.score, attempt.state, attempt.link) for attempt in told.attempts] == [("Final quiz", "100 %", "Passed", "")]
    acts = student_sheet.timeline(campus.session, campus.instructor, campus.course.id, enrollment.id)
    assert "Submitted “Final quiz”: 100 %" in [act.what for act in acts.acts]
    assert acts.acts[-1].what == "Enrolled"
    assert (acts.older, acts.newest) == ("", True)
    before = student_sheet.timeline(campus.session, campus.instructor, campus.course.id, enrollment.id, UUID(acts.acts[-2].id))
    assert [act.what for act in before.acts] == ["Enrolled"]
    assert not before.newest
