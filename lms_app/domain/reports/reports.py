"""Reports about a course: asked for by its staff or by a schedule, made in the background, fetched by the staff, kept for a month.

The file of a report is sealed under a key of its own. Where the report goes, the key goes: what a backup of files still holds of
it, no key of the database opens.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete as sql_delete
from sqlmodel import Session, col, select

from lms_app.adapters import clock, jobs, pubsub
from lms_app.crypto import Unreadable, key_ring
from lms_app.database import after_commit
from lms_app.domain import turns
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.courses.files import Delete, OpenFile, drop, opened
from lms_app.domain.notifications import inbox
from lms_app.domain.notifications.inbox import Notice
from lms_app.domain.people.logins import actor_of
from lms_app.domain.reports.report_rules import MEDIA_TYPES, file_name
from lms_app.domain.reports.sources import Asked, source
from lms_app.errors import Conflict, LimitReached, NotFound
from lms_app.models import Course, Enrollment, Person, PersonKey, Report, ReportRecipient, Run, StoredFile
from lms_app.words import Hint, ImportStatus, JobQueue, NotificationKind, ReportFormat, ReportKind

RUN = "reports.run"
PURPOSE = "report"
MOST_AT_ONCE = 3
KEPT = timedelta(days=30)
WAITING = (ImportStatus.QUEUED, ImportStatus.RUNNING)
NAMING = (ReportKind.STUDENTS, ReportKind.GRADEBOOK)
"""Kinds that name students."""

LONG = timedelta(minutes=1)
"""Whoever has waited so long for a report may have gone away, and is told of it."""

GONE = "There is no such report. It may have been made more than a month ago: make a new one."


class Cancelled(Exception):
    """Somebody has stopped or deleted the report."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A report that is to be made: for whom, of what, in which format, and the key to seal it under."""

    id: UUID
    actor: Actor
    course_id: UUID
    asked: Asked
    format: ReportFormat
    key: bytes


def order(session: Session, actor: Actor, course_id: UUID, wanted: Asked, format_: ReportFormat) -> UUID:
    """Has a report made in the background; gives its id, that of the same one of the actor's under way where there is such. For all of the staff, as
    the pages are that it is made of. Raises NotFound, Invalid for days that end before they begin, LimitReached while three are under way."""
    found = source(session, actor, course_id, wanted)
    asked = found.asked
    under_way = _under_way(session, actor.person_id)
    for row in under_way:
        if (row.course_id, row.format, _asked(row)) == (course_id, format_, asked):
            return row.id
    _check_limit(under_way)
    row = Report(
        course_id=course_id,
        run_id=found.run.id,
        person_id=actor.person_id,
        kind=asked.kind,
        format=format_,
        group_id=asked.group_id,
        since=asked.since,
        until=asked.until,
        created_at=clock.now(),
    )
    enqueue(session, row)
    return row.id


def enqueue(session: Session, row: Report) -> None:
    """Puts a report on its way. Each try has one job."""
    session.add(row)
    session.flush()
    jobs.enqueue(session, RUN, queue=JobQueue.DEFAULT, unique_key=f"report:{row.id}:{row.tries}", report_id=str(row.id))
    tell(session, row.course_id)


def begin(session: Session, report_id: UUID) -> Waiting | None:
    """What is needed to make a report; None when it is made, stopped or gone. One whose readers have all left the staff is refused."""
    row = _held(session, report_id)
    if row is None or row.status not in WAITING:
        return None
    actor = _reader(session, row)
    if actor is None:
        _refuse(session, row, "Nobody for whom it would be is on the staff of the course any more.")
        return None
    row.status, row.stage = ImportStatus.RUNNING, "Reading"
    session.add(row)
    tell(session, row.course_id)
    try:
        key = key_ring.key(session, row.id)
    except Unreadable:
        key = key_ring.create(session, row.id)
    return Waiting(id=row.id, actor=actor, course_id=row.course_id, asked=_asked(row), format=ReportFormat(row.format), key=key)


def note_progress(session: Session, report_id: UUID, done: int, total: int) -> None:
    """Says how far a report is, for the page that watches it. Raises Cancelled for one that was stopped or deleted."""
    row = _held(session, report_id)
    if row is None or row.status not in WAITING:
        raise Cancelled
    row.stage, row.done, row.total = "Writing", done, total
    session.add(row)
    tell(session, row.course_id)


def finish(session: Session, report_id: UUID, *, storage_key: str, size: int) -> bool:
    """Keeps the file of a report, and tells who waits for it. Not when another run of the same job did so, or somebody has stopped it: then nobody
    needs this file."""
    row = _held(session, report_id)
    if row is None or row.status not in WAITING:
        return False
    course, run, now = session.get_one(Course, row.course_id), session.get_one(Run, row.run_id), clock.now()
    file = StoredFile(
        key_owner=row.id,
        purpose=PURPOSE,
        filename=file_name(course.slug, ReportKind(row.kind), ReportFormat(row.format), local_day(run, row.due_at or now)),
        media_type=MEDIA_TYPES[row.format],
        size=size,
        storage_key=storage_key,
        created_at=now,
    )
    session.add(file)
    session.flush()
    row.file_id, row.done = file.id, row.total
    _end(session, row, ImportStatus.DONE)
    if row.due_at is not None or clock.now() - row.created_at >= LONG:
        _tell_readers(session, row, NotificationKind.REPORT_READY)
    return True


def refuse(session: Session, report_id: UUID, sentence: str) -> None:
    """Ends a report that could not be made, with the reason."""
    row = _held(session, report_id)
    if row is not None and row.status in WAITING:
        _refuse(session, row, sentence)


def cancel(session: Session, actor: Actor, report_id: UUID) -> None:
    """Stops a report at its next step. Raises NotFound, or Conflict for one that is over."""
    row = _changeable(session, actor, report_id)
    if row.status not in WAITING:
        raise Conflict("This report is over already.")
    _end(session, row, ImportStatus.CANCELLED)


def retry(session: Session, actor: Actor, report_id: UUID) -> None:
    """Has a report made that failed or was stopped, as if it were asked for now. Raises NotFound, Conflict for one that is under way or made,
    LimitReached while three that the same person asked for are under way."""
    row = _changeable(session, actor, report_id)
    if row.status not in (ImportStatus.FAILED, ImportStatus.CANCELLED):
        raise Conflict("This report needs no second try.")
    if row.due_at is None:
        _check_limit(_under_way(session, row.person_id))
    row.created_at = clock.now()
    row.status, row.refusal, row.stage, row.done, row.total, row.finished_at = ImportStatus.QUEUED, None, "", 0, 0, None
    row.tries += 1
    enqueue(session, row)


def remove(session: Session, actor: Actor, report_id: UUID, *, delete: Delete) -> None:
    """Deletes a report and its file. Raises NotFound."""
    row = _changeable(session, actor, report_id)
    _drop(session, row, delete)
    tell(session, row.course_id)


def report_file(session: Session, actor: Actor, report_id: UUID) -> OpenFile:
    """The file of a report, for the staff of its course. Raises NotFound."""
    row = session.get(Report, report_id)
    if row is None:
        raise NotFound(GONE)
    access.staffed_course(session, actor, row.course_id)
    file = session.get(StoredFile, row.file_id) if row.file_id is not None else None
    if file is None:
        raise NotFound(GONE)
    return opened(session, file)


def clean_up(session: Session, *, delete: Delete) -> None:
    """Deletes reports a month after they were asked for, or tried again."""
    _drop_all(session, session.exec(select(Report).where(Report.created_at < clock.now() - KEPT)).all(), delete)


def forget_person(session: Session, person_id: UUID, *, delete: Delete) -> None:
    """Deletes every report that names somebody who is erased, and takes them out of the schedules."""
    taken = select(Enrollment.run_id).where(Enrollment.person_id == person_id)
    naming = select(Report).where(col(Report.run_id).in_(taken), col(Report.kind).in_(NAMING))
    _drop_all(session, session.exec(naming).all(), delete)
    session.execute(sql_delete(ReportRecipient).where(col(ReportRecipient.person_id) == person_id))


def tell(session: Session, course_id: UUID) -> None:
    """Lets open pages of the course's reports read them anew, once it is committed."""
    after_commit(session, lambda: pubsub.hint(Hint.REPORTS, course_id), once=f"reports:{course_id}")


def local_day(run: Run, moment: datetime) -> date:
    """The day on which a moment is where the run is."""
    return moment.astimezone(ZoneInfo(run.time_zone)).date()


def _under_way(session: Session, person_id: UUID) -> Sequence[Report]:
    """What somebody has asked for that is not over. Whoever orders at the same time waits, and sees what this transaction adds."""
    turns.wait(session, f"reports:{person_id}")
    mine = select(Report).where(Report.person_id == person_id, col(Report.status).in_(WAITING), col(Report.due_at).is_(None))
    return session.exec(mine).all()


def _check_limit(under_way: Sequence[Report]) -> None:
    if len(under_way) >= MOST_AT_ONCE:
        raise LimitReached("Three reports are still under way for whoever asked. Wait until one is done.")


def _asked(row: Report) -> Asked:
    return Asked(kind=ReportKind(row.kind), run_id=row.run_id, group_id=row.group_id, since=row.since, until=row.until)


def _held(session: Session, report_id: UUID) -> Report | None:
    """The row as it is now, and no other may change it before this transaction ends."""
    return session.get(Report, report_id, with_for_update=True, populate_existing=True)


def _changeable(session: Session, actor: Actor, report_id: UUID) -> Report:
    """A report that one has asked for, oneself or by a schedule, or any of a course that one may author."""
    row = _held(session, report_id)
    if row is None:
        raise NotFound(GONE)
    access.staffed_course(session, actor, row.course_id, access.STAFF if row.person_id == actor.person_id else access.AUTHORS)
    return row


def readers(session: Session, course_id: UUID, people: Iterable[UUID]) -> list[Actor]:
    """Those of these people who are on the staff of the course now, in their order."""
    found = []
    for person_id in people:
        actor = actor_of(session.get_one(Person, person_id))
        try:
            access.staffed_course(session, actor, course_id)
        except NotFound:
            continue
        found.append(actor)
    return found


def _for_whom(session: Session, row: Report) -> list[UUID]:
    if row.schedule_id is None:
        return [row.person_id]
    query = select(ReportRecipient.person_id).where(ReportRecipient.schedule_id == row.schedule_id)
    return list(session.exec(query.order_by(col(ReportRecipient.person_id))).all())


def _reader(session: Session, row: Report) -> Actor | None:
    return next(iter(readers(session, row.course_id, dict.fromkeys([row.person_id, *_for_whom(session, row)]))), None)


def _tell_readers(session: Session, row: Report, kind: NotificationKind) -> None:
    """Tells those for whom a schedule made it, as far as they are on the staff, or whoever asked for it."""
    made = clock.now().isoformat()
    subjects = {"course": str(row.course_id), "report": str(row.id), "report_kind": str(row.kind), "made": made}
    notices = [
        Notice(person_id=actor.person_id, unique_key=f"report:{row.id}:{row.tries}:{actor.person_id}", subjects=subjects)
        for actor in readers(session, row.course_id, _for_whom(session, row))
    ]
    inbox.deliver_many(session, kind, notices)


def _refuse(session: Session, row: Report, sentence: str) -> None:
    row.refusal = sentence
    _end(session, row, ImportStatus.FAILED)
    _tell_readers(session, row, NotificationKind.REPORT_FAILED)


def _end(session: Session, row: Report, status: ImportStatus) -> None:
    row.status, row.finished_at = status, clock.now()
    session.add(row)
    tell(session, row.course_id)


def _drop_all(session: Session, rows: Iterable[Report], delete: Delete) -> None:
    for row in rows:
        _drop(session, row, delete)
        tell(session, row.course_id)


def _drop(session: Session, row: Report, delete: Delete) -> None:
    session.delete(row)
    drop(session, row.file_id, delete)
    session.execute(sql_delete(PersonKey).where(col(PersonKey.person_id) == row.id))
    key_ring.forget(row.id)
