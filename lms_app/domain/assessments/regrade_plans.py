"""Planning what a correction does to each enrolment: the dry run and the real one share every line of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from lms_app.adapters import clock
from lms_app.domain.assessments.regrade_changes import Change, Changed
from lms_app.domain.assessments.regrade_facts import Facts, Scope, Score, certificates, enrollments, finished_attempts, ledger
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
    waits,
)
from lms_app.domain.assessments.regrade_views import RegradeFigures
from lms_app.domain.assessments.score_rules import Sitting, counting_fraction
from lms_app.domain.certificates import earning
from lms_app.domain.certificates.award_rules import AwardRule
from lms_app.domain.certificates.earning import Moved, Record
from lms_app.domain.courses.outline import OutlineItem
from lms_app.models import Enrollment, RegradeMove
from lms_app.words import EnrollmentStatus, Outcome


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
    """What becomes of one quiz for an enrolment. Without an `item` the quiz is not in the course as students see it. `after` is what it then makes of
    them, `base` what it made without any correction."""

    assessment_id: UUID
    item: OutlineItem | None
    counted: Decimal | None
    counts: Decimal | None
    entries: Sequence[Entry]
    verdict: Verdict
    after: Moved
    base: Moved


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


@dataclass(frozen=True, kw_only=True)
class Held:
    """The certificates of an enrolment, and what it has made of the course where a certificate asks for that."""

    awards: list[Award]
    record: Record | None


def plans(scope: Scope, enrollment_ids: Sequence[UUID], change: Change, *, without: UUID | None = None, hold: bool = False) -> list[Plan]:
    """What a correction does to these enrolments, in their order. `without` names the correction that is being undone; `hold` locks the attempts,
    then the enrolments, each in the order of their ids."""
    found = finished_attempts(scope, enrollment_ids, hold=hold)
    people = enrollments(scope.session, enrollment_ids, hold=hold)
    entries, held = ledger(scope.session, enrollment_ids), certificates(scope.session, enrollment_ids)
    rules = [scope.award_rule, *(award.rule for awards in held.values() for award in awards)]
    made = earning.records(scope.session, people.values(), scope.outline, rules) if any(rule.asks_more for rule in rules) else {}
    by_enrollment: dict[UUID, list[Facts]] = defaultdict(list)
    for facts in found:
        by_enrollment[facts.attempt.enrollment_id].append(facts)
    return [
        _plan(scope, people[one], by_enrollment[one], entries[one], Held(awards=held[one], record=made.get(one)), change, without)
        for one in enrollment_ids
        if one in by_enrollment
    ]


def counted(figures: RegradeFigures, plan: Plan) -> RegradeFigures:
    """Figures with one more enrolment in them."""
    awards = plan.course.awards if plan.course else None
    gained = any((quiz.counts or 0) > (quiz.counted or 0) for quiz in plan.quizzes)
    lost = any((quiz.counts or 0) < (quiz.counted or 0) for quiz in plan.quizzes)
    turned = [quiz for quiz in plan.quizzes if moves_ledger(quiz.entries, quiz.verdict)]
    stood = {quiz.assessment_id: any(entry.stands for entry in quiz.entries) for quiz in turned}
    return replace(
        figures,
        attempts=figures.attempts + plan.attempts,
        students=figures.students + 1,
        moved=figures.moved + sum(move.is_marked_anew for move in plan.moves),
        gained=figures.gained + gained,
        lost=figures.lost + lost,
        completed=figures.completed + sum(quiz.verdict.holds and not stood[quiz.assessment_id] for quiz in turned),
        withdrawn=figures.withdrawn + sum(stood[quiz.assessment_id] and not quiz.verdict.holds for quiz in turned),
        certificates_issued=figures.certificates_issued + (awards.issues if awards else 0),
        certificates_revived=figures.certificates_revived + (awards.revived is not None if awards else 0),
        certificates_withdrawn=figures.certificates_withdrawn + (len(awards.revoked) if awards else 0),
        kept=figures.kept + sum(move.kept for move in plan.moves),
    )


def _plan(
    scope: Scope,
    person: Enrollment,
    found: list[Facts],
    ledger: dict[UUID, list[Entry]],
    held: Held,
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
        moved = {question: _mark(changed.after)} if changed else {}
        present[sat.id], after[sat.id] = result_of(sat), result_of(sat, moved)
        base[sat.id] = result_of(sat, {**moved, **_without_corrections(facts, changed, without, question, before)})
        if changed and before is not None and (changed.after != before or changed.record is not None):
            moves.append(
                Move(
                    attempt_id=sat.id,
                    assessment_id=facts.attempt.assessment_id,
                    number=sat.number,
                    before=before,
                    after=changed.after,
                    was=present[sat.id],
                    becomes=after[sat.id],
                    released=sat.released,
                    kept=changed.kept,
                    record=changed.record,
                    spliced=changed.spliced,
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
        course=_course_plan(scope, person, quiz_plans, ledger, held),
    )


def _without_corrections(facts: Facts, changed: Changed | None, without: UUID | None, question: UUID, before: Score | None) -> dict[UUID, Earned]:
    """The marks that no correction in force would have touched: what the oldest of each question replaced."""
    marks: dict[UUID, Earned] = {}
    for record in reversed([record for record in facts.records if record.regrade_id != without]):
        # A move that lies on the one being undone inherits its past.
        under = changed.record if changed is not None and changed.spliced is record else None
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
    return QuizPlan(
        assessment_id=quiz,
        item=item,
        counted=counting(sats, present),
        counts=counting(sats, after),
        entries=entries,
        verdict=standing,
        after=_moved(sats, after),
        base=_moved(sats, base),
    )


def _moved(sats: list[Sat], results: dict[UUID, Result]) -> Moved:
    made = [Sitting(number=sat.number, fraction=results[sat.id].fraction) for sat in sats]
    rule = max(sats, key=lambda sat: sat.number).counting
    return Moved(fraction=counting_fraction(made, rule), pending=waits(sats, results))


def _course_plan(scope: Scope, person: Enrollment, quizzes: list[QuizPlan], ledger: dict[UUID, list[Entry]], held: Held) -> CoursePlan | None:
    turned = any(moves_ledger(plan.entries, plan.verdict) for plan in quizzes)
    if not turned and (held.record is None or person.completed_at is None):
        return None
    course, entries = scope.course, ledger.get(scope.course.id, [])
    verdict, completed_at = Verdict(standing=frozenset(entry.id for entry in entries if entry.stands)), person.completed_at
    if turned:
        required = frozenset(item.id for item in scope.outline.items() if item.required)
        present = {node for node, rows in ledger.items() if any(row.stands for row in rows)}
        for plan in quizzes:
            present = present | {plan.assessment_id} if plan.verdict.holds else present - {plan.assessment_id}
        earned = {node for node, rows in ledger.items() if any(not row.corrected for row in rows)}
        verdict = course_verdict(entries, required=required, earned=earned, present=present)
        if verdict.adds and person.status != EnrollmentStatus.ACTIVE:
            verdict = Verdict(standing=verdict.standing)
    if moves_ledger(entries, verdict):
        own = [entry.at for entry in entries if entry.id in verdict.standing]
        completed_at = min(own, default=clock.now() if verdict.adds else None)
    elif held.record is None:
        return CoursePlan(entries=entries, verdict=verdict, awards=AwardVerdict(), completed_at=completed_at)
    awards = award_verdict(
        held.awards,
        completed_at,
        issued=course.certificate_offered and person.status == EnrollmentStatus.ACTIVE and _reaches(held, quizzes, scope.award_rule),
        unmet=[award.id for award in held.awards if not _still_reaches(held, quizzes, award)],
    )
    return CoursePlan(entries=entries, verdict=verdict, completed_at=completed_at, awards=awards)


def _reaches(held: Held, quizzes: list[QuizPlan], rule: AwardRule) -> bool:
    """Whether the marks then reach what a certificate asks for."""
    return held.record is None or held.record.meets(rule, {plan.assessment_id: plan.after for plan in quizzes})


def _still_reaches(held: Held, quizzes: list[QuizPlan], award: Award) -> bool:
    """The same of a certificate that there is. It stands, unless a correction is what takes it away: this one, or one before. What grades set by hand
    took is valid again once the marks reach it."""
    if _reaches(held, quizzes, award.rule):
        return True
    if award.by_hand or held.record is None:
        return False
    base = {plan.assessment_id: plan.base for plan in quizzes}
    return not (held.record.meets(award.rule) or held.record.meets(award.rule, base))


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
