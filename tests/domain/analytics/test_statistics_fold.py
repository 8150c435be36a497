"""The sums of item statistics move with attempts, regrades and undos, and equal those of a table made anew."""

import itertools
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session, col, delete, select

from lms_app.adapters import clock
from lms_app.database import engine, transaction
from lms_app.domain.analytics import events
from lms_app.domain.analytics.fold import fold, rebuild, recount_statistics
from lms_app.domain.analytics.item_sums_rules import ChoiceSums, ItemSums, Mark, QuizSums
from lms_app.ids import uuid7
from lms_app.models import (
    Assessment,
    Attempt,
    CountedAttempt,
    Enrollment,
    Question,
    QuestionScore,
    RunChoiceSums,
    RunQuestionSums,
    RunQuizSums,
    RunScores,
)
from lms_app.words import AttemptStatus, NodeKind, Outcome, QuestionType, Verb
from tests.support.campus import Campus, neutral_course, new_campus

MICRO = 1_000_000
Given = Sequence[str | None]
"""What an attempt earned on each question, as a fraction; None is a blank."""

_slugs = (f"sums-{number}" for number in itertools.count())


class Hall:
    """A quiz of a campus and people who take it, their marks written as grading writes them."""

    def __init__(self, campus: Campus, people: int) -> None:
        self.quiz = campus.quiz("Final quiz")
        self.questions = list(
            campus.session.exec(select(Question.id).where(Question.course_id == campus.course.id).order_by(col(Question.id)).limit(3)).all()
        )
        self.sitters = [campus.enroll(campus.person()) for _ in range(people)]

    @property
    def run_id(self) -> UUID:
        return self.sitters[0].run_id

    def submit(self, who: int, given: Given, number: int = 1, *, choices: str = "", pending: bool = False) -> UUID:
        """A submitted attempt, with its event."""
        sitter = self.sitters[who]
        with transaction() as session:
            quiz = session.get_one(Assessment, self.quiz.id)
            attempt = Attempt(
                run_id=sitter.run_id,
                course_id=sitter.course_id,
                enrollment_id=sitter.id,
                person_id=sitter.person_id,
                assessment_id=quiz.id,
                assessment_revision_id=quiz.published_revision_id,
                number=number,
                status=AttemptStatus.SUBMITTED,
                seed=1,
                layout=[],
                started_at=clock.now(),
                submitted_at=clock.now(),
                max_score=Decimal(6),
            )
            session.add(attempt)
            session.flush()
            self._write(session, attempt, given, choices, pending=pending)
            self._record(session, attempt, Verb.SUBMITTED, {"fraction": str(attempt.fraction)})
            return attempt.id

    def regrade(self, attempt_id: UUID, given: Given, *, choices: str = "") -> None:
        """Other marks for an attempt, as settling them writes them."""
        with transaction() as session:
            attempt = session.get_one(Attempt, attempt_id)
            before = attempt.fraction
            session.execute(delete(QuestionScore).where(col(QuestionScore.attempt_id) == attempt_id))
            self._write(session, attempt, given, choices)
            self._record(session, attempt, Verb.GRADED, {"fraction": str(attempt.fraction), "before": str(before)})

    def take_back(self, attempt_id: UUID) -> None:
        """An attempt that counts no more."""
        with transaction() as session:
            attempt = session.get_one(Attempt, attempt_id)
            attempt.status = AttemptStatus.OPEN
            self._record(session, attempt, Verb.GRADED, {"before": str(attempt.fraction)})

    def _write(self, session: Session, attempt: Attempt, given: Given, choices: str, *, pending: bool = False) -> None:
        total = Decimal(0)
        for number, (question, fraction) in enumerate(zip(self.questions, given, strict=False), start=1):
            earned = Decimal(fraction or 0)
            session.add(
                QuestionScore(
                    attempt_id=attempt.id,
                    question_id=question,
                    question_revision_id=uuid7(),
                    points=Decimal(number),
                    fraction=earned,
                    score=earned * number,
                    outcome=Outcome.BLANK if fraction is None else Outcome.PENDING if pending else Outcome.PARTIAL,
                    tally=[["choice", choices[number - 1]]] if len(choices) >= number and fraction is not None else [],
                    graded_at=clock.now(),
                )
            )
            total += earned * number
        attempt.score, attempt.fraction = total, round(total / 6, 6)
        session.add(attempt)

    def _record(self, session: Session, attempt: Attempt, verb: Verb, value: dict[str, Any]) -> None:
        enrollment = session.get_one(Enrollment, attempt.enrollment_id)
        events.record(session, enrollment, verb, NodeKind.ASSESSMENT, attempt.assessment_id, attempt_id=attempt.id, value=value)

    def marks(self, given: Given, choices: str = "") -> dict[str, Mark]:
        """The row of marks that an attempt makes, written down here once more."""
        return {
            str(question): Mark(
                score=int(Decimal(fraction or 0) * number * MICRO),
                points=number * MICRO,
                fraction=int(Decimal(fraction or 0) * MICRO),
                answered=fraction is not None,
                tally=(("choice", choices[number - 1]),) if len(choices) >= number and fraction is not None else (),
            )
            for number, (question, fraction) in enumerate(zip(self.questions, given, strict=False), start=1)
        }


def fold_all(batch: int = 2_000) -> None:
    more = True
    while more:
        with transaction() as session:
            more = fold(session, batch=batch)


def stored(quiz_id: UUID) -> QuizSums:
    """The sums as they stand in the tables."""
    with Session(engine()) as session:
        whole = session.exec(select(RunQuizSums).where(RunQuizSums.assessment_id == quiz_id)).first()
        items = session.exec(select(RunQuestionSums).where(RunQuestionSums.assessment_id == quiz_id)).all()
        choices = session.exec(select(RunChoiceSums).where(RunChoiceSums.assessment_id == quiz_id)).all()
        place = {"run_id", "assessment_id", "question_id", "part", "value", "version", "moved_at"}
        sums = QuizSums(**(whole.model_dump(exclude=place) if whole else {}))
        sums.items = {str(row.question_id): ItemSums(**row.model_dump(exclude=place)) for row in items}
        sums.choices = {(str(row.question_id), row.part, row.value): ChoiceSums(**row.model_dump(exclude=place)) for row in choices}
        return sums


def new_hall(people: int = 3) -> Hall:
    with transaction() as session:
        return Hall(new_campus(session, neutral_course(next(_slugs))), people)


@pytest.fixture
def hall(committed_database: str, redis_url: str) -> Hall:
    return new_hall()


def test_a_submitted_attempt_is_in_the_sums(hall: Hall) -> None:
    hall.submit(0, ["1", "0.5", None], choices="abc")
    hall.submit(1, ["0.333333", "1", "1"], choices="aac")
    fold_all()
    assert stored(hall.quiz.id) == QuizSums.of([hall.marks(["1", "0.5", None], "abc"), hall.marks(["0.333333", "1", "1"], "aac")])


@pytest.mark.parametrize("restored", [False, True])
def test_what_a_rebuild_reads_before_the_fold_does_is_in_the_sums_too(hall: Hall, restored: bool) -> None:
    hall.submit(0, ["1", "1", "1"])
    fold_all()
    hall.submit(1, ["0.5", "1", None])
    if restored:
        with transaction() as session:
            session.execute(text("UPDATE learning_events SET xid = CAST(CAST(CAST(CAST(xid AS text) AS bigint) + 1000000000 AS text) AS xid8)"))
            session.execute(text("UPDATE fold_cursors SET xid = xid + 1000000000"))
    hall.submit(2, ["0", "1", "1"])
    with transaction() as session:
        rebuild(session)
    fold_all()
    assert stored(hall.quiz.id) == QuizSums.of([hall.marks(given) for given in (["1", "1", "1"], ["0.5", "1", None], ["0", "1", "1"])])


def test_a_regrade_moves_the_sums_and_its_undo_brings_them_back(hall: Hall) -> None:
    hall.submit(0, ["1", "1", "1"], choices="aaa")
    moved = hall.submit(1, ["0", "1", "0"], choices="bab")
    fold_all()
    before = stored(hall.quiz.id)
    hall.regrade(moved, ["1", "1", "0"], choices="cab")
    fold_all()
    assert stored(hall.quiz.id) == QuizSums.of([hall.marks(["1", "1", "1"], "aaa"), hall.marks(["1", "1", "0"], "cab")])
    hall.regrade(moved, ["0", "1", "0"], choices="bab")
    fold_all()
    assert stored(hall.quiz.id) == before


def test_a_regrade_moves_the_bins_of_scores_and_is_no_activity_of_the_person(hall: Hall) -> None:
    attempt = hall.submit(0, ["1", "1", "1"])
    hall.regrade(attempt, ["0", "0", "0"])
    fold_all()
    with Session(engine()) as session:
        bins = {row.bin: (row.attempts, row.total) for row in session.exec(select(RunScores)).all()}
    assert bins == {0: (1, 0), 19: (0, 0)}


def test_folding_the_same_again_moves_nothing(hall: Hall) -> None:
    attempt = hall.submit(0, ["1", "0", "1"])
    fold_all()
    before = stored(hall.quiz.id)
    for _ in range(2):
        hall.regrade(attempt, ["1", "0", "1"])
        fold_all()
    assert stored(hall.quiz.id) == before
    with Session(engine()) as session:
        assert session.exec(select(RunQuizSums.version)).one() == 1


def test_only_the_first_attempt_of_a_person_counts(hall: Hall) -> None:
    first = hall.submit(0, ["0", "0", "1"])
    hall.submit(0, ["1", "1", "1"], number=2)
    fold_all()
    assert stored(hall.quiz.id) == QuizSums.of([hall.marks(["0", "0", "1"])])
    hall.take_back(first)
    fold_all()
    assert stored(hall.quiz.id) == QuizSums.of([hall.marks(["1", "1", "1"])])


def test_an_attempt_that_waits_for_a_marker_counts_once_it_is_marked(hall: Hall) -> None:
    attempt = hall.submit(0, ["1", "0", "0"], pending=True)
    hall.submit(0, ["1", "1", "1"], number=2)
    fold_all()
    assert stored(hall.quiz.id) == QuizSums()
    hall.regrade(attempt, ["1", "0", "0.5"])
    fold_all()
    assert stored(hall.quiz.id) == QuizSums.of([hall.marks(["1", "0", "0.5"])])


_given = st.lists(st.sampled_from(["0", "0.333333", "1", "-0.25", None]), min_size=3, max_size=3)
_acts = st.tuples(st.sampled_from(["submit", "submit", "again", "regrade", "undo", "take back", "fold", "recount"]), st.integers(0, 3), _given)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_acts, min_size=4, max_size=25), st.integers(1, 5))
def test_the_tables_equal_a_batch_whatever_happened_in_whatever_steps(
    committed_database: str, redis_url: str, acts: list[tuple[str, int, Given]], batch: int
) -> None:
    hall = new_hall(4)
    marks: dict[tuple[int, int], Given] = {}
    known: dict[tuple[int, int], UUID] = {}
    before: dict[tuple[int, int], Given] = {}
    for act, who, given_ in acts:
        first, second = (who, 1), (who, 2)
        if act == "submit" and first not in known:
            known[first], marks[first] = hall.submit(who, given_, choices="aba"), given_
        elif act == "again" and first in known and second not in known:
            known[second], marks[second] = hall.submit(who, given_, number=2, choices="aba"), given_
        elif act in ("regrade", "undo") and first in marks:
            new = given_ if act == "regrade" else before.get(first, marks[first])
            before[first], marks[first] = marks[first], new
            hall.regrade(known[first], new, choices="aba")
        elif act == "take back" and first in marks:
            hall.take_back(known[first])
            del marks[first]
        elif act == "fold":
            fold_all(batch)
        elif act == "recount":
            with transaction() as session:
                recount_statistics(session)
    fold_all(batch)
    counted = [marks[place] for place in sorted(marks) if place[1] == 1 or (place[0], 1) not in marks]
    expected = QuizSums.of(hall.marks(given_, "aba") for given_ in counted)
    assert stored(hall.quiz.id) == expected
    with transaction() as session:
        assert recount_statistics(session) >= len(counted)
    assert stored(hall.quiz.id) == expected
    fold_all()
    assert stored(hall.quiz.id) == expected


def test_a_recount_makes_lost_sums_anew(hall: Hall) -> None:
    hall.submit(0, ["1", "0.5", None], choices="abc")
    fold_all()
    before = stored(hall.quiz.id)
    with transaction() as session:
        for table in (CountedAttempt, RunQuizSums, RunQuestionSums, RunChoiceSums):
            session.execute(delete(table))
    with transaction() as session:
        assert recount_statistics(session) == 1
    assert stored(hall.quiz.id) == before


def test_what_asks_nothing_is_not_in_the_sums(hall: Hall) -> None:
    """A description is no question of the quiz, whatever points were written beside it."""
    with transaction() as session:
        question = session.get_one(Question, hall.questions[0])
        question.type = QuestionType.DESCRIPTION
        session.add(question)
    hall.submit(0, ["0", "1", "1"])
    fold_all()
    assert str(hall.questions[0]) not in stored(hall.quiz.id).items
