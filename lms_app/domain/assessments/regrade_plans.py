"""Reading enrolments in chunks and planning what a correction does to each: the dry run and the real one share every line of it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.crypto import key_ring
from lms_app.domain.assessments import answers
from lms_app.domain.assessments.grading_rules import Circumstances, PinnedQuestion, grade_attempt
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.assessments.regrade_rules import (
    Award,
    AwardVerdict,
    Earned,
    Entry,
    Result,
    Sat,
    Verdict,
    award_verdict,
    counting,
    course_verdict,
    deserves,
    quiz_verdict,
    result_of,
)
from lms_app.domain.assessments.settling import FINISHED
from lms_app.domain.assessments.types.kind import question_seed
from lms_app.domain.courses.outline import Outline, OutlineItem, published_outline
from lms_app.models import (
    Answer,
    AnswerTry,
    AssessmentRevision,
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
from lms_app.words import EnrollmentStatus, Outcome, QuestionType, RegradeStatus

CHUNK = 50
"""Enrolments that are read, and held, at once."""

Score = dict[str, Any]
"""A row of `question_scores` without its key, as JSON values that give it back to the digit."""

IN_FORCE = (RegradeStatus.RUNNING, RegradeStatus.APPLIED, RegradeStatus.UNDOING)


@dataclass(frozen=True, kw_only=True)
class Move:
    """What one attempt's score for the question becomes."""

    attempt_id: UUID
    assessment_id: UUID
    number: int
    before: Score
    after: Score
    was: Result
    becomes: Result
    released: bool
    kept: bool
    record: RegradeMove | None = None
    spliced: RegradeMove | None = None

    @property
    def is_marked_anew(self) -> bool:
        """Whether marks move."""
        return any(self.before[name] != self.after[name] for name in ("fraction", "score", "outcome"))

    @property
    def is_settled_anew(self) -> bool:
        """Whether anything moves that totals or statistics see."""
        return self.is_marked_anew or self.before["tally"] != self.after["tally"]


@dataclass(frozen=True, kw_only=True)
class QuizPlan:
    """What becomes of one quiz for an enrolment. Without an `item` the quiz is not in the course as students see it."""

    assessment_id: UUID
    item: OutlineItem | None
    counted: Decimal | None
    counts: Decimal | None
    entries: Sequence[Entry]
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class CoursePlan:
    """What becomes of the course and its certificate."""

    entries: Sequence[Entry]
    verdict: Verdict
    awards: AwardVerdict
    completed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a correction does to one enrolment."""

    enrollment_id: UUID
    person_id: UUID
    moves: list[Move]
    attempts: int
    quizzes: list[QuizPlan]
    course: CoursePlan | None


@dataclass
class Facts:
    """One finished attempt and what stands to it."""

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
    rules: dict[UUID, QuizSettings] = field(default_factory=dict)

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

    def settings(self, revision_id: UUID) -> QuizSettings:
        """The settings of a quiz's revision."""
        if revision_id not in self.rules:
            self.rules[revision_id] = QuizSettings.model_validate(self.session.get_one(AssessmentRevision, revision_id).settings)
        return self.rules[revision_id]


Changed = tuple[Score, bool, RegradeMove | None, RegradeMove | None]
Change = Callable[[Facts], Changed | None]
"""What becomes of an attempt's score: the new row, whether a mark given by hand was kept, the move that is undone, the move that it is under."""


def grader(scope: Scope, revision: QuestionRevision, *, overrules: bool) -> Change:
    """Grades by another revision of the question. Marks that somebody gave by hand stay, unless they are overruled."""
    question, now = scope.question, clock.now().isoformat()

    def change(facts: Facts) -> Changed | None:
        before, settings = facts.scores.get(question.id), facts.settings
        if before is None:
            return None
        given = answers.opened(scope.session, facts.answer, facts.attempt.person_id) if facts.answer else None
        pinned = PinnedQuestion(
            id=question.id,
            revision_id=revision.id,
            type=QuestionType(question.type),
            body=revision.body,
            points=Decimal(before["points"]),
            seed=question_seed(facts.attempt.seed, question.id),
        )
        how = Circumstances(certainty=given.certainty, earlier=answers.earlier_tries(facts.tries, given.sequence)) if given else Circumstances()
        (result,) = grade_attempt(
            [pinned],
            {question.id: given.response} if given and given.response is not None else {},
            negative=settings.floor,
            behaviour=settings.behaviour,
            circumstances={question.id: how},
        ).questions
        waits = result.grade.outcome == Outcome.PENDING
        by_hand = before["outcome"] != Outcome.PENDING and (facts.marked or waits)
        after = {**before, "question_revision_id": str(revision.id), "tally": [list(pair) for pair in result.tally]}
        if not by_hand or overrules:
            after |= {"fraction": _plain(result.fraction), "score": _plain(result.score), "outcome": result.grade.outcome.value}
        if any(after[name] != before[name] for name in ("fraction", "score", "outcome", "tally")):
            after["graded_at"] = now
        return after, by_hand and not overrules, None, None

    return change


def undoer(scope: Scope, regrade_id: UUID) -> Change:
    """Puts back what a correction replaced. Where another correction came later, that one's past is put back instead; where somebody has marked
    since, the mark stays."""
    question = scope.question

    def change(facts: Facts) -> Changed | None:
        present = facts.scores.get(question.id)
        own = [record for record in facts.records if record.question_id == question.id]
        mine = next((record for record in own if record.regrade_id == regrade_id), None)
        if present is None or mine is None:
            return None
        later = next((record for record in own if record.regrade_id > regrade_id), None)
        if later is not None:
            return present, False, mine, later if later.before == mine.after else None
        stays = present != mine.after
        return (present if stays else mine.before), stays, mine, None

    return change


def plans(scope: Scope, enrollment_ids: Sequence[UUID], change: Change, *, without: UUID | None = None, hold: bool = False) -> list[Plan]:
    """What a correction does to these enrolments, in their order. `without` names the correction that is being undone; `hold` locks the attempts,
    then the enrolments, each in the order of their ids."""
    found = _facts(scope, enrollment_ids, hold=hold)
    people = _enrollments(scope.session, enrollment_ids, hold=hold)
    ledger, awards = _ledger(scope.session, enrollment_ids), _awards(scope.session, enrollment_ids)
    by_enrollment: dict[UUID, list[Facts]] = defaultdict(list)
    for facts in found:
        by_enrollment[facts.attempt.enrollment_id].append(facts)
    return [
        _plan(scope, people[one], by_enrollment[one], ledger[one], awards[one], change, without) for one in enrollment_ids if one in by_enrollment
    ]


def score_of(row: Any) -> Score:
    """A row of `question_scores` as JSON values."""
    return {
        "question_revision_id": str(row.question_revision_id),
        "points": _plain(row.points),
        "fraction": _plain(row.fraction),
        "score": _plain(row.score),
        "outcome": str(row.outcome),
        "tally": [list(pair) for pair in row.tally],
        "graded_at": row.graded_at.isoformat(),
    }


def put(row: QuestionScore, score: Score) -> None:
    """Makes a row what `score_of` told of it."""
    row.question_revision_id = UUID(score["question_revision_id"])
    row.points, row.fraction, row.score = Decimal(score["points"]), Decimal(score["fraction"]), Decimal(score["score"])
    row.outcome, row.tally, row.graded_at = Outcome(score["outcome"]), score["tally"], datetime.fromisoformat(score["graded_at"])


def _plan(
    scope: Scope,
    person: Enrollment,
    found: list[Facts],
    ledger: dict[UUID, list[Entry]],
    awards: list[Award],
    change: Change,
    without: UUID | None,
) -> Plan:
    question = scope.question.id
    moves: list[Move] = []
    quizzes: dict[UUID, list[Sat]] = defaultdict(list)
    present: dict[UUID, Result] = {}
    after: dict[UUID, Result] = {}
    base: dict[UUID, Result] = {}
    for facts in found:
        sat = _sat(facts)
        quizzes[facts.attempt.assessment_id].append(sat)
        changed = change(facts)
        before = facts.scores.get(question)
        moved = {question: _mark(changed[0])} if changed else {}
        present[sat.id], after[sat.id] = result_of(sat), result_of(sat, moved)
        base[sat.id] = result_of(sat, {**moved, **_without_corrections(facts, changed, without, question, before)})
        if changed and before is not None and (changed[0] != before or changed[2] is not None):
            moves.append(
                Move(
                    attempt_id=sat.id,
                    assessment_id=facts.attempt.assessment_id,
                    number=sat.number,
                    before=before,
                    after=changed[0],
                    was=present[sat.id],
                    becomes=after[sat.id],
                    released=sat.released,
                    kept=changed[1],
                    record=changed[2],
                    spliced=changed[3],
                )
            )
    quiz_plans = [_quiz_plan(scope, quiz, sats, ledger, present, after, base) for quiz, sats in sorted(quizzes.items())]
    attempts = sum(1 for facts in found if question in facts.scores)
    return Plan(
        enrollment_id=person.id,
        person_id=person.person_id,
        moves=moves,
        attempts=attempts,
        quizzes=quiz_plans,
        course=_course_plan(scope, person, quiz_plans, ledger, awards),
    )


def _without_corrections(facts: Facts, changed: Changed | None, without: UUID | None, question: UUID, before: Score | None) -> dict[UUID, Earned]:
    """The marks that no correction in force would have touched: what the oldest of each question replaced."""
    marks: dict[UUID, Earned] = {}
    for record in reversed([record for record in facts.records if record.regrade_id != without]):
        # A move that lies on the one being undone inherits its past.
        under = changed[2] if changed is not None and changed[3] is record else None
        marks[record.question_id] = _mark(under.before if under is not None else record.before)
    if question not in marks and without is None and before is not None:
        marks[question] = _mark(before)
    return marks


def _quiz_plan(
    scope: Scope,
    quiz: UUID,
    sats: list[Sat],
    ledger: dict[UUID, list[Entry]],
    present: dict[UUID, Result],
    after: dict[UUID, Result],
    base: dict[UUID, Result],
) -> QuizPlan:
    item, entries = scope.items.get(quiz), ledger.get(quiz, [])
    standing = Verdict(standing=frozenset(entry.id for entry in entries if entry.stands))
    if item is not None:
        standing = quiz_verdict(entries, deserved=deserves(sats, after, item.rule), before=deserves(sats, base, item.rule))
    return QuizPlan(assessment_id=quiz, item=item, counted=counting(sats, present), counts=counting(sats, after), entries=entries, verdict=standing)


def _course_plan(
    scope: Scope, person: Enrollment, quizzes: list[QuizPlan], ledger: dict[UUID, list[Entry]], awards: list[Award]
) -> CoursePlan | None:
    if not any(moves_ledger(plan.entries, plan.verdict) for plan in quizzes):
        return None
    course, entries = scope.course, ledger.get(scope.course.id, [])
    required = frozenset(item.id for item in scope.outline.items() if item.required)
    present = {node for node, rows in ledger.items() if any(row.stands for row in rows)}
    for plan in quizzes:
        present = present | {plan.assessment_id} if plan.verdict.holds else present - {plan.assessment_id}
    earned = {node for node, rows in ledger.items() if any(not row.corrected for row in rows)}
    verdict = course_verdict(entries, required=required, earned=earned, present=present)
    if verdict.adds and person.status != EnrollmentStatus.ACTIVE:
        verdict = Verdict(standing=verdict.standing)
    if not moves_ledger(entries, verdict):
        return CoursePlan(entries=entries, verdict=verdict, awards=AwardVerdict(), completed_at=person.completed_at)
    own = [entry.at for entry in entries if entry.id in verdict.standing]
    completed_at = min(own, default=clock.now() if verdict.adds else None)
    return CoursePlan(
        entries=entries, verdict=verdict, completed_at=completed_at, awards=award_verdict(awards, completed_at, issued=course.certificate_offered)
    )


def moves_ledger(entries: Sequence[Entry], verdict: Verdict) -> bool:
    """Whether a verdict changes which rows stand."""
    return verdict.adds or verdict.standing != frozenset(entry.id for entry in entries if entry.stands)


def _sat(facts: Facts) -> Sat:
    return Sat(
        id=facts.attempt.id,
        number=facts.attempt.number,
        released=facts.attempt.released_at is not None,
        pass_mark=facts.settings.pass_mark,
        floor=facts.settings.floor,
        counting=facts.settings.counting,
        marks={question: _mark(score) for question, score in facts.scores.items()},
    )


def _mark(score: Score) -> Earned:
    return Earned(points=Decimal(score["points"]), score=Decimal(score["score"]), pending=score["outcome"] == Outcome.PENDING)


def _plain(number: Decimal) -> str:
    """A stored number, with the six places that its column has."""
    return f"{number:.6f}"


def _facts(scope: Scope, enrollment_ids: Sequence[UUID], *, hold: bool) -> list[Facts]:
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


def _enrollments(session: Session, enrollment_ids: Sequence[UUID], *, hold: bool) -> dict[UUID, Enrollment]:
    query = select(Enrollment).where(col(Enrollment.id).in_(enrollment_ids)).order_by(col(Enrollment.id))
    if hold:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return {row.id: row for row in session.exec(query).all()}


def _ledger(session: Session, enrollment_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, list[Entry]]]:
    """By enrolment and node, the oldest row first."""
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


def _awards(session: Session, enrollment_ids: Sequence[UUID]) -> dict[UUID, list[Award]]:
    found: dict[UUID, list[Award]] = defaultdict(list)
    for row in session.exec(select(Certificate).where(col(Certificate.enrollment_id).in_(enrollment_ids)).order_by(col(Certificate.id))).all():
        found[row.enrollment_id].append(
            Award(id=row.id, completed_at=row.completed_at, valid=row.revoked_at is None, corrected=row.regrade_id is not None)
        )
    return found
