"""What quizzes made of each person, as the gradebook shows it: a projection of attempts.

The fold moves it: an event says only that an attempt moved, and what it is now is read from the attempts. So a repeat moves nothing, submitting costs
nothing, and the gradebook is behind by no more than the fold is. Only the holder of the fold's cursor writes here, so that of two who read the
attempts the later one writes last.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock, pubsub
from lms_app.database import after_commit
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.assessments.score_rules import Sitting, counting_fraction, counting_numbers
from lms_app.domain.id_table import id_table, same_ids
from lms_app.models import Assessment, AssessmentRevision, Attempt, Enrollment, FoldCursor, Grade, GradeColumn
from lms_app.words import AttemptStatus, Hint
from lms_app.words import Counting as CountingRule

CHUNK = 2_000
"""Grades written by one statement."""

Sitter = tuple[UUID, UUID]
"""Assessment and enrolment: somebody who took a quiz."""


@dataclass(frozen=True, kw_only=True)
class Counting:
    """What a quiz made of somebody: the attempt that counts, when it was handed in, and its fraction."""

    fraction: Decimal | None
    pending: bool
    handed_in_at: datetime | None
    attempt_id: UUID | None


NOTHING = Counting(fraction=None, pending=False, handed_in_at=None, attempt_id=None)


def move(session: Session, attempts: Collection[UUID]) -> None:
    """Brings the grades of whoever made these attempts up to date. Only the holder of the fold's cursor may call it."""
    if not attempts:
        return
    sitters = session.exec(select(Attempt.assessment_id, Attempt.enrollment_id).where(col(Attempt.id).in_(attempts)).distinct()).all()
    _bring(session, sitters)


def rebuild(session: Session, column_ids: Collection[UUID]) -> int:
    """Makes what these columns' quizzes made anew from all attempts; gives the number of grades that moved. Waits for a fold that is at work."""
    session.exec(select(FoldCursor).with_for_update()).all()
    moved = 0
    for column_id in column_ids:
        assessment_id, run_id = session.exec(select(GradeColumn.assessment_id, GradeColumn.run_id).where(GradeColumn.id == column_id)).one()
        if assessment_id is None:
            continue
        sat = select(Attempt.enrollment_id).where(Attempt.assessment_id == assessment_id, Attempt.run_id == run_id)
        graded = select(Grade.enrollment_id).where(Grade.column_id == column_id)
        who = {*session.exec(sat.distinct()).all(), *session.exec(graded).all()}
        moved += _bring(session, [(assessment_id, enrollment_id) for enrollment_id in who])
    return moved


def counting_attempts(session: Session, sitters: Sequence[Sitter]) -> dict[Sitter, Counting]:
    """What each quiz made of each of these, by the quiz's rule of which attempts count."""
    finished = (AttemptStatus.SUBMITTED, AttemptStatus.EXPIRED)
    wanted = id_table(sitters, "assessment_id", "enrollment_id")
    rows = session.exec(
        select(
            Attempt.assessment_id,
            Attempt.enrollment_id,
            Attempt.id,
            Attempt.number,
            Attempt.fraction,
            Attempt.pending,
            Attempt.released_at,
            Attempt.submitted_at,
            AssessmentRevision.settings,
        )  # pyright: ignore[reportCallIssue, reportArgumentType]
        .join(wanted, same_ids(Attempt, wanted))
        .join(Assessment, col(Assessment.id) == col(Attempt.assessment_id))
        .join(AssessmentRevision, col(AssessmentRevision.id) == func.coalesce(Assessment.published_revision_id, Attempt.assessment_revision_id))
        .where(col(Attempt.status).in_(finished), col(Attempt.fraction).is_not(None))
    ).all()
    found: dict[Sitter, list[Any]] = defaultdict(list)
    rules: dict[UUID, CountingRule] = {}
    for row in rows:
        found[row.assessment_id, row.enrollment_id].append(row)
        if row.assessment_id not in rules:
            rules[row.assessment_id] = QuizSettings.model_validate(row.settings).counting
    return {sitter: _counting(attempts, rules[sitter[0]]) for sitter, attempts in found.items()}


def _counting(attempts: Sequence[Any], rule: CountingRule) -> Counting:
    made = [Sitting(number=attempt.number, fraction=attempt.fraction) for attempt in attempts]
    numbers = counting_numbers(made, rule)
    counted = [attempt for attempt in attempts if attempt.number in numbers]
    last = max(counted, key=lambda attempt: attempt.number)
    return Counting(
        fraction=counting_fraction(made, rule),
        pending=any(attempt.pending or attempt.released_at is None for attempt in counted),
        handed_in_at=last.submitted_at,
        attempt_id=last.id,
    )


def _bring(session: Session, sitters: Sequence[Sitter]) -> int:
    moved: list[tuple[UUID, UUID]] = []
    for start in range(0, len(sitters), CHUNK):
        moved += _bring_some(session, sitters[start : start + CHUNK])
    if moved:
        tell(session, (enrollment_id for enrollment_id, _ in moved))
    return len(moved)


def _bring_some(session: Session, sitters: Sequence[Sitter]) -> list[tuple[UUID, UUID]]:
    counting = counting_attempts(session, sitters)
    wanted = id_table(sitters, "assessment_id", "enrollment_id")
    columns = session.exec(
        select(GradeColumn.id, wanted.c.assessment_id, wanted.c.enrollment_id)
        .join(wanted, col(GradeColumn.assessment_id) == wanted.c.assessment_id)
        .join(Enrollment, and_(col(Enrollment.id) == wanted.c.enrollment_id, col(Enrollment.run_id) == col(GradeColumn.run_id)))
        .order_by(wanted.c.enrollment_id, col(GradeColumn.id))
    ).all()
    now = clock.now()
    rows = []
    for column_id, assessment_id, enrollment_id in columns:
        made = counting.get((assessment_id, enrollment_id), NOTHING)
        rows.append(
            {"enrollment_id": enrollment_id, "column_id": column_id, **vars(made), "given": None, "excused": False, "version": 1, "moved_at": now}
        )
    if not rows:
        return []
    statement = insert(Grade).values(rows)
    new, table = statement.excluded, Grade.__table__.c  # pyright: ignore[reportAttributeAccessIssue]
    facts = ("fraction", "pending", "handed_in_at", "attempt_id")
    differs = tuple_(*(table[name] for name in facts)).is_distinct_from(tuple_(*(new[name] for name in facts)))
    written = session.execute(
        statement.on_conflict_do_update(
            index_elements=["enrollment_id", "column_id"],
            set_={**{name: new[name] for name in facts}, "version": table.version + 1, "moved_at": new.moved_at},
            where=differs,
        ).returning(table.enrollment_id, table.column_id)
    )
    return [(row.enrollment_id, row.column_id) for row in written]


def tell(session: Session, enrollment_ids: Iterable[UUID]) -> None:
    """After the commit, tells the staff of the runs and whoever was graded that grades moved."""
    ids = list(set(enrollment_ids))
    for run_id in session.exec(select(Enrollment.run_id).where(col(Enrollment.id).in_(ids)).distinct()).all():
        after_commit(session, lambda run_id=run_id: pubsub.hint(Hint.GRADES, run_id))
    for person_id in session.exec(select(Enrollment.person_id).where(col(Enrollment.id).in_(ids))).all():
        after_commit(session, lambda person_id=person_id: pubsub.hint(Hint.GRADES, person_id))


def give_time(session: Session) -> None:
    """Lets the statements of this transaction take as long as they need: it goes through everything."""
    session.execute(text("SET LOCAL statement_timeout = 0"))
