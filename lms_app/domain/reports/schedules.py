"""Schedules: reports that are made again and again, for some of a course's staff, by the clock of a zone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import delete as sql_delete
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain import turns
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import fold
from lms_app.domain.courses import access
from lms_app.domain.people.addresses import checked_zone
from lms_app.domain.reports import reports
from lms_app.domain.reports.report_rules import BY_DAYS, BY_GROUP, OF_ROLLUPS, Rhythm, next_due, span
from lms_app.errors import Invalid, LimitReached, NotFound
from lms_app.ids import uuid7
from lms_app.models import Course, Group, Membership, Report, ReportRecipient, ReportSchedule, Run
from lms_app.words import ImportStatus, ReportDays, ReportFormat, ReportKind, ReportRhythm

ORDER_DUE = "reports.order_due"
MOST = 20
"""Schedules of a course."""

BATCH = 50


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a schedule is to be. `hour` is one of `zone`; `recipients` are ids of people on the staff."""

    kind: ReportKind
    format: ReportFormat
    rhythm: ReportRhythm
    weekday: int = 0
    day: int = 1
    hour: int = 8
    zone: str = "UTC"
    days: ReportDays = ReportDays.ALL
    group_id: UUID | None = None
    recipients: Collection[UUID] = field(default_factory=tuple)


def create(session: Session, actor: Actor, course_id: UUID, wish: Wish) -> UUID:
    """Makes a schedule; for the course's owners and editors. Raises NotFound, Invalid with the fields, LimitReached."""
    course = access.editable_course(session, actor, course_id)
    facts = _facts(session, course, wish)
    turns.wait(session, f"schedules:{course.id}")
    if session.exec(select(func.count()).select_from(ReportSchedule).where(ReportSchedule.course_id == course.id)).one() >= MOST:
        raise LimitReached(f"A course has at most {MOST} schedules. Delete one that nobody needs.")
    row = ReportSchedule(course_id=course.id, person_id=actor.person_id, created_at=clock.now(), **facts)
    session.add(row)
    session.flush()
    _address(session, row, wish.recipients)
    return row.id


def change(session: Session, actor: Actor, schedule_id: UUID, wish: Wish) -> None:
    """Makes a schedule what is wished. Raises NotFound, Invalid with the fields."""
    row = editable(session, actor, schedule_id)
    before, due_at = rhythm_of(row), row.next_at
    for name, value in _facts(session, session.get_one(Course, row.course_id), wish).items():
        setattr(row, name, value)
    if rhythm_of(row).moments == before.moments:
        # What is due already is still to come.
        row.next_at = due_at
    session.add(row)
    _address(session, row, wish.recipients)


def pause(session: Session, actor: Actor, schedule_id: UUID) -> None:
    """Makes nothing by a schedule until it goes on. Raises NotFound."""
    row = editable(session, actor, schedule_id)
    row.paused_at = row.paused_at or clock.now()
    _keep(session, row)


def resume(session: Session, actor: Actor, schedule_id: UUID) -> None:
    """Lets a schedule go on, from its next time. What was due meanwhile is not made up for. Raises NotFound."""
    row = editable(session, actor, schedule_id)
    if row.paused_at is not None:
        row.paused_at, row.next_at = None, next_due(rhythm_of(row), clock.now())
    _keep(session, row)


def remove(session: Session, actor: Actor, schedule_id: UUID) -> None:
    """Deletes a schedule. Reports that it has made stay. Raises NotFound."""
    row = editable(session, actor, schedule_id)
    session.delete(row)
    reports.tell(session, row.course_id)


def order_due(session: Session) -> int:
    """Orders what is due, and gives how many. Who is at it together shares the schedules out, and a report is unique to its due time: one comes of
    each, however many look. After everything was down one report is made, of now, and not one for each time that was missed. While figures are made
    anew after an upgrade all wait that are made of them."""
    now = clock.now()
    due = select(ReportSchedule).where(col(ReportSchedule.paused_at).is_(None), ReportSchedule.next_at <= now)
    if not fold.is_whole(session):
        due = due.where(col(ReportSchedule.kind).not_in(OF_ROLLUPS))
    rows = session.exec(due.order_by(col(ReportSchedule.next_at)).limit(BATCH).with_for_update(skip_locked=True)).all()
    for row in rows:
        _order(session, row)
        row.last_at, row.next_at = row.next_at, next_due(rhythm_of(row), now)
        _keep(session, row)
    session.flush()
    return len(rows)


def rhythm_of(row: ReportSchedule) -> Rhythm:
    """When a schedule is due."""
    return Rhythm(rhythm=ReportRhythm(row.rhythm), weekday=row.weekday, day=row.day, hour=row.hour, zone=row.time_zone)


def _order(session: Session, row: ReportSchedule) -> None:
    people = session.exec(
        select(ReportRecipient.person_id).where(ReportRecipient.schedule_id == row.id).order_by(col(ReportRecipient.person_id))
    ).all()
    if not reports.readers(session, row.course_id, people) or session.get_one(Course, row.course_id).archived_at is not None:
        return
    run = session.get_one(Run, row.run_id) if row.run_id else access.current_run(session, row.course_id)
    since, until = span(ReportDays(row.days), reports.local_day(run, row.next_at))
    facts = {
        "id": uuid7(),
        "course_id": row.course_id,
        "run_id": run.id,
        "person_id": row.person_id,
        "schedule_id": row.id,
        "due_at": row.next_at,
        "kind": row.kind,
        "format": row.format,
        "group_id": row.group_id,
        "since": since,
        "until": until,
        "status": ImportStatus.QUEUED,
        "stage": "",
        "done": 0,
        "total": 0,
        "tries": 1,
        "created_at": clock.now(),
    }
    kept = insert(Report).values(facts).on_conflict_do_nothing(index_elements=["schedule_id", "due_at"]).returning(col(Report.id))
    if (report_id := session.execute(kept).scalar()) is not None:
        reports.enqueue(session, session.get_one(Report, report_id))


def _facts(session: Session, course: Course, wish: Wish) -> dict[str, Any]:
    """The columns of a schedule that is whole. Raises Invalid with the fields."""
    wrong: dict[str, str] = {}
    staff = set(session.exec(select(Membership.person_id).where(Membership.course_id == course.id)).all())
    if not wish.recipients:
        wrong["recipients"] = "Choose at least one person."
    elif not set(wish.recipients) <= staff:
        wrong["recipients"] = "Somebody you chose is not on the staff any more."
    wrong |= _out_of_range({"weekday": (wish.weekday, 0, 6), "day": (wish.day, 1, 31), "hour": (wish.hour, 0, 23)})
    try:
        checked_zone(wish.zone)
    except Invalid:
        wrong["zone"] = "That time zone is not known."
    group = session.get(Group, wish.group_id) if wish.group_id and wish.kind in BY_GROUP else None
    if wish.group_id and wish.kind in BY_GROUP and (group is None or not _is_of(session, group, course)):
        wrong["group"] = "There is no such group any more."
    if wrong:
        raise Invalid("This schedule cannot be saved yet.", fields=wrong)
    rhythm = Rhythm(rhythm=wish.rhythm, weekday=wish.weekday, day=wish.day, hour=wish.hour, zone=wish.zone)
    return {
        "kind": wish.kind,
        "format": wish.format,
        "run_id": group.run_id if group else None,
        "group_id": group.id if group else None,
        "days": wish.days if wish.kind in BY_DAYS else ReportDays.ALL,
        "rhythm": wish.rhythm,
        "weekday": wish.weekday,
        "day": wish.day,
        "hour": wish.hour,
        "time_zone": wish.zone,
        "next_at": next_due(rhythm, clock.now()),
    }


def _out_of_range(numbers: Mapping[str, tuple[int, int, int]]) -> dict[str, str]:
    return {name: f"A whole number from {low} to {high}." for name, (number, low, high) in numbers.items() if not low <= number <= high}


def _is_of(session: Session, group: Group, course: Course) -> bool:
    return group.run_id in {run.id for run in access.runs_of(session, course.id)}


def _address(session: Session, row: ReportSchedule, people: Collection[UUID]) -> None:
    session.execute(sql_delete(ReportRecipient).where(col(ReportRecipient.schedule_id) == row.id))
    session.add_all([ReportRecipient(schedule_id=row.id, person_id=person_id) for person_id in dict.fromkeys(people)])
    session.flush()
    reports.tell(session, row.course_id)


def editable(session: Session, actor: Actor, schedule_id: UUID) -> ReportSchedule:
    """A schedule of a course that the actor may author, held until the transaction ends. Raises NotFound."""
    row = session.exec(select(ReportSchedule).where(ReportSchedule.id == schedule_id).with_for_update()).first()
    if row is None:
        raise NotFound("There is no such schedule any more.")
    access.editable_course(session, actor, row.course_id)
    return row


def _keep(session: Session, row: ReportSchedule) -> None:
    session.add(row)
    reports.tell(session, row.course_id)
