"""The exam control room: who sits a quiz now, how far they are, when it was saved; more time, an end, a word to one or all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Integer, cast, func, literal_column
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col, select

from lms_app.adapters import clock, pubsub
from lms_app.database import after_commit
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import attempts, settling
from lms_app.domain.courses import access
from lms_app.domain.enrollments import roster
from lms_app.domain.people import audit
from lms_app.errors import Invalid, NotFound
from lms_app.models import Answer, Assessment, Attempt, AttemptMessage, Course
from lms_app.words import AttemptStatus, Hint

MOST_GRADED = 10
"""Attempts that are graded while one ends them."""

OFFLINE_AFTER = timedelta(seconds=45)
"""A tab gives a sign of life after 20 s without another; two missed, and it is called offline."""

LONGEST_EXTENSION = 24 * 3600
LONGEST_MESSAGE = 1000


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One who takes the quiz. `state`: waiting, open, offline, handed_in, submitted, expired or discarded. Times are ISO 8601 UTC, "" where there is
    none."""

    enrollment_id: str
    attempt_id: str
    name: str
    state: str
    number: int
    page: int
    pages: int
    answered: int
    questions: int
    saved_at: str
    seen_at: str
    deadline_at: str
    percent: int | None


@dataclass(frozen=True, kw_only=True)
class Room:
    """A control room at `at`: seats by name, and how many are in each state."""

    assessment_id: str
    title: str
    course: str
    at: str
    counts: dict[str, int]
    seats: list[Seat]


@dataclass(frozen=True, kw_only=True)
class Door:
    """What is known of a control room before anybody is looked at. `may_act`: give time, end, tell; `may_edit`: author the quiz."""

    assessment_id: str
    title: str
    course_id: str
    course: str
    may_act: bool
    may_edit: bool


class _Sitting(NamedTuple):
    """What a seat needs of an attempt; not the layout, which is long."""

    id: UUID
    enrollment_id: UUID
    number: int
    status: AttemptStatus
    page: int
    started_at: datetime
    seen_at: datetime | None
    deadline_at: datetime | None
    fraction: Decimal | None
    pages: int
    questions: int


_SITTING = (
    col(Attempt.id),
    col(Attempt.enrollment_id),
    col(Attempt.number),
    col(Attempt.status),
    col(Attempt.page),
    col(Attempt.started_at),
    col(Attempt.seen_at),
    col(Attempt.deadline_at),
    col(Attempt.fraction),
    # Entries stand in the order of their pages; what asks nothing has no number.
    func.coalesce(cast(col(Attempt.layout)[-1]["page"].astext, Integer), 1),
    func.jsonb_array_length(func.jsonb_path_query_array(col(Attempt.layout), literal_column("'$[*] ? (@.number > 0)'::jsonpath"))),
)


def door(session: Session, actor: Actor, assessment_id: UUID) -> Door:
    """Which quiz the room is about, and what the actor may do in it. Raises NotFound."""
    assessment = access.staffed_assessment(session, actor, assessment_id)
    course = session.get_one(Course, assessment.course_id)
    role = access.role_in(session, actor, course.id)
    return Door(
        assessment_id=str(assessment.id),
        title=assessment.title,
        course_id=str(course.id),
        course=course.title,
        may_act=role in access.MARKERS,
        may_edit=role in access.AUTHORS,
    )


def room(session: Session, actor: Actor, assessment_id: UUID) -> Room:
    """Everybody who takes a quiz, with their newest attempt, in a few statements however many they are. Raises NotFound."""
    assessment = access.staffed_assessment(session, actor, assessment_id)
    run, course = access.current_run(session, assessment.course_id), session.get_one(Course, assessment.course_id)
    newest = {
        sitting.enrollment_id: _Sitting(*sitting)
        for sitting in session.execute(
            select(*_SITTING)  # pyright: ignore[reportCallIssue, reportArgumentType]
            .where(Attempt.assessment_id == assessment.id, Attempt.run_id == run.id)
            .ext(distinct_on(col(Attempt.enrollment_id)))
            .order_by(col(Attempt.enrollment_id), col(Attempt.number).desc())
        ).all()
    }
    saved = {
        attempt_id: (count, last)
        for attempt_id, count, last in session.exec(
            select(Answer.attempt_id, func.count(), func.max(Answer.saved_at))
            .where(col(Answer.attempt_id).in_([sitting.id for sitting in newest.values()]))
            .group_by(col(Answer.attempt_id))
        ).all()
    }
    now = clock.now()
    seats = [_seat(one, newest.get(one.enrollment_id), saved, now) for one in roster.named(session, run.id)]
    counts: dict[str, int] = {}
    for seat in seats:
        counts[seat.state] = counts.get(seat.state, 0) + 1
    return Room(assessment_id=str(assessment.id), title=assessment.title, course=course.title, at=now.isoformat(), counts=counts, seats=seats)


def extend(session: Session, actor: Actor, assessment_id: UUID, seconds: int, attempt_ids: Sequence[UUID] | None = None) -> int:
    """Gives more time to some attempts under way, or to all. Their clocks move at once. Gives how many had a clock to move."""
    if not 1 <= seconds <= LONGEST_EXTENSION:
        raise Invalid("This time cannot be given.", fields={"seconds": "From a second to 24 hours."})
    assessment, open_attempts = _open(session, actor, assessment_id, attempt_ids)
    moved = [attempt for attempt in open_attempts if attempt.deadline_at is not None]
    more = timedelta(seconds=seconds)
    for attempt in moved:
        # Time that ran out while nobody looked starts anew from now.
        base = max(attempt.deadline_at or clock.now(), clock.now())
        grace = (attempt.submit_by or base) - (attempt.deadline_at or base)
        attempt.deadline_at = base + more
        attempt.submit_by = base + more + grace
        attempt.overrides = {**attempt.overrides, "extended_seconds": int(attempt.overrides.get("extended_seconds") or 0) + seconds}
        session.add(attempt)
        attempts.arm(session, attempt)
        _moved(session, attempt)
    audit.note(session, "exam_extended", person_id=actor.person_id, object_kind="assessment", object_id=assessment.id)
    return len(moved)


def end(session: Session, actor: Actor, assessment_id: UUID, attempt_ids: Sequence[UUID] | None = None) -> int:
    """Submits some attempts under way, or all, with what was acknowledged. Gives how many. Many are handed in, and graded by whoever asks for the
    result, or the sweep: nobody is to wait for all of them."""
    assessment, open_attempts = _open(session, actor, assessment_id, attempt_ids)
    for attempt in open_attempts:
        if len(open_attempts) > MOST_GRADED:
            attempt.status, attempt.submitted_at = AttemptStatus.HANDED_IN, clock.now()
            session.add(attempt)
        else:
            settling.close(session, attempt, late=False)
        _moved(session, attempt)
    audit.note(session, "exam_ended", person_id=actor.person_id, object_kind="assessment", object_id=assessment.id)
    return len(open_attempts)


def tell(session: Session, actor: Actor, assessment_id: UUID, words: str, attempt_ids: Sequence[UUID] | None = None) -> int:
    """Tells some attempts under way, or all, something; it appears in the quiz. All: who begins later reads it too. Gives how many were told.
    Raises NotFound, Invalid."""
    clean = words.strip()
    if not clean or len(clean) > LONGEST_MESSAGE:
        raise Invalid("This message cannot be sent.", fields={"text": f"Write something, {LONGEST_MESSAGE} characters at most."})
    assessment, open_attempts = _open(session, actor, assessment_id, attempt_ids)
    if attempt_ids is not None and not open_attempts:
        raise NotFound("These attempts are over.")
    run = access.current_run(session, assessment.course_id)
    for attempt_id in [None] if attempt_ids is None else [attempt.id for attempt in open_attempts]:
        message = AttemptMessage(assessment_id=assessment.id, run_id=run.id, attempt_id=attempt_id, author_id=actor.person_id, at=clock.now())
        session.add(message)
        message.text = clean
    for attempt in open_attempts:
        _moved(session, attempt)
    session.flush()
    return len(open_attempts)


def _open(session: Session, actor: Actor, assessment_id: UUID, attempt_ids: Sequence[UUID] | None) -> tuple[Assessment, list[Attempt]]:
    """The open attempts that the room shows, these or all, held. In the order of their ids, so that two who act at once do not wait for each
    other."""
    assessment = access.staffed_assessment(session, actor, assessment_id, access.MARKERS)
    run = access.current_run(session, assessment.course_id)
    query = select(Attempt).where(Attempt.assessment_id == assessment.id, Attempt.run_id == run.id, Attempt.status == AttemptStatus.OPEN)
    if attempt_ids is not None:
        query = query.where(col(Attempt.id).in_(attempt_ids))
    return assessment, list(session.exec(query.order_by(col(Attempt.id)).with_for_update()).all())


def _moved(session: Session, attempt: Attempt) -> None:
    after_commit(session, lambda: pubsub.hint(Hint.ATTEMPT, attempt.person_id))
    after_commit(session, lambda: pubsub.hint(Hint.EXAM, attempt.assessment_id))


def _seat(one: roster.Named, sitting: _Sitting | None, saved: dict[UUID, tuple[int, datetime]], now: datetime) -> Seat:
    if sitting is None:
        return Seat(
            enrollment_id=str(one.enrollment_id), attempt_id="", name=one.name, state="waiting", number=0, page=0, pages=0, answered=0, questions=0,
            saved_at="", seen_at="", deadline_at="", percent=None,
        )  # fmt: skip
    count, last = saved.get(sitting.id, (0, None))
    seen = max((moment for moment in (sitting.seen_at, last) if moment), default=sitting.started_at)
    is_open = sitting.status == AttemptStatus.OPEN
    return Seat(
        enrollment_id=str(one.enrollment_id),
        attempt_id=str(sitting.id),
        name=one.name,
        state="offline" if is_open and seen < now - OFFLINE_AFTER else sitting.status,
        number=sitting.number,
        page=sitting.page,
        pages=sitting.pages,
        answered=count,
        questions=sitting.questions,
        saved_at=last.isoformat() if last else "",
        seen_at=seen.isoformat(),
        deadline_at=sitting.deadline_at.isoformat() if sitting.deadline_at else "",
        percent=None if sitting.fraction is None else int(sitting.fraction * 100),
    )
