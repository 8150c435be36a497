"""The seats of a run: who has one, and who gets the next. The row of the run is the queue: whoever gives or takes a seat holds it, so that no seat is
given twice. It comes before the rows of enrolments, for everybody who holds both."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import exists, func, or_, update
from sqlalchemy import select as sql_select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock, pubsub
from lms_app.database import after_commit
from lms_app.domain.analytics import events
from lms_app.domain.courses.outline import published_outline
from lms_app.domain.enrollments import progress, run_rules
from lms_app.domain.notifications import inbox
from lms_app.domain.notifications.inbox import Notice
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


def admit(session: Session, run: Run, person_id: UUID, *, group_id: UUID | None = None) -> Enrollment:
    """Seats somebody, as `admit_many` does."""
    return admit_many(session, run, {person_id: group_id})[person_id]


def admit_many(session: Session, run: Run, groups: Mapping[UUID, UUID | None]) -> dict[UUID, Enrollment]:
    """Seats people, each in a group or in none, whatever the rules say: the caller holds the run and has looked. Who has left comes back with their
    history; who has a seat keeps it. They wait no longer. Gives their enrolments by person, after as many statements for many as for one."""
    if not groups:
        return {}
    now = clock.now()
    about = {"run_id": run.id, "course_id": run.course_id, "status": EnrollmentStatus.WITHDRAWN, "enrolled_at": now}
    session.flush()
    session.connection().execute(_KEEP_PLACE, [{"id": uuid7(), "person_id": person_id} | about for person_id in groups])
    of_them = (col(Enrollment.run_id) == run.id, col(Enrollment.person_id).in_(groups))
    wake = update(Enrollment).where(*of_them, col(Enrollment.status) != EnrollmentStatus.ACTIVE)
    wake = wake.values(status=EnrollmentStatus.ACTIVE, enrolled_at=now, withdrawn_at=None).returning(Enrollment)
    fresh = session.execute(wake.execution_options(populate_existing=True)).scalars().all()
    if fresh:
        progress.rebuild_many(session, fresh, published_outline(session, run.course_id))
        events.record_of_many(session, fresh, Verb.ENROLLED, NodeKind.COURSE, run.course_id)
        tell(session, run.course_id)
    enrollments = {one.person_id: one for one in session.exec(select(Enrollment).where(*of_them)).all()}
    members = [{"group_id": group_id, "enrollment_id": enrollments[person_id].id} for person_id, group_id in groups.items() if group_id is not None]
    if members:
        session.execute(insert(GroupMember).on_conflict_do_nothing(), members)
    waited = (col(WaitingEntry.run_id) == run.id, col(WaitingEntry.person_id).in_(groups), col(WaitingEntry.ended_at).is_(None))
    session.execute(update(WaitingEntry).where(*waited).values(ended_at=now, ended_because="enrolled"))
    return enrollments


_KEEP_PLACE = insert(Enrollment).on_conflict_do_nothing(index_elements=["run_id", "person_id"])


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
    admit_many(session, run, {entry.person_id: entry.group_id for entry in chosen})
    notices = [
        Notice(person_id=entry.person_id, unique_key=f"seat:{entry.id}", subjects={"course": str(run.course_id), "entry": str(entry.id)})
        for entry in chosen
    ]
    inbox.deliver_many(session, NotificationKind.SEAT_FREED, notices)
    return len(chosen)


def queue(session: Session, run: Run, person_id: UUID, *, group_id: UUID | None = None) -> WaitingEntry:
    """Puts somebody at the end of the waiting list, as `queue_many` does."""
    return queue_many(session, run, {person_id: group_id})[person_id]


def queue_many(session: Session, run: Run, groups: Mapping[UUID, UUID | None]) -> dict[UUID, WaitingEntry]:
    """Puts people at the end of the waiting list, in this order; who is on it keeps the place. The caller holds the run. Gives their entries by
    person, after two statements."""
    of_them = (WaitingEntry.run_id == run.id, col(WaitingEntry.person_id).in_(groups), col(WaitingEntry.ended_at).is_(None))
    entries = {entry.person_id: entry for entry in session.exec(select(WaitingEntry).where(*of_them)).all()} if groups else {}
    new = [
        WaitingEntry(run_id=run.id, person_id=person_id, group_id=group_id, joined_at=clock.now())
        for person_id, group_id in groups.items()
        if person_id not in entries
    ]
    if new:
        session.add_all(new)
        session.flush()
        tell(session, run.course_id)
    return entries | {entry.person_id: entry for entry in new}


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
