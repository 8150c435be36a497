"""A correction that concerns many attempts."""

import time
from collections.abc import Callable

from sqlalchemy import event, text
from sqlmodel import Session

from lms_app.domain.assessments import regrade_preview
from lms_app.words import QuestionType
from tests.support.campus import new_campus
from tests.support.questions import choice_body
from tests.support.regrades import corrected, finish_reading, question_of, sit

RecordProperty = Callable[[str, object], None]
SAME = (
    "status, enrollment_id, run_id, course_id, person_id, assessment_id, assessment_revision_id, seed, layout, overrides, started_at, submitted_at, "
    "one_way, page, score, max_score, fraction, passed, pending, released_at"
)
"""What a copied attempt has in common with its original."""


def test_a_dry_run_of_a_thousand_attempts_asks_by_the_chunk(session: Session, redis_url: str, record_property: RecordProperty) -> None:
    campus = new_campus(session)
    for number in range(10):
        student = campus.person(f"Learner {number}")
        campus.enroll(student)
        finish_reading(campus, student)
        sit(campus, student, number % 6)
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
    shown = regrade_preview.preview(session, campus.instructor, question.id, revision)
    record_property("dry_run_s", round(time.perf_counter() - began, 2))
    assert (shown.figures.attempts, shown.figures.moved, len(shown.lines), shown.pages) == (1000, 1000, 50, 20)
    assert len(statements) < 60
