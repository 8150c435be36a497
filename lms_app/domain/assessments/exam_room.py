"""The exam control room: who sits a quiz now, how far they are, when it was saved; more time, an end, a word to one or all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.adapters import clock, pubsub
from lms_app.crypto import key_ring
from lms_app.database import after_commit
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import attempts, settling
from lms_app.domain.courses import access
from lms_app.domain.enrollments.roster import name_of
from lms_app.domain.people import audit
from lms_app.errors import Invalid, NotFound
from lms_app.models import Answer, Assessment, Attempt, AttemptMessage, Enrollment, Person
from lms_app.words import AttemptStatus, EnrollmentStatus, Hint

OFFLINE_AFTER = timedelta(seconds=45)
"""A tab gives a sign of life after 20 s without another; two missed, and it is called offline."""

LONGEST_EXTENSION = 24 * 3600
LONGEST_MESSAGE = 1000


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One who takes the quiz. `state`: waiting, open, offline, submitted, expired or discarded. Times are ISO 8601 UTC, "" where there is none."""

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


def room(session: Session, actor: Actor, assessment_id: UUID) -> Room:
    """Everybody who takes a quiz, with their newest attempt: five statements, however many they are. Raises NotFound."""
    assessment = access.staffed_assessment(session, actor, assessment_id)
    run = access.current_run(session, assessment.course_id)
    course = access.staffed_course(session, actor, assessment.course_id)
    people = session.exec(
        select(Enrollment, Person)
        .join(Person, col(Person.id) == col(Enrollment.person_id))
        .where(Enrollment.run_id == run.id, Enrollment.status == EnrollmentStatus.ACTIVE)
    ).all()
    key_ring.load(session, [person.id for _, person in people])
    newest = {
        attempt.enrollment_id: attempt
        for attempt in session.exec(
            select(Attempt)
            .where(Attempt.assessment_id == assessment.id, Attempt.run_id == run.id)
            .distinct(col(Attempt.enrollment_id))
            .order_by(col(Attempt.enrollment_id), col(Attempt.number).desc())
        ).all()
    }
    saved = {
        attempt_id: (count, last)
        for attempt_id, count, last in session.exec(
            select(Answer.attempt_id, func.count(), func.max(Answer.saved_at))
            .where(col(Answer.attempt_id).in_([attempt.id for attempt in newest.values()]))
            .group_by(col(Answer.attempt_id))
        ).all()
    }
    now = clock.now()
    seats = [_seat(enrollment, name_of(person), newest.get(enrollment.id), saved, now) for enrollment, person in people]
    seats.sort(key=lambda seat: (seat.name.casefold(), seat.enrollment_id))
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
    """Submits some attempts under way, or all, with what was acknowledged. Gives how many."""
    assessment, open_attempts = _open(session, actor, assessment_id, attempt_ids)
    for attempt in open_attempts:
        settling.close(session, attempt, late=False)
        _moved(session, attempt)
    audit.note(session, "exam_ended", person_id=actor.person_id, object_kind="assessment", object_id=assessment.id)
    return len(open_attempts)


def tell(session: Session, actor: Actor, assessment_id: UUID, words: str, attempt_id: UUID | None = None) -> None:
    """Tells one attempt under way, or all, something; it appears in the quiz. Raises NotFound, Invalid."""
    clean = words.strip()
    if not clean or len(clean) > LONGEST_MESSAGE:
        raise Invalid("This message cannot be sent.", fields={"text": f"Write something, {LONGEST_MESSAGE} characters at most."})
    assessment = access.staffed_assessment(session, actor, assessment_id, access.MARKERS)
    run = access.current_run(session, assessment.course_id)
    if attempt_id is not None:
        _, found = _open(session, actor, assessment_id, [attempt_id])
        if not found:
            raise NotFound("This attempt is over.")
    message = AttemptMessage(assessment_id=assessment.id, run_id=run.id, attempt_id=attempt_id, author_id=actor.person_id, at=clock.now())
    session.add(message)
    message.text = clean
    query = select(Attempt).where(Attempt.assessment_id == assessment.id, Attempt.run_id == run.id, Attempt.status == AttemptStatus.OPEN)
    for attempt in session.exec(query if attempt_id is None else query.where(Attempt.id == attempt_id)).all():
        _moved(session, attempt)
    session.flush()


def _open(session: Session, actor: Actor, assessment_id: UUID, attempt_ids: Sequence[UUID] | None) -> tuple[Assessment, list[Attempt]]:
    """The open attempts of a quiz, these or all, held. In the order of their ids, so that two who act at once do not wait for each other."""
    assessment = access.staffed_assessment(session, actor, assessment_id, access.MARKERS)
    query = select(Attempt).where(Attempt.assessment_id == assessment.id, Attempt.status == AttemptStatus.OPEN)
    if attempt_ids is not None:
        query = query.where(col(Attempt.id).in_(attempt_ids))
    return assessment, list(session.exec(query.order_by(col(Attempt.id)).with_for_update()).all())


def _moved(session: Session, attempt: Attempt) -> None:
    after_commit(session, lambda: pubsub.hint(Hint.ATTEMPT, attempt.id))
    after_commit(session, lambda: pubsub.hint(Hint.EXAM, attempt.assessment_id))


def _seat(enrollment: Enrollment, name: str, attempt: Attempt | None, saved: dict[UUID, tuple[int, datetime]], now: datetime) -> Seat:
    if attempt is None:
        return Seat(
            enrollment_id=str(enrollment.id), attempt_id="", name=name, state="waiting", number=0, page=0, pages=0, answered=0, questions=0,
            saved_at="", seen_at="", deadline_at="", percent=None,
        )  # fmt: skip
    count, last = saved.get(attempt.id, (0, None))
    seen = max((moment for moment in (attempt.seen_at, last) if moment), default=attempt.started_at)
    is_open = attempt.status == AttemptStatus.OPEN
    return Seat(
        enrollment_id=str(enrollment.id),
        attempt_id=str(attempt.id),
        name=name,
        state="offline" if is_open and seen < now - OFFLINE_AFTER else attempt.status,
        number=attempt.number,
        page=attempt.page,
        pages=max((entry.get("page", 1) for entry in attempt.layout), default=1),
        answered=count,
        questions=sum(1 for entry in attempt.layout if entry["number"]),
        saved_at=last.isoformat() if last else "",
        seen_at=seen.isoformat(),
        deadline_at=attempt.deadline_at.isoformat() if attempt.deadline_at else "",
        percent=None if attempt.fraction is None else int(attempt.fraction * 100),
    )
