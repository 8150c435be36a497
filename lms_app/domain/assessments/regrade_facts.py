"""What a correction of marks reads: whom it is about, attempts with their marks, the ledger, certificates; in chunks of enrolments."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlmodel import Session, col, select

from lms_app.crypto import key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.assessments.regrade_rules import Award, Entry
from lms_app.domain.assessments.revisions import revision_of
from lms_app.domain.assessments.settling import FINISHED
from lms_app.domain.certificates.award_rules import AwardRule, rule_of
from lms_app.domain.courses import access
from lms_app.domain.courses.outline import Outline, OutlineItem, published_outline
from lms_app.errors import NotFound
from lms_app.models import (
    Answer,
    AnswerTry,
    Attempt,
    Certificate,
    Completion,
    CompletionWithdrawal,
    Course,
    Enrollment,
    Mark,
    Question,
    QuestionRevision,
    QuestionScore,
    Regrade,
    RegradeMove,
)
from lms_app.words import Outcome, RegradeStatus

CHUNK = 50
"""Enrolments that are read, and held, at once."""

Score = dict[str, Any]
"""A row of `question_scores` without its key, as JSON values that give it back to the digit."""

IN_FORCE = (RegradeStatus.RUNNING, RegradeStatus.APPLIED, RegradeStatus.UNDOING)


@dataclass
class Facts:
    """One finished attempt and what belongs to it."""

    attempt: Row[Any]
    settings: QuizSettings
    scores: dict[UUID, Score] = field(default_factory=dict)
    records: list[RegradeMove] = field(default_factory=list)
    """Moves of corrections in force, the oldest first."""
    answer: Answer | None = None
    tries: list[AnswerTry] = field(default_factory=list)
    marked: bool = False
    """Whether somebody has marked the answer by hand."""


@dataclass
class Scope:
    """One question, the course it stands in, and what is read once."""

    session: Session
    question: Question

    @cached_property
    def outline(self) -> Outline:
        """The course as students see it."""
        return published_outline(self.session, self.course.id)

    @cached_property
    def items(self) -> dict[UUID, OutlineItem]:
        """Pages and quizzes of the outline."""
        return {item.id: item for item in self.outline.items()}

    @cached_property
    def course(self) -> Course:
        """The question's course."""
        return self.session.get_one(Course, self.question.course_id)

    @cached_property
    def award_rule(self) -> AwardRule:
        """What the course's certificate asks for today."""
        return rule_of(self.course.certificate_rule)

    def settings(self, revision_id: UUID) -> QuizSettings:
        """The settings of a quiz's revision."""
        return revision_of(self.session, revision_id).settings


def asked(session: Session, actor: Actor, question_id: UUID, revision_id: UUID | None) -> tuple[Question, QuestionRevision]:
    """A question that the actor may author, and this revision of it or its newest. Raises NotFound."""
    question = access.editable_question(session, actor, question_id)
    revision = session.get(QuestionRevision, revision_id or question.published_revision_id)
    if revision is None or revision.question_id != question.id:
        raise NotFound("This question has no such revision.")
    return question, revision


def finished(question: Question, *what: object):
    """Finished attempts that have a question."""
    return (
        select(*what)  # pyright: ignore[reportCallIssue, reportArgumentType]
        .select_from(Attempt)
        .join(QuestionScore, col(QuestionScore.attempt_id) == col(Attempt.id))
        .where(QuestionScore.question_id == question.id, Attempt.course_id == question.course_id, col(Attempt.status).in_(FINISHED))
    )


def next_enrollments(session: Session, question: Question, after: UUID | None) -> Sequence[UUID]:
    """The next enrolments with finished attempts that have the question, in the order of their ids."""
    query = finished(question, col(Attempt.enrollment_id)).distinct().order_by(col(Attempt.enrollment_id)).limit(CHUNK)
    if after is not None:
        query = query.where(col(Attempt.enrollment_id) > after)
    return session.exec(query).all()


def finished_attempts(scope: Scope, enrollment_ids: Sequence[UUID], *, hold: bool) -> list[Facts]:
    """The finished attempts of these enrolments at the quizzes where they have met the question, in the order of their ids. `hold` locks them."""
    session, question = scope.session, scope.question.id
    quizzes = (
        select(Attempt.assessment_id)
        .join(QuestionScore, col(QuestionScore.attempt_id) == col(Attempt.id))
        .where(QuestionScore.question_id == question, col(Attempt.enrollment_id).in_(enrollment_ids))
        .distinct()
    )
    wanted = (
        select(  # pyright: ignore[reportCallIssue]
            Attempt.id, Attempt.enrollment_id, Attempt.person_id, Attempt.assessment_id, Attempt.assessment_revision_id,
            Attempt.number, Attempt.seed, Attempt.released_at,
        )  # pyright: ignore[reportArgumentType]
        .where(
            col(Attempt.enrollment_id).in_(enrollment_ids),
            col(Attempt.assessment_id).in_(session.exec(quizzes).all()),
            col(Attempt.status).in_(FINISHED),
        )
        .order_by(col(Attempt.id))
    )  # fmt: skip
    rows = session.execute(wanted.with_for_update() if hold else wanted).all()
    found = {row.id: Facts(attempt=row, settings=scope.settings(row.assessment_revision_id)) for row in rows}
    columns = (
        QuestionScore.attempt_id, QuestionScore.question_id, QuestionScore.question_revision_id, QuestionScore.points, QuestionScore.fraction,
        QuestionScore.score, QuestionScore.outcome, QuestionScore.tally, QuestionScore.graded_at,
    )  # fmt: skip
    for row in session.execute(select(*columns).where(col(QuestionScore.attempt_id).in_(found))).all():  # pyright: ignore[reportCallIssue, reportArgumentType]
        found[row.attempt_id].scores[row.question_id] = score_of(row)
    records = (
        select(RegradeMove)
        .join(Regrade, col(Regrade.id) == col(RegradeMove.regrade_id))
        .where(col(RegradeMove.attempt_id).in_(found), col(RegradeMove.undone_at).is_(None), col(Regrade.status).in_(IN_FORCE))
        .order_by(col(RegradeMove.regrade_id))
    )
    for record in session.exec(records).all():
        found[record.attempt_id].records.append(record)
    marks = select(Mark.attempt_id).where(col(Mark.attempt_id).in_(found), Mark.question_id == question)
    for attempt_id in session.exec(marks.distinct()).all():
        found[attempt_id].marked = True
    key_ring.load(session, [row.person_id for row in rows])
    for answer in session.exec(select(Answer).where(col(Answer.attempt_id).in_(found), Answer.question_id == question)).all():
        found[answer.attempt_id].answer = answer
    tries = select(AnswerTry).where(col(AnswerTry.attempt_id).in_(found), AnswerTry.question_id == question).order_by(col(AnswerTry.number))
    for made in session.exec(tries).all():
        found[made.attempt_id].tries.append(made)
    return list(found.values())


def enrollments(session: Session, enrollment_ids: Sequence[UUID], *, hold: bool) -> dict[UUID, Enrollment]:
    """These enrolments by id, locked in the order of their ids where `hold` says so."""
    query = select(Enrollment).where(col(Enrollment.id).in_(enrollment_ids)).order_by(col(Enrollment.id))
    if hold:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return {row.id: row for row in session.exec(query).all()}


def ledger(session: Session, enrollment_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, list[Entry]]]:
    """The ledger of these enrolments, by enrolment and node, the oldest row first."""
    withdrawn = select(CompletionWithdrawal.id).where(
        CompletionWithdrawal.completion_id == Completion.id, col(CompletionWithdrawal.restored_at).is_(None)
    )
    query = (
        select(Completion, withdrawn.exists().label("withdrawn"))
        .where(col(Completion.enrollment_id).in_(enrollment_ids))
        .order_by(col(Completion.id))
    )
    found: dict[UUID, dict[UUID, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for row, is_withdrawn in session.execute(query).all():
        entry = Entry(id=row.id, corrected="regrade" in row.evidence, stands=not is_withdrawn, at=row.completed_at)
        found[row.enrollment_id][row.node_id].append(entry)
    return found


def certificates(session: Session, enrollment_ids: Sequence[UUID]) -> dict[UUID, list[Award]]:
    """The certificates of these enrolments, the oldest first."""
    found: dict[UUID, list[Award]] = defaultdict(list)
    for row in session.exec(select(Certificate).where(col(Certificate.enrollment_id).in_(enrollment_ids)).order_by(col(Certificate.id))).all():
        found[row.enrollment_id].append(
            Award(
                id=row.id,
                completed_at=row.completed_at,
                valid=row.revoked_at is None,
                corrected=row.regrade_id is not None,
                by_hand=row.by_hand,
                rule=rule_of(row.rule),
            )
        )
    return found


def score_of(row: Any) -> Score:
    """A row of `question_scores` as JSON values."""
    return {
        "question_revision_id": str(row.question_revision_id),
        "points": as_stored(row.points),
        "fraction": as_stored(row.fraction),
        "score": as_stored(row.score),
        "outcome": str(row.outcome),
        "tally": [list(pair) for pair in row.tally],
        "graded_at": row.graded_at.isoformat(),
    }


def put(row: QuestionScore, score: Score) -> None:
    """Makes a row what `score_of` told of it."""
    row.question_revision_id = UUID(score["question_revision_id"])
    row.points, row.fraction, row.score = Decimal(score["points"]), Decimal(score["fraction"]), Decimal(score["score"])
    row.outcome, row.tally, row.graded_at = Outcome(score["outcome"]), score["tally"], datetime.fromisoformat(score["graded_at"])


def as_stored(number: Decimal) -> str:
    """A stored number, with the six places that its column has."""
    return f"{number:.6f}"
