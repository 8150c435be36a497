"""What dashboards show, and that reading them costs the same number of statements whatever the size."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.database import engine, transaction
from lms_app.domain.analytics import learner, queries
from lms_app.domain.analytics.fold import fold
from lms_app.domain.assessments import attempts
from lms_app.domain.courses import authoring, importing
from lms_app.domain.enrollments import enrollments, learning
from lms_app.errors import NotFound
from lms_app.models import Answer
from lms_app.words import QuestionType
from tests.support.campus import RIGHT, Campus, neutral_course, new_campus

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def campus(committed_database: str, redis_url: str) -> Campus:
    with transaction() as session, clock.moved_to(MONDAY):
        campus = new_campus(session)
    return campus


@contextmanager
def acting(campus: Campus, at: datetime = MONDAY) -> Iterator[Session]:
    with clock.moved_to(at), transaction() as session:
        campus.session = session
        yield session


def fold_all() -> None:
    with transaction() as session:
        while fold(session):
            pass


def sit(campus: Campus, session: Session) -> None:
    sheet = attempts.start(session, campus.student, campus.quiz("Final quiz").id)
    for question in sheet.questions:
        response = RIGHT[QuestionType(question.type)]
        session.add(Answer(attempt_id=UUID(sheet.id), question_id=UUID(question.id), response=response, sequence=1, saved_at=clock.now()))
    session.flush()
    attempts.submit(session, campus.student, UUID(sheet.id))


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine(), "before_cursor_execute", note)


def test_an_instructor_sees_what_students_did(campus: Campus) -> None:
    with acting(campus) as session:
        campus.enroll()
        enrollments.enroll(session, campus.person(), campus.slug)
    with acting(campus, MONDAY + timedelta(days=1)) as session:
        learning.mark_complete(session, campus.student, campus.page("Sand").id)
        sit(campus, session)
    fold_all()
    with acting(campus, MONDAY + timedelta(days=2)) as session:
        figures = queries.course_figures(session, campus.instructor, campus.course.id)
    assert (figures.enrolled, figures.ever_enrolled, figures.active_week, figures.completed) == (2, 2, 2, 0)
    assert [(day.day, day.enrolled, day.active) for day in figures.days] == [("2026-03-02", 2, 2), ("2026-03-03", 2, 1), ("2026-03-04", 2, 0)]
    assert {step.title: step.completed for step in figures.funnel}["Sand"] == 1
    assert figures.funnel_finding == "1 of 2 completed the last step; most are lost before “Stones”: 2."
    final = next(quiz for quiz in figures.quizzes if quiz.title == "Final quiz")
    assert (final.attempts, final.mean, final.pass_mark) == (1, 1.0, 0.6)
    assert final.finding == "1 attempt, mean 100 %; 1 reached the pass mark of 60 %."


def test_somebody_who_left_and_came_back_began_once(campus: Campus) -> None:
    for day in range(2):
        with acting(campus, MONDAY + timedelta(days=day)) as session:
            campus.enroll()
            enrollments.withdraw(session, campus.student, campus.slug)
    fold_all()
    with acting(campus) as session:
        figures = queries.course_figures(session, campus.instructor, campus.course.id)
    assert (figures.enrolled, figures.ever_enrolled) == (0, 1)


def test_a_course_without_students_has_figures_of_nothing(campus: Campus) -> None:
    with acting(campus) as session:
        figures = queries.course_figures(session, campus.instructor, campus.course.id)
    assert (figures.enrolled, figures.days, figures.enrolment_finding) == (0, [], "Nobody has enrolled yet.")


def test_only_the_staff_of_a_course_may_see_or_watch_it(campus: Campus) -> None:
    with acting(campus) as session:
        other = campus.person("Otto Other", teaches=True)
        for stranger in (other, campus.student):
            with pytest.raises(NotFound):
                queries.course_figures(session, stranger, campus.course.id)
            with pytest.raises(NotFound):
                queries.watched(session, stranger, campus.course.id)


def test_a_student_sees_courses_scores_and_weeks(campus: Campus) -> None:
    with acting(campus, MONDAY) as session:
        campus.enroll()
    with acting(campus, MONDAY + timedelta(days=1)) as session:
        learning.mark_complete(session, campus.student, campus.page("Sand").id)
        sit(campus, session)
    fold_all()
    with acting(campus, MONDAY + timedelta(days=2)) as session:
        home = learner.learner_home(session, campus.student)
    course = home.courses[0]
    assert (course.title, course.done, course.score, course.completed, course.next_title) == ("Stones and sand", 2, 100, False, "Stones")
    assert [(line.quiz, line.percent, line.passed) for line in home.scores] == [("Final quiz", 100, True)]
    assert len(home.weeks) == 8
    last = home.weeks[-1]
    assert last.name == "2 Mar"
    assert [(cell.words, cell.level) for cell in last.cells] == [("2 March: quiet", 0), ("3 March: 2 steps completed", 2), ("4 March: quiet", 0)]
    assert home.active_days == ["2026-03-03"], "enrolling is no learning"


def test_a_home_costs_the_same_number_of_statements_for_one_course_and_for_five(campus: Campus) -> None:
    with acting(campus) as session:
        campus.enroll()
    costs = [statements_of_home(campus)]
    with acting(campus) as session:
        for number in range(4):
            course = importing.store_course(session, campus.instructor, neutral_course(f"more-{number}"), store=lambda data, *, key: str(len(data)))
            authoring.publish_course(session, campus.instructor, course.id)
            enrollments.enroll(session, campus.student, f"more-{number}")
    costs.append(statements_of_home(campus))
    assert costs[0] == costs[1] <= 13


def statements_of_home(campus: Campus) -> int:
    with acting(campus) as session, counted_statements() as seen:
        learner.learner_home(session, campus.student)
    return len(seen)
