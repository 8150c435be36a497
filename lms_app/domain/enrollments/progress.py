"""The completion ledger and the progress projected from it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock, jobs, pubsub
from lms_app.database import after_commit
from lms_app.domain.analytics import events
from lms_app.domain.assessments.score_rules import round_score
from lms_app.domain.courses.outline import Outline, OutlineItem, published_outline
from lms_app.ids import uuid7
from lms_app.models import Completion, Course, Enrollment, Progress
from lms_app.words import EnrollmentStatus, Hint, JobQueue, NodeKind, Verb

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
    if session.exec(select(Completion.id).where(Completion.enrollment_id == enrollment.id, Completion.node_id == item.id).limit(1)).first():
        return False
    written = session.execute(
        insert(Completion)
        .values(
            id=uuid7(),
            enrollment_id=enrollment.id,
            node_kind=item.kind,
            node_id=item.id,
            rule=item.rule,
            rule_version=item.rule_version,
            completed_at=now,
            evidence=evidence or {},
        )
        .on_conflict_do_nothing(index_elements=["enrollment_id", "node_id", "rule_version"])
        .returning(col(Completion.id))
    ).first()
    if written is None:
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
    standing = standing_of(outline or published_outline(session, enrollment.course_id), completed_nodes(session, enrollment.id))
    values = {"done": standing.done, "total": standing.total, "fraction": standing.fraction, "updated_at": clock.now()}
    session.execute(
        insert(Progress)
        .values(enrollment_id=enrollment.id, version=1, **values)
        .on_conflict_do_update(index_elements=["enrollment_id"], set_={**values, "version": Progress.version + 1})
    )
    # Who has left earns nothing by an attempt that was still open; enrolling again projects anew.
    has_all = standing.total > 0 and standing.done == standing.total
    if has_all and enrollment.completed_at is None and enrollment.status == EnrollmentStatus.ACTIVE:
        _complete_course(session, enrollment)
    after_commit(session, lambda: pubsub.hint(Hint.PROGRESS, enrollment.person_id))
    return standing


def completed_nodes(session: Session, enrollment_id: UUID) -> frozenset[UUID]:
    """Every node that the ledger holds as complete, under whatever version of its rule: a change of rules takes nothing away."""
    return frozenset(session.exec(select(Completion.node_id).where(Completion.enrollment_id == enrollment_id)).all())


def standing_of(outline: Outline, completed: frozenset[UUID]) -> Standing:
    """The standing that a set of completed nodes gives in an outline."""
    required = [item.id for item in outline.items() if item.required]
    done = sum(1 for node in required if node in completed)
    fraction = round_score(Decimal(done) / Decimal(len(required))) if required else Decimal(0)
    return Standing(done=done, total=len(required), fraction=fraction)


def _complete_course(session: Session, enrollment: Enrollment) -> None:
    course = session.get_one(Course, enrollment.course_id)
    enrollment.completed_at = clock.now()
    session.add(enrollment)
    session.execute(
        insert(Completion)
        .values(
            id=uuid7(),
            enrollment_id=enrollment.id,
            node_kind=NodeKind.COURSE,
            node_id=course.id,
            rule="passed",
            rule_version=course.rule_version,
            completed_at=enrollment.completed_at,
            evidence={},
        )
        .on_conflict_do_nothing(index_elements=["enrollment_id", "node_id", "rule_version"])
    )
    events.record(session, enrollment, Verb.COMPLETED, NodeKind.COURSE, course.id)
    if course.certificate_offered:
        jobs.enqueue(
            session,
            ISSUE,
            queue=JobQueue.CERTIFICATES,
            unique_key=f"certificate:{enrollment.id}:1",
            enrollment_id=str(enrollment.id),
        )
