"""The seats of a run: who has one, and who gets the next. The row of the run is the queue: whoever gives or takes a seat holds it, so that no seat is
given twice. It comes before the rows of enrolments, for everybody who holds both."""

from uuid import UUID

from sqlalchemy import exists, func, or_, update
from sqlalchemy import select as sql_select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock, pubsub
from lms_app.database import after_commit
from lms_app.domain.analytics import events
from lms_app.domain.courses.outline import Outline
from lms_app.domain.enrollments import progress, run_rules
from lms_app.domain.notifications import inbox
from lms_app.ids import uuid7
from lms_app.models import AddressInvitation, Enrollment, Group, GroupMember, Run, WaitingEntry
from lms_app.words import EnrollmentStatus, Hint, NodeKind, NotificationKind, Verb


def hold(session: Session, run_id: UUID) -> Run:
    """The run as it is now, held until the transaction ends. What merely refers to it, such as an attempt, need not wait."""
    query = select(Run).where(Run.id == run_id).with_for_update(key_share=True)
    return session.exec(query.execution_options(populate_existing=True)).one()


def hold_those_of(session: Session, person_id: UUID) -> list[Run]:
    """Holds every run that a person takes or waits for, in one order for everybody."""
    takes = exists().where(
        col(Enrollment.run_id) == Run.id, col(Enrollment.person_id) == person_id, col(Enrollment.status) == EnrollmentStatus.ACTIVE
    )
    waits = exists().where(col(WaitingEntry.run_id) == Run.id, col(WaitingEntry.person_id) == person_id, col(WaitingEntry.ended_at).is_(None))
    return list(session.exec(select(Run).where(or_(takes, waits)).order_by(col(Run.id)).with_for_update(key_share=True)).all())


def taken(session: Session, run_id: UUID) -> int:
    """Seats that somebody sits on, or that are kept for an address that was invited."""
    active = sql_select(func.count()).where(col(Enrollment.run_id) == run_id, col(Enrollment.status) == EnrollmentStatus.ACTIVE)
    kept = sql_select(func.count()).where(
        col(AddressInvitation.run_id) == run_id, col(AddressInvitation.holds_seat), col(AddressInvitation.expires_at) > clock.now()
    )
    return session.execute(sql_select(active.scalar_subquery() + kept.scalar_subquery())).scalar_one()


def left(session: Session, run: Run) -> int | None:
    """Seats that are free, None where there is no limit."""
    return None if run.seats is None else max(0, run.seats - taken(session, run.id))


def waiting(session: Session, run_id: UUID) -> list[WaitingEntry]:
    """Those who wait for a seat, the one who waits longest first."""
    query = select(WaitingEntry).where(WaitingEntry.run_id == run_id, col(WaitingEntry.ended_at).is_(None)).order_by(col(WaitingEntry.id))
    return list(session.exec(query).all())


def admit(session: Session, run: Run, person_id: UUID, *, group_id: UUID | None = None, outline: Outline | None = None) -> Enrollment:
    """Seats somebody, whatever the rules say: the caller holds the run and has looked. Who has left comes back with their history; who has a seat
    keeps it. They wait no longer."""
    session.execute(
        insert(Enrollment)
        .values(id=uuid7(), run_id=run.id, course_id=run.course_id, person_id=person_id, status=EnrollmentStatus.WITHDRAWN, enrolled_at=clock.now())
        .on_conflict_do_nothing(index_elements=["run_id", "person_id"])
    )
    enrollment = session.exec(
        select(Enrollment).where(Enrollment.run_id == run.id, Enrollment.person_id == person_id).execution_options(populate_existing=True)
    ).one()
    if enrollment.status != EnrollmentStatus.ACTIVE:
        enrollment.status = EnrollmentStatus.ACTIVE
        enrollment.enrolled_at = clock.now()
        enrollment.withdrawn_at = None
        session.add(enrollment)
        session.flush()
        progress.rebuild(session, enrollment, outline=outline)
        events.record(session, enrollment, Verb.ENROLLED, NodeKind.COURSE, run.course_id)
        tell(session, run.course_id)
    if group_id is not None:
        session.merge(GroupMember(group_id=group_id, enrollment_id=enrollment.id))
        session.flush()
    end_waiting(session, open_entry(session, run.id, person_id), "enrolled")
    return enrollment


def vacate(session: Session, run: Run, enrollment: Enrollment) -> None:
    """Ends an enrolment, and gives its seat to whoever waits longest. The caller holds the run."""
    enrollment.status = EnrollmentStatus.WITHDRAWN
    enrollment.withdrawn_at = clock.now()
    session.add(enrollment)
    events.record(session, enrollment, Verb.WITHDREW, NodeKind.COURSE, enrollment.course_id)
    tell(session, run.course_id)
    promote(session, run)


def promote(session: Session, run: Run) -> int:
    """Enrols those who wait longest in the seats that are free, and tells them. Gives how many. The caller holds the run. A run that has ended
    promotes nobody."""
    if run_rules.has_ended(run, clock.now()):
        return 0
    entries = waiting(session, run.id)
    free = left(session, run) if entries else 0
    chosen = entries if free is None else entries[:free]
    for entry in chosen:
        admit(session, run, entry.person_id, group_id=entry.group_id)
        inbox.deliver(
            session, entry.person_id, NotificationKind.SEAT_FREED, unique_key=f"seat:{entry.id}", course=str(run.course_id), entry=str(entry.id)
        )
    return len(chosen)


def queue(session: Session, run: Run, person_id: UUID, *, group_id: UUID | None = None) -> WaitingEntry:
    """Puts somebody at the end of the waiting list; who is on it keeps the place. The caller holds the run."""
    entry = open_entry(session, run.id, person_id)
    if entry is None:
        entry = WaitingEntry(run_id=run.id, person_id=person_id, group_id=group_id, joined_at=clock.now())
        session.add(entry)
        session.flush()
        tell(session, run.course_id)
    return entry


def takes(session: Session, run_id: UUID, person_id: UUID) -> Enrollment | None:
    """Somebody's enrolment in a run that they take now."""
    query = select(Enrollment).where(Enrollment.run_id == run_id, Enrollment.person_id == person_id, Enrollment.status == EnrollmentStatus.ACTIVE)
    return session.exec(query.execution_options(populate_existing=True)).first()


def open_entry(session: Session, run_id: UUID, person_id: UUID) -> WaitingEntry | None:
    """Somebody's place on the waiting list of a run."""
    return session.exec(
        select(WaitingEntry).where(WaitingEntry.run_id == run_id, WaitingEntry.person_id == person_id, col(WaitingEntry.ended_at).is_(None))
    ).first()


def waited_for(session: Session, course_id: UUID, person_id: UUID) -> list[UUID]:
    """The runs of a course for which somebody waits, in the order in which runs are held."""
    query = (
        select(Run.id)
        .join(WaitingEntry, col(WaitingEntry.run_id) == col(Run.id))
        .where(Run.course_id == course_id, WaitingEntry.person_id == person_id, col(WaitingEntry.ended_at).is_(None))
        .order_by(col(Run.id))
    )
    return list(session.exec(query).all())


def position(session: Session, run_id: UUID, person_id: UUID) -> int | None:
    """Somebody's place on the waiting list of a run, 1 for who comes next; None for who is not on it."""
    entry = open_entry(session, run_id, person_id)
    if entry is None:
        return None
    ahead = select(func.count()).select_from(WaitingEntry).where(WaitingEntry.run_id == run_id, col(WaitingEntry.ended_at).is_(None))
    return session.exec(ahead.where(WaitingEntry.id <= entry.id)).one()


def end_waiting(session: Session, entry: WaitingEntry | None, because: str) -> None:
    """Takes somebody off the waiting list."""
    if entry is not None:
        entry.ended_at, entry.ended_because = clock.now(), because
        session.add(entry)
        session.flush()


def groups_by_name(session: Session, run_id: UUID) -> dict[str, UUID]:
    """The groups of a run by their names, however these are capitalised."""
    return {name.casefold(): group_id for group_id, name in session.exec(select(Group.id, Group.name).where(Group.run_id == run_id)).all()}


def tell(session: Session, course_id: UUID) -> None:
    """Open pages of the course read its seats and waiting list again, once this transaction is committed."""
    after_commit(session, lambda: pubsub.hint_of_many(Hint.SEATS, course_id), once=f"seats:{course_id}")


def forget_group(session: Session, group_id: UUID) -> None:
    """Nobody comes into this group any more who waits or was invited."""
    for table in (WaitingEntry, AddressInvitation):
        session.execute(update(table).where(col(table.group_id) == group_id).values(group_id=None))
