"""Each figure of item statistics, made of the running sums, equals what Postgres counts from the attempts; and what reading them costs."""

import random
import time
from uuid import UUID

import pytest
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.database import engine, transaction
from lms_app.domain.analytics import quiz_statistics
from lms_app.domain.analytics.fold import fold, recount_statistics
from lms_app.domain.analytics.metrics import METRICS
from lms_app.domain.analytics.quiz_metrics import QUIZ_METRICS
from lms_app.domain.assessments import attempts
from lms_app.errors import NotFound
from lms_app.models import Answer, Question
from lms_app.words import QuestionType
from tests.domain.analytics.test_dashboards import acting, counted_statements
from tests.support.campus import RIGHT, WRONG, Campus, new_campus
from tests.support.exam_hall import exam_course, fill_hall


@pytest.fixture
def campus(committed_database: str, redis_url: str) -> Campus:
    with transaction() as session:
        return new_campus(session)


def fold_all() -> None:
    more = True
    while more:
        with transaction() as session:
            more = fold(session)


def sit(campus: Campus, title: str, chance: random.Random, people: int, *, blanks: float = 0.1) -> None:
    """Students who take a quiz, some better than others, some leaving questions out."""
    for _ in range(people):
        with acting(campus) as session:
            actor = campus.person()
            campus.enroll(actor)
            skill = chance.random()
            sheet = attempts.start(session, actor, campus.quiz(title).id)
            for question in sheet.questions:
                if chance.random() < blanks:
                    continue
                type_ = QuestionType(question.type)
                response = (RIGHT if chance.random() < skill else WRONG)[type_]
                session.merge(Answer(attempt_id=UUID(sheet.id), question_id=UUID(question.id), response=response, sequence=1, saved_at=clock.now()))
            session.flush()
            attempts.submit(session, actor, UUID(sheet.id))


def test_every_figure_of_the_sums_equals_what_postgres_counts(campus: Campus) -> None:
    chance = random.Random(11)
    sit(campus, "Final quiz", chance, 25)
    sit(campus, "Try it", chance, 12, blanks=0.3)
    fold_all()
    run_id = run_of(campus)
    with Session(engine()) as session:
        for name, metric in QUIZ_METRICS.items():
            rolled, counted = metric.rolled_up(session, run_id), metric.counted(session, run_id)
            assert rolled, f"{name} is empty, so the test says nothing about it"
            assert set(rolled) == set(counted), name
            # The last of six places may be rounded the other way.
            assert all(abs(rolled[key] - counted[key]) <= 1 for key in rolled), (name, rolled, counted)


def run_of(campus: Campus) -> UUID:
    with acting(campus) as session:
        return quiz_statistics.watched_quiz(session, campus.instructor, campus.quiz("Final quiz").id)


def test_every_figure_says_what_it_is_and_has_a_name_of_its_own() -> None:
    assert not set(QUIZ_METRICS) & set(METRICS)
    for name, metric in QUIZ_METRICS.items():
        assert metric.name == name
        assert all((metric.title, metric.meaning, metric.unit, metric.source, metric.freshness))
        assert metric.meaning.endswith(".")


def test_an_instructor_reads_a_quiz_and_a_question(campus: Campus) -> None:
    sit(campus, "Final quiz", random.Random(3), 15, blanks=0)
    fold_all()
    with acting(campus) as session:
        quiz = campus.quiz("Final quiz")
        view = quiz_statistics.quiz_statistics(session, campus.instructor, quiz.id)
        single = session.exec(select(Question.id).where(Question.type == QuestionType.SINGLE_CHOICE).order_by(Question.id)).all()
        asked = next(line for line in view.questions if UUID(line.id) in single)
        question = quiz_statistics.question_statistics(session, campus.instructor, quiz.id, UUID(asked.id))
    assert (view.attempts, view.complete, view.total, [line.number for line in view.questions]) == (15, 15, 5, [1, 2, 3, 4, 5])
    assert {figure.metric for figure in (*view.figures, *question.figures)} <= set(QUIZ_METRICS)
    assert [(choice.name, choice.right) for choice in question.choices] == [("Choice 0", True), ("Choice 1", False), ("Choice 2", False)]
    assert sum(choice.given for choice in question.choices) == 15
    assert question.choices[2].flags[0].words == "Nobody chose this"


def test_figures_of_nothing_say_so(campus: Campus) -> None:
    with acting(campus) as session:
        quiz = campus.quiz("Final quiz")
        view = quiz_statistics.quiz_statistics(session, campus.instructor, quiz.id)
        assert (view.attempts, view.questions, view.finding) == (0, [], "Nobody has answered yet.")
        assert {figure.text for figure in view.figures} == {"—"}
        with pytest.raises(NotFound):
            quiz_statistics.question_statistics(session, campus.instructor, quiz.id, quiz.id)


def test_only_the_staff_of_a_course_may_see_its_statistics(campus: Campus) -> None:
    with acting(campus) as session:
        quiz = campus.quiz("Final quiz")
        for stranger in (campus.person("Otto Other", teaches=True), campus.student):
            for read in (quiz_statistics.quiz_statistics, quiz_statistics.watched_quiz):
                with pytest.raises(NotFound):
                    read(session, stranger, quiz.id)
            with pytest.raises(NotFound):
                quiz_statistics.question_statistics(session, stranger, quiz.id, quiz.id)


def test_reading_costs_the_same_number_of_statements_for_few_and_many(campus: Campus) -> None:
    costs = []
    for people in (2, 10):
        sit(campus, "Final quiz", random.Random(people), people)
        fold_all()
        with acting(campus) as session:
            quiz = campus.quiz("Final quiz")
            with counted_statements() as seen:
                quiz_statistics.quiz_statistics(session, campus.instructor, quiz.id)
            costs.append(len(seen))
    assert costs[0] == costs[1] <= 13


@pytest.mark.long
def test_a_quiz_of_forty_questions_and_a_thousand_attempts_is_read_at_once(campus: Campus, record_property) -> None:
    with transaction() as session:
        course = exam_course(session, campus.instructor, "exam-hall", 40)
        quiz = fill_hall(session, course, 1_000, blanks=0.002)
        started = time.perf_counter()
        assert recount_statistics(session) == 1_000
        record_property("recount_s", time.perf_counter() - started)
    taken = []
    for again in range(4):
        with transaction() as session:
            if again == 1:
                quiz_statistics._ranked.clear()
            started = time.perf_counter()
            view = quiz_statistics.quiz_statistics(session, campus.instructor, quiz.id)
            taken.append(time.perf_counter() - started)
    # The first in a fresh process, the first of a version of the sums, and two more of the same version.
    print("readings, ms:", [round(each * 1000) for each in taken])
    record_property("readings_s", taken)
    assert (view.attempts, view.total) == (1_000, 40)
    assert max(flag.words == "Nobody got this right" for flag in view.questions[39].flags)
    assert min(taken[2:]) < 0.3
    assert taken[1] < 1
