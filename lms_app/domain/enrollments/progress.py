"""The completion ledger and the progress projected from it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, inspect
from sqlalchemy import select as sql_select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import Session, col, select

from lms_app.adapters import clock, jobs, pubsub
from lms_app.database import after_commit
from lms_app.domain.analytics import events
from lms_app.domain.assessments.score_rules import round_score
from lms_app.domain.courses.outline import Outline, OutlineItem, published_outline
from lms_app.ids import uuid7
from lms_app.models import Completion, CompletionWithdrawal, Course, Enrollment, Progress
from lms_app.words import CompletionRule, EnrollmentStatus, Hint, JobQueue, NodeKind, Verb

ISSUE = "certificates.issue"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where an enrolment stands: required items done and in all, and the fraction (0 to 1)."""

    done: int
    total: int
    fraction: Decimal


def record(
    session: Session, enrollment: Enrollment, item: OutlineItem, evidence: dict[str, Any] | None = None, *, outline: Outline | None = None
) -> bool:
    """Writes into the ledger that `item` is complete under its present rule, moves progress, and completes the course when this was the last
    required item. Gives False, and does nothing, when the ledger has it already. `evidence` says why, JSON-able, without personal data;
    `outline` spares reading the course again where the caller has."""
    now = clock.now()
    if is_complete(session, enrollment.id, item.id):
        return False
    if enter(session, enrollment.id, item.kind, item.id, CompletionRule(item.rule), item.rule_version, evidence or {}, at=now) is None:
        return False
    events.record(session, enrollment, Verb.COMPLETED, item.kind, item.id)
    rebuild(session, enrollment, outline=outline)
    return True


def rebuild(session: Session, enrollment: Enrollment, *, outline: Outline | None = None) -> Standing:
    """Projects the ledger anew: the enrolment's progress, stored and given back. Completes the course where every required item is done."""
    # Two completions at once each see only their own row; the lock lets the second see both, and that the first completed the course. It leaves
    # keys alone: each of the two holds a share of the enrolment's key already, and would wait for the other for ever.
    session.flush()
    session.refresh(enrollment, with_for_update={"key_share": True})
    standing = project(session, enrollment, outline or published_outline(session, enrollment.course_id))
    _complete_if_all_is_done(session, enrollment, standing)
    return standing


def rebuild_many(session: Session, enrollments: Sequence[Enrollment], outline: Outline) -> None:
    """The same for many of one course, which the caller holds, by a number of statements that grows only with those who complete it."""
    done: dict[UUID, set[UUID]] = defaultdict(set)
    of_many = select(Completion.enrollment_id, Completion.node_id).where(col(Completion.enrollment_id).in_([one.id for one in enrollments]), stands())
    for enrollment_id, node_id in session.exec(of_many).all():
        done[enrollment_id].add(node_id)
    standings = [standing_of(outline, frozenset(done[one.id])) for one in enrollments]
    _store(session, enrollments, standings)
    for enrollment, standing in zip(enrollments, standings, strict=True):
        _complete_if_all_is_done(session, enrollment, standing)


def project(session: Session, enrollment: Enrollment, outline: Outline) -> Standing:
    """Stores the progress that the ledger makes, and tells. The caller holds the enrolment."""
    standing = standing_of(outline, completed_nodes(session, enrollment.id))
    _store(session, [enrollment], [standing])
    return standing


def _store(session: Session, enrollments: Sequence[Enrollment], standings: Sequence[Standing]) -> None:
    rows = [
        {
            "enrollment_id": enrollment.id,
            "done": standing.done,
            "total": standing.total,
            "fraction": standing.fraction,
            "updated_at": clock.now(),
            "version": 1,
        }
        for enrollment, standing in zip(enrollments, standings, strict=True)
    ]
    session.flush()
    session.connection().execute(_PROJECT, rows)
    for enrollment in enrollments:
        after_commit(session, lambda person_id=enrollment.person_id: pubsub.hint(Hint.PROGRESS, person_id))


def _complete_if_all_is_done(session: Session, enrollment: Enrollment, standing: Standing) -> None:
    # Who has left earns nothing by an attempt that was still open; enrolling again projects anew.
    has_all = standing.total > 0 and standing.done == standing.total
    if has_all and enrollment.completed_at is None and enrollment.status == EnrollmentStatus.ACTIVE:
        _complete_course(session, enrollment)


def completed_nodes(session: Session, enrollment_id: UUID) -> frozenset[UUID]:
    """Every node that the ledger holds as complete, under whatever version of its rule: a change of rules takes nothing away."""
    return frozenset(session.execute(_COMPLETED, {"enrollment_id": enrollment_id}).scalars().all())


def is_complete(session: Session, enrollment_id: UUID, node_id: UUID) -> bool:
    """Whether the ledger holds a node as complete, under any version of its rule."""
    return session.execute(_IS_COMPLETE, {"enrollment_id": enrollment_id, "node_id": node_id}).first() is not None


def stands() -> ColumnElement[bool]:
    """What tells a completion that counts from one that a correction of marks has withdrawn."""
    withdrawn = select(CompletionWithdrawal.id).where(
        CompletionWithdrawal.completion_id == Completion.id, col(CompletionWithdrawal.restored_at).is_(None)
    )
    return ~withdrawn.exists()


def enter(
    session: Session,
    enrollment_id: UUID,
    kind: NodeKind,
    node_id: UUID,
    rule: CompletionRule,
    rule_version: int,
    evidence: dict[str, Any],
    *,
    at: datetime,
) -> int | None:
    """Adds a row to the ledger, after those that were withdrawn; gives its occasion, None where another was quicker."""
    row = {
        "id": uuid7(),
        "enrollment_id": enrollment_id,
        "node_kind": kind,
        "node_id": node_id,
        "rule": rule,
        "rule_version": rule_version,
        "completed_at": at,
        "evidence": evidence,
    }
    session.flush()
    return session.connection().execute(_ENTER, {f"new_{name}": value for name, value in row.items()}).scalar()


def _entering() -> ReturningInsert[int]:
    """One statement looks and writes: of two at once the other sees the row, or meets it at the unique index."""
    columns = dict(inspect(Completion).columns)
    new = {name: bindparam(f"new_{name}", type_=columns[name].type) for name in columns if name != "occasion"}
    of_node = (Completion.enrollment_id == new["enrollment_id"], Completion.node_id == new["node_id"])
    last = select(func.coalesce(func.max(Completion.occasion), 0) + 1).where(*of_node, Completion.rule_version == new["rule_version"])
    row = {**new, "occasion": last.scalar_subquery()}
    return (
        insert(Completion)
        .from_select(list(row), sql_select(*row.values()).where(~select(Completion.id).where(*of_node, stands()).exists()))
        .on_conflict_do_nothing(index_elements=["enrollment_id", "node_id", "rule_version", "occasion"])
        .returning(col(Completion.occasion))
    )


# Made once: making a statement takes longer than having it carried out.
_ENTER = _entering()
_COMPLETED = select(Completion.node_id).where(Completion.enrollment_id == bindparam("enrollment_id"), stands())
_IS_COMPLETE = _COMPLETED.where(Completion.node_id == bindparam("node_id")).limit(1)
_NEWER = insert(Progress)
_PROJECT = _NEWER.on_conflict_do_update(
    index_elements=["enrollment_id"],
    set_={
        **{name: _NEWER.excluded[name] for name in ("done", "total", "fraction", "updated_at")},
        "version": Progress.version + 1,
    },
)


def standing_of(outline: Outline, completed: frozenset[UUID]) -> Standing:
    """The standing that a set of completed nodes gives in an outline."""
    required = [item.id for item in outline.items() if item.required]
    done = sum(1 for node in required if node in completed)
    fraction = round_score(Decimal(done) / Decimal(len(required))) if required else Decimal(0)
    return Standing(done=done, total=len(required), fraction=fraction)


def _complete_course(session: Session, enrollment: Enrollment) -> None:
    now = clock.now()
    course = session.get_one(Course, enrollment.course_id)
    occasion = enter(session, enrollment.id, NodeKind.COURSE, course.id, CompletionRule.PASSED, course.rule_version, {}, at=now)
    enrollment.completed_at = now
    session.add(enrollment)
    events.record(session, enrollment, Verb.COMPLETED, NodeKind.COURSE, course.id)
    if course.certificate_offered:
        ask_for_certificate(session, enrollment.id, str(occasion or 1))


def reconsider(session: Session, enrollment: Enrollment) -> None:
    """Lets a worker look whether marks that moved have earned the certificate of a course that is complete, where it asks for more than that."""
    if enrollment.completed_at is None:
        return
    course = session.get_one(Course, enrollment.course_id)
    if course.certificate_offered and course.certificate_rule:
        ask_for_certificate(session, enrollment.id, str(uuid7()))


def ask_for_certificate(session: Session, enrollment_id: UUID, occasion: str) -> None:
    """Lets the certificate of a completed course be issued, once per `occasion`."""
    jobs.enqueue(session, ISSUE, queue=JobQueue.CERTIFICATES, unique_key=f"certificate:{enrollment_id}:{occasion}", enrollment_id=str(enrollment_id))
