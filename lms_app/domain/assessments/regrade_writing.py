"""Carrying out what was planned for one enrolment: marks, ledger, progress, certificates, and a word to the student."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.analytics import events
from lms_app.domain.assessments import settling
from lms_app.domain.assessments.regrade_facts import Scope, put
from lms_app.domain.assessments.regrade_plans import CoursePlan, Move, Plan, QuizPlan, moves_ledger
from lms_app.domain.assessments.regrade_rules import Entry, Verdict
from lms_app.domain.enrollments import progress
from lms_app.domain.notifications import inbox
from lms_app.models import Attempt, Certificate, CompletionWithdrawal, Enrollment, QuestionScore, Regrade, RegradeMove
from lms_app.words import CompletionRule, NodeKind, NotificationKind, RegradeStatus, Verb

REVOKED = "A question was corrected after the certificate was issued, and the marks no longer complete the course."
UNMET = "A question was corrected after the certificate was issued, and the marks no longer reach what it asks for."
REPLACED = "An earlier certificate for the same course is valid again."


def carry_out(scope: Scope, plan: Plan, regrade: Regrade) -> None:
    """Does what was planned. The caller holds the attempts and the enrolment."""
    session = scope.session
    for move in plan.moves:
        _move(session, move, regrade)
    enrollment = session.get_one(Enrollment, plan.enrollment_id)
    moved = [quiz for quiz in plan.quizzes if moves_ledger(quiz.entries, quiz.verdict)]
    for quiz in moved:
        _complete_quiz(session, enrollment, quiz, regrade)
    if plan.course is not None:
        if moves_ledger(plan.course.entries, plan.course.verdict):
            _complete_course(scope, enrollment, plan.course, regrade)
        _certify(session, enrollment, plan.course, regrade)
        progress.project(session, enrollment, scope.outline)
    _tell(session, plan, regrade)


def _move(session: Session, move: Move, regrade: Regrade) -> None:
    if move.record is None:
        session.add(
            RegradeMove(regrade_id=regrade.id, attempt_id=move.attempt_id, question_id=regrade.question_id, before=move.before, after=move.after)
        )
    else:
        move.record.undone_at = clock.now()
        if move.spliced is not None:
            move.spliced.before = move.record.before
            session.add(move.spliced)
        session.add(move.record)
    if move.before == move.after:
        return
    row = session.get_one(QuestionScore, (move.attempt_id, regrade.question_id))
    put(row, move.after)
    session.add(row)
    if move.is_settled_anew:
        settling.settle(session, session.get_one(Attempt, move.attempt_id), completes=False)


def _complete_quiz(session: Session, enrollment: Enrollment, plan: QuizPlan, regrade: Regrade) -> None:
    _turn(session, plan.entries, plan.verdict, regrade)
    if plan.verdict.adds and plan.item is not None:
        item, evidence = plan.item, {"regrade": str(regrade.id), "fraction": str(plan.counts)}
        progress.enter(session, enrollment.id, item.kind, item.id, CompletionRule(item.rule), item.rule_version, evidence, at=clock.now())
        events.record(session, enrollment, Verb.COMPLETED, item.kind, item.id)


def _complete_course(scope: Scope, enrollment: Enrollment, plan: CoursePlan, regrade: Regrade) -> None:
    session, course = scope.session, scope.course
    _turn(session, plan.entries, plan.verdict, regrade)
    if plan.verdict.adds and plan.completed_at is not None:
        evidence = {"regrade": str(regrade.id)}
        progress.enter(session, enrollment.id, NodeKind.COURSE, course.id, CompletionRule.PASSED, course.rule_version, evidence, at=plan.completed_at)
    was_complete = enrollment.completed_at is not None
    enrollment.completed_at = plan.completed_at
    session.add(enrollment)
    session.flush()
    if was_complete != (plan.completed_at is not None):
        events.record(session, enrollment, Verb.UNCOMPLETED if was_complete else Verb.COMPLETED, NodeKind.COURSE, course.id)


def _certify(session: Session, enrollment: Enrollment, plan: CoursePlan, regrade: Regrade) -> None:
    """Leaves exactly one certificate valid where the course is complete and its marks reach what it asks for, none where they do not."""
    awards, reason = plan.awards, REVOKED if plan.completed_at is None else UNMET if plan.awards.unmet else REPLACED
    _revoke(session, awards.revoked, reason, clock.now(), regrade.id)
    if awards.revived is not None:
        session.execute(
            update(Certificate)
            .where(col(Certificate.id) == awards.revived)
            .values(revoked_at=None, revoked_because=None, regrade_id=None, by_hand=False)
        )
    if awards.issues:
        progress.ask_for_certificate(session, enrollment.id, f"{regrade.id}:{regrade.status}")


def _revoke(session: Session, ids: Sequence[UUID], reason: str, at: datetime, regrade_id: UUID) -> None:
    statement = update(Certificate).where(col(Certificate.id).in_(ids), col(Certificate.revoked_at).is_(None))
    session.execute(statement.values(revoked_at=at, revoked_because=reason, regrade_id=regrade_id))


def _turn(session: Session, entries: Sequence[Entry], verdict: Verdict, regrade: Regrade) -> None:
    """Withdraws and restores rows of the ledger. Nothing is deleted: a withdrawal says why, and when it ended."""
    now = clock.now()
    for entry in entries:
        if entry.stands and entry.id not in verdict.standing:
            session.add(CompletionWithdrawal(completion_id=entry.id, evidence={"regrade": str(regrade.id)}, withdrawn_at=now))
        elif not entry.stands and entry.id in verdict.standing:
            session.execute(
                update(CompletionWithdrawal)
                .where(col(CompletionWithdrawal.completion_id) == entry.id, col(CompletionWithdrawal.restored_at).is_(None))
                .values(restored_at=now)
            )
    session.flush()


def _tell(session: Session, plan: Plan, regrade: Regrade) -> None:
    """A word to whoever's released marks moved, once per correction, and once when it is undone."""
    told = [move for move in plan.moves if move.is_marked_anew and move.released]
    if not told:
        return
    newest = max(told, key=lambda move: move.number)
    undone = regrade.status == RegradeStatus.UNDOING
    certificate = next(iter(plan.course.awards.revoked), None) if plan.course else None
    inbox.deliver(
        session,
        plan.person_id,
        NotificationKind.REGRADED,
        unique_key=f"regraded:{regrade.id}:{plan.enrollment_id}:{'undone' if undone else 'applied'}",
        assessment=str(newest.assessment_id),
        attempt=str(newest.attempt_id),
        regrade=str(regrade.id),
        course=str(session.get_one(Enrollment, plan.enrollment_id).course_id),
        certificate=str(certificate) if certificate else None,
        undone="1" if undone else None,
    )


def tell_staff(session: Session, regrade: Regrade, people: Sequence[UUID], course_id: UUID, *, undone: bool) -> None:
    """One line to each of the course's staff."""
    for person_id in people:
        inbox.deliver(
            session,
            person_id,
            NotificationKind.REGRADE_FINISHED,
            unique_key=f"regrade:{regrade.id}:{person_id}:{'undone' if undone else 'applied'}",
            regrade=str(regrade.id),
            question=str(regrade.question_id),
            course=str(course_id),
            undone="1" if undone else None,
        )


def held(session: Session, question_id: UUID) -> Regrade | None:
    """The correction of a question that is at work."""
    at_work = (RegradeStatus.RUNNING, RegradeStatus.UNDOING)
    return session.exec(select(Regrade).where(Regrade.question_id == question_id, col(Regrade.status).in_(at_work))).first()
