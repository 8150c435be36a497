"""Whatever is corrected, and in whatever order it is undone: at the end everything is what it was, to the digit. And what it takes for many."""

import time
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text
from sqlmodel import Session

from lms_app.domain.assessments import regrading
from lms_app.words import QuestionType
from tests.conftest import LONG
from tests.domain.assessments.test_regrading import corrected, graduate, learner, question_of, state
from tests.support.campus import Campus, new_campus
from tests.support.questions import choice_body, numeric_body, text_body, true_false_body

BODIES: dict[QuestionType, list[dict[str, Any]]] = {
    QuestionType.SINGLE_CHOICE: [choice_body("0", "1", "0"), choice_body("1", "0.5", "0")],
    QuestionType.TRUE_FALSE: [true_false_body(False)],
    QuestionType.SHORT_TEXT: [text_body("Nobody"), text_body("Hypatia", "Nobody")],
    QuestionType.NUMERIC: [numeric_body("2"), numeric_body("3.14", "2")],
}
ALL = [(type_, number) for type_, bodies in BODIES.items() for number in range(len(bodies))]
corrections = st.lists(st.sampled_from(ALL), min_size=1, max_size=4)
SAME = (
    "status, enrollment_id, run_id, course_id, person_id, assessment_id, assessment_revision_id, seed, layout, overrides, started_at, submitted_at, "
    "one_way, page, score, max_score, fraction, passed, pending, released_at"
)
"""What a copied attempt has in common with its original."""


@settings(max_examples=200 if LONG else 6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(right=st.lists(st.integers(0, 5), min_size=1, max_size=3), made=corrections, data=st.data())
def test_undoing_every_correction_in_any_order_leaves_what_was(
    session: Session, redis_url: str, right: list[int], made: list[Any], data: st.DataObject
) -> None:
    savepoint = session.begin_nested()
    try:
        campus = new_campus(session)
        graduate(campus, "Ben Right")
        for number, count in enumerate(right):
            learner(campus, f"Learner {number}", count)
        before = state(session)
        done = [_correct(campus, type_, BODIES[type_][number]) for type_, number in made]
        for regrade_id in data.draw(st.permutations(done)):
            regrading.undo(session, campus.instructor, regrade_id)
        assert state(session) == before
    finally:
        session.info.clear()
        savepoint.rollback()
        session.expunge_all()


def _correct(campus: Campus, type_: QuestionType, body: dict[str, Any]) -> UUID:
    question = question_of(campus, type_)
    shown = regrading.preview(campus.session, campus.instructor, question.id, corrected(campus, question, body))
    entry = regrading.apply(campus.session, campus.instructor, question.id)
    again = regrading.preview(campus.session, campus.instructor, question.id)
    assert (again.figures.moved, again.figures.attempts) == (0, shown.figures.attempts)
    return UUID(entry.id)


def test_a_dry_run_of_a_thousand_attempts_takes_seconds_and_statements_by_the_chunk(session: Session, redis_url: str, record_property) -> None:
    campus = new_campus(session)
    for number in range(10):
        learner(campus, f"Learner {number}", number % 6)
    session.execute(
        text("CREATE TEMP TABLE clones ON COMMIT DROP AS SELECT id AS original, gen_random_uuid() AS copy, n FROM attempts, generate_series(1, 99) n")
    )
    session.execute(text(f"INSERT INTO attempts (id, number, {SAME}) SELECT copy, number + n, {SAME} FROM attempts JOIN clones ON original = id"))
    session.execute(
        text(
            "INSERT INTO question_scores (attempt_id, question_id, question_revision_id, points, fraction, score, outcome, tally, graded_at) "
            "SELECT copy, question_id, question_revision_id, points, fraction, score, outcome, tally, graded_at FROM question_scores "
            "JOIN clones ON original = attempt_id"
        )
    )
    session.execute(
        text(
            "INSERT INTO answers (attempt_id, question_id, response, response_sealed, certainty, sequence, saved_at, checked_at) "
            "SELECT copy, question_id, response, response_sealed, certainty, sequence, saved_at, checked_at FROM answers "
            "JOIN clones ON original = attempt_id"
        )
    )
    question = question_of(campus, QuestionType.SINGLE_CHOICE)
    revision = corrected(campus, question, choice_body("0", "1", "0"))
    statements: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *said: statements.append(said[2]))
    began = time.perf_counter()
    shown = regrading.preview(session, campus.instructor, question.id, revision)
    took = time.perf_counter() - began
    record_property("dry_run_s", round(took, 2))
    print(f"dry run of {shown.figures.attempts} attempts: {took:.2f} s, {len(statements)} statements")
    assert (shown.figures.attempts, shown.figures.moved, len(shown.lines), shown.pages) == (1000, 1000, 50, 20)
    assert len(statements) < 60
    assert took < 20
