"""A student's goals: set, changed and removed by them alone, sealed, seen by nobody else, taken along and deleted with the account."""

import io
import json
import re
import zipfile
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from lms_app.domain.analytics import event_exports, goals
from lms_app.domain.analytics.goal_rules import Goal, Reached, goal_words, hours_typed, reached, read, time_words
from lms_app.domain.enrollments import enrollments
from lms_app.domain.people import erasing
from lms_app.errors import Invalid, NotFound
from lms_app.launcher.places import PROJECT
from lms_app.models import CourseGoal, HiddenStreak
from tests.support.campus import Campus, new_campus
from tests.support.transactions import within


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    campus = new_campus(session)
    campus.enroll()
    return campus


def test_a_goal_is_set_changed_and_removed(campus: Campus) -> None:
    session, student, course_id = campus.session, campus.student, campus.course.id
    assert goals.goals_of(session, student) == {}
    goals.set_goal(session, student, course_id, score=" 80 % ", hours="2,5", days="4")
    assert goals.goals_of(session, student) == {course_id: Goal(score=80, minutes=150, days=4)}
    form = goals.goal_form(session, student, course_id)
    assert (form.course, form.score, form.hours, form.days, form.exists) == ("Stones and sand", "80", "2.5", "4", True)
    goals.set_goal(session, student, course_id, hours="1")
    assert goals.goals_of(session, student) == {course_id: Goal(minutes=60)}
    goals.remove_goal(session, student, course_id)
    goals.remove_goal(session, student, course_id)
    assert goals.goals_of(session, student) == {}
    assert not goals.goal_form(session, student, course_id).exists


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "score"),
        ({"score": "0"}, "score"),
        ({"score": "101"}, "score"),
        ({"score": "72.5"}, "score"),
        ({"hours": "0"}, "hours"),
        ({"hours": "81"}, "hours"),
        ({"hours": "two"}, "hours"),
        ({"days": "8"}, "days"),
        ({"days": "-1"}, "days"),
        ({"score": "٣"}, "score"),
    ],
)
def test_a_goal_that_cannot_be_is_refused_beside_its_field(campus: Campus, typed: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        goals.set_goal(campus.session, campus.student, campus.course.id, **typed)
    assert list(refusal.value.fields) == [field]
    assert goals.goals_of(campus.session, campus.student) == {}


def test_a_goal_is_set_only_in_a_course_that_one_takes_and_outlives_leaving_it(campus: Campus) -> None:
    session, stranger = campus.session, campus.person()
    for course_id in (campus.course.id, uuid4()):
        with pytest.raises(NotFound):
            goals.set_goal(session, stranger, course_id, score="80")
        with pytest.raises(NotFound):
            goals.goal_form(session, stranger, course_id)
    goals.set_goal(session, campus.student, campus.course.id, score="80")
    enrollments.withdraw(session, campus.student, campus.slug)
    assert [goal.words for goal in goals.kept_goals(session, campus.student)] == ["80 %"]
    goals.remove_goal(session, campus.student, campus.course.id)
    assert goals.kept_goals(session, campus.student) == []


def test_a_goal_is_sealed_and_nobody_else_has_it(campus: Campus) -> None:
    session = campus.session
    goals.set_goal(session, campus.student, campus.course.id, score="83")
    row = session.exec(select(CourseGoal)).one()
    assert row.goal_sealed
    assert b"score" not in row.goal_sealed
    for other in (campus.instructor, campus.person()):
        assert goals.goals_of(session, other) == {}
        assert goals.kept_goals(session, other) == []
        goals.remove_goal(session, other, campus.course.id)
    assert goals.goals_of(session, campus.student)[campus.course.id].score == 83


def test_goals_are_read_in_one_place_alone() -> None:
    """Whoever would show somebody's goal to others has to come by here."""
    naming = {
        str(file.relative_to(PROJECT / "lms_app"))
        for file in (PROJECT / "lms_app").rglob("*.py")
        if re.search(r"CourseGoal|HiddenStreak|course_goals", file.read_text(encoding="utf-8"))
    }
    assert naming == {"models/__init__.py", "models/goals.py", "domain/analytics/goals.py", "domain/people/erasing.py"}


def test_goals_are_taken_along_and_deleted_with_the_account(campus: Campus) -> None:
    session, student = campus.session, campus.student
    goals.set_goal(session, student, campus.course.id, score="80", days="3")
    goals.hide_streak(session, student)
    for format_ in event_exports.OWN_FORMATS:
        target = io.BytesIO()
        event_exports.write_own(format_, student, target, within(session))
        with zipfile.ZipFile(target) as archive:
            assert len(archive.namelist()) == 2
            told = json.loads(archive.read("goals.json"))
        assert [(goal["course"], goal["score"], goal["minutes"], goal["days"]) for goal in told["goals"]] == [("Stones and sand", 80, None, 3)]
        assert told["weeks_in_a_row_hidden"] is True
    erasing.erase(session, student.person_id, discard=lambda key: None)
    assert session.exec(select(CourseGoal)).all() == []
    assert session.exec(select(HiddenStreak)).all() == []


def test_weeks_in_a_row_are_hidden_and_shown_again_as_often_as_one_likes(campus: Campus) -> None:
    session, student = campus.session, campus.student
    for _ in range(2):
        goals.hide_streak(session, student)
        goals.hide_streak(session, student)
        assert goals.streak_is_hidden(session, student)
        assert not goals.streak_is_hidden(session, campus.person())
        goals.show_streak(session, student)
        goals.show_streak(session, student)
        assert not goals.streak_is_hidden(session, student)


def test_a_goal_is_told_in_words_and_how_far_it_is() -> None:
    goal = Goal(score=80, minutes=150, days=1)
    assert goal_words(goal) == "80 %, 2 h 30 min a week, on 1 day a week"
    assert reached(goal, percent=None, seconds=3599, days=1) == [
        Reached(kind="score", name="Score", wanted="80 %", have="no score yet", percent=0, done=False),
        Reached(kind="time", name="Time this week", wanted="2 h 30 min", have="59 min so far", percent=39, done=False),
        Reached(kind="days", name="Days this week", wanted="1 day", have="1 day so far", percent=100, done=True),
    ]
    assert [part.done for part in reached(goal, percent=80, seconds=9000, days=0)] == [True, True, False]
    assert [time_words(seconds) for seconds in (0, 59, 60, 3600, 7500)] == ["0 min", "0 min", "1 min", "1 h", "2 h 5 min"]
    assert [hours_typed(minutes) for minutes in (None, 5, 60, 150, 4800)] == ["", "0.08", "1", "2.5", "80"]


def test_what_is_shown_to_be_changed_is_read_as_it_was() -> None:
    for minutes in range(5, 4801, 5):
        goal, wrong = read("", hours_typed(minutes), "")
        assert (goal.minutes, wrong) == (minutes, {})
