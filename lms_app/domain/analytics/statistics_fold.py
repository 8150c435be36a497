"""The part of the fold that moves item statistics.

An event says only that an attempt moved. What its marks are now is read from `question_scores`, where they stand since before the event could be
folded; what they were is kept in `counted_attempts`. The old row is taken out of the sums and the new one put in, so a repeat moves nothing, and
a regrade and its undo leave the sums as they would be had they never happened.

Of each person a quiz's first finished attempt counts, once no mark of it waits for a marker: later tries, made after seeing the questions,
would make them look easier than they are, and each person counts once. (Moodle's statistics report offers the same as "first attempts".)
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.analytics.item_sums_rules import MICRO, Mark, QuizSums, is_complete
from lms_app.domain.analytics.item_sums_rules import Row as Marks
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.id_table import id_table, same_ids
from lms_app.models import Attempt, CountedAttempt, Question, QuestionScore, RunChoiceSums, RunQuestionSums, RunQuizSums
from lms_app.words import AttemptStatus, Outcome, QuestionType

CHUNK = 200
"""Attempts whose marks are held in memory at once."""

Sitter = tuple[UUID, UUID]
"""Assessment and enrolment: somebody who took a quiz."""


class _First(NamedTuple):
    id: UUID
    run_id: UUID
    assessment_id: UUID
    enrollment_id: UUID


def move(session: Session, attempts: Collection[UUID]) -> None:
    """Brings the sums up to date with what these attempts are now. Only the holder of the fold's cursor may call it."""
    if not attempts:
        return
    rows = session.exec(select(Attempt.assessment_id, Attempt.enrollment_id).where(col(Attempt.id).in_(attempts)).distinct()).all()
    _bring_up_to_date(session, rows)


def recount(session: Session) -> int:
    """Makes every sum anew from all attempts, and gives how many count. The holder of the fold's cursor may call it."""
    for table in (CountedAttempt, RunQuestionSums, RunChoiceSums):
        session.execute(delete(table))
    nothing = dict.fromkeys(("attempts", "complete", "maximum", "totals", "totals2", "totals3", "totals4"), 0)
    session.execute(update(RunQuizSums).values(**nothing, version=col(RunQuizSums.version) + 1, moved_at=clock.now()))
    _bring_up_to_date(session, session.exec(select(Attempt.assessment_id, Attempt.enrollment_id).distinct()).all())
    return len(session.exec(select(CountedAttempt.attempt_id)).all())


def read_marks(stored: dict[str, Any]) -> Marks:
    """A row of marks as `counted_attempts` keeps it."""
    return {
        question: Mark(score=score, points=points, fraction=fraction, answered=bool(answered), tally=tuple((part, value) for part, value in tally))
        for question, (score, points, fraction, answered, tally) in stored.items()
    }


def _bring_up_to_date(session: Session, sitters: Sequence[Sitter]) -> None:
    for start in range(0, len(sitters), CHUNK):
        _bring(session, sitters[start : start + CHUNK])


def _bring(session: Session, sitters: Sequence[Sitter]) -> None:
    firsts = _first_attempts(session, sitters)
    marks = _marks(session, [attempt.id for attempt in firsts.values()])
    wanted = id_table(sitters, "assessment_id", "enrollment_id")
    counted = select(CountedAttempt).join(wanted, same_ids(CountedAttempt, wanted))
    held = {(row.assessment_id, row.enrollment_id): row for row in session.exec(counted).all()}
    moves: dict[tuple[UUID, UUID], QuizSums] = defaultdict(QuizSums)
    for sitter in sitters:
        attempt, row = firsts.get(sitter), held.get(sitter)
        new = marks.get(attempt.id) if attempt else None
        old = read_marks(row.marks) if row else None
        if new == old and (row is None or attempt is None or row.attempt_id == attempt.id):
            continue
        if row is not None and old is not None:
            moves[row.run_id, row.assessment_id].take_out(old)
        if attempt is not None and new is not None:
            moves[attempt.run_id, attempt.assessment_id].add(new)
            counted = row or CountedAttempt(
                assessment_id=sitter[0], enrollment_id=sitter[1], run_id=attempt.run_id, attempt_id=attempt.id, complete=False, marks={}
            )
            counted.attempt_id, counted.complete, counted.marks = attempt.id, is_complete(new), _stored(new)
            session.add(counted)
        elif row is not None:
            session.delete(row)
    session.flush()
    for (run_id, assessment_id), sums in sorted(moves.items()):
        _apply(session, run_id, assessment_id, sums)


def _first_attempts(session: Session, sitters: Sequence[Sitter]) -> dict[Sitter, _First]:
    """The first finished attempt of each, where there is one."""
    finished = (AttemptStatus.SUBMITTED, AttemptStatus.EXPIRED)
    wanted = id_table(sitters, "assessment_id", "enrollment_id")
    query = (
        select(Attempt.id, Attempt.run_id, Attempt.assessment_id, Attempt.enrollment_id)
        .join(wanted, same_ids(Attempt, wanted))
        .where(col(Attempt.status).in_(finished), col(Attempt.fraction).is_not(None))
        .order_by(col(Attempt.number).desc())
    )
    return {(row.assessment_id, row.enrollment_id): row for row in map(_First._make, session.exec(query).all())}


def _marks(session: Session, attempts: Collection[UUID]) -> dict[UUID, Marks]:
    """The marks of attempts of which nothing waits for a marker. What asks nothing has no mark."""
    rows = session.exec(
        select(
            QuestionScore.attempt_id,
            QuestionScore.question_id,
            QuestionScore.score,
            QuestionScore.points,
            QuestionScore.fraction,
            QuestionScore.outcome,
            QuestionScore.tally,
            Question.type,
        )  # pyright: ignore[reportCallIssue, reportArgumentType]
        .join(Question, col(Question.id) == col(QuestionScore.question_id))
        .where(col(QuestionScore.attempt_id).in_(attempts))
    ).all()
    marks: dict[UUID, dict[str, Mark]] = defaultdict(dict)
    waiting: set[UUID] = set()
    for attempt_id, question_id, score, points, fraction, outcome, tally, type_ in rows:
        if outcome == Outcome.PENDING:
            waiting.add(attempt_id)
        kind = TYPES.get(QuestionType(type_))
        if not points or kind is None or not kind.asks:
            continue
        marks[attempt_id][str(question_id)] = Mark(
            score=_micro(score),
            points=_micro(points),
            fraction=_micro(fraction),
            answered=outcome != Outcome.BLANK,
            tally=tuple((part, value) for part, value in tally),
        )
    return {attempt_id: row for attempt_id, row in marks.items() if attempt_id not in waiting}


def _apply(session: Session, run_id: UUID, assessment_id: UUID, sums: QuizSums) -> None:
    place = {"run_id": run_id, "assessment_id": assessment_id}
    items = [{**place, "question_id": UUID(name), **asdict(item)} for name, item in sorted(sums.items.items())]
    choices = [
        {**place, "question_id": UUID(name), "part": part, "value": value, **asdict(choice)}
        for (name, part, value), choice in sorted(sums.choices.items())
    ]
    whole = {name: value for name, value in vars(sums).items() if name not in ("items", "choices")}
    _add(session, RunQuizSums, [{**place, **whole, "version": 1, "moved_at": clock.now()}], fixed=("moved_at",))
    _add(session, RunQuestionSums, items)
    _add(session, RunChoiceSums, choices)
    for table, count in ((RunQuestionSums, RunQuestionSums.seen), (RunChoiceSums, RunChoiceSums.given)):
        session.execute(delete(table).where(col(table.run_id) == run_id, col(table.assessment_id) == assessment_id, col(count) == 0))


def _add(session: Session, table: Any, rows: Iterable[dict[str, Any]], fixed: tuple[str, ...] = ()) -> None:
    """Adds rows of amounts to a table's rows, making those that are new."""
    values = list(rows)
    if not values:
        return
    statement = insert(table).values(values)
    keys = [column.name for column in table.__table__.primary_key]
    moved = {
        name: statement.excluded[name] if name in fixed else table.__table__.c[name] + statement.excluded[name]
        for name in values[0]
        if name not in keys
    }
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=moved))


def _micro(value: Decimal) -> int:
    return int(value * MICRO)


def _stored(row: Marks) -> dict[str, Any]:
    return {name: [mark.score, mark.points, mark.fraction, int(mark.answered), [list(pair) for pair in mark.tally]] for name, mark in row.items()}
