"""Reading reports and schedules, for the staff of their course."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from lms_app.crypto import key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.analytics.narrowing import run_name
from lms_app.domain.courses import access, staff
from lms_app.domain.enrollments.roster import name_of
from lms_app.domain.notifications.queries import when_in_words
from lms_app.domain.reports import contents, reports, schedules
from lms_app.domain.reports.report_rules import BY_DAYS, BY_GROUP, DAYS, FORMATS, NAMES, days_in_words, few_and_others, moment_in_words
from lms_app.domain.reports.sources import Asked, source
from lms_app.domain.reports.views import Named, PreviewTable, ReportDesk, ReportLine, ReportPreview, ScheduleForm, ScheduleLine
from lms_app.errors import NotFound
from lms_app.models import Group, Person, Report, ReportRecipient, ReportSchedule, Run, StoredFile
from lms_app.words import ImportStatus

SHOWN = 50
MOST_GROUPS = 50
UNITS = ("B", "KB", "MB", "GB")


def desk(session: Session, actor: Actor, course_id: UUID) -> ReportDesk:
    """Everything about the reports of a course, for its staff. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    role = access.role_in(session, actor, course.id)
    runs = access.runs_of(session, course.id)
    groups = session.exec(select(Group).where(Group.run_id == runs[0].id)).all()
    own_zone = session.get_one(Person, actor.person_id).time_zone
    planned = session.exec(select(ReportSchedule).where(ReportSchedule.course_id == course.id).order_by(col(ReportSchedule.id))).all()
    return ReportDesk(
        course_id=str(course.id),
        course=course.title,
        role=role.value,
        may_schedule=role in access.AUTHORS,
        runs=[Named(id=str(run.id), name=run_name(run)) for run in runs][:SHOWN],
        groups=sorted((Named(id=str(group.id), name=group.name) for group in groups), key=lambda one: one.name.casefold())[:MOST_GROUPS],
        staff=[Named(id=one.id, name=one.name) for one in staff.staff(session, actor, course.id)][:SHOWN],
        you=str(actor.person_id),
        zones=list(dict.fromkeys([runs[0].time_zone, own_zone, *(row.time_zone for row in planned)])),
        reports=reports_of(session, actor, course.id),
        schedules=_schedule_lines(session, actor, course.id, planned),
    )


def reports_of(session: Session, actor: Actor, course_id: UUID) -> list[ReportLine]:
    """The newest fifty reports of a course, for its staff. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    rows = session.exec(select(Report).where(Report.course_id == course.id).order_by(col(Report.id).desc()).limit(SHOWN)).all()
    return _lines(session, actor, course.id, list(rows))


def report(session: Session, actor: Actor, report_id: UUID) -> ReportLine:
    """One report, for the staff of its course. Raises NotFound."""
    row = session.get(Report, report_id)
    if row is None:
        raise NotFound(reports.GONE)
    access.staffed_course(session, actor, row.course_id)
    return _lines(session, actor, row.course_id, [row])[0]


def preview(session: Session, actor: Actor, course_id: UUID, asked: Asked) -> ReportPreview:
    """What a report would have: its tables, their columns and how many rows. Raises NotFound, Invalid."""
    outline = contents.outline(source(session, actor, course_id, asked))
    return ReportPreview(
        title=outline.title,
        about=" · ".join(words for name, words in outline.facts if name not in ("Course", "As of")),
        as_of=dict(outline.facts)["As of"],
        tables=[
            PreviewTable(name=table.name, rows=table.count, at_most=table.at_most, columns=[column.title for column in table.columns])
            for table in outline.tables
        ],
    )


def schedule(session: Session, actor: Actor, schedule_id: UUID) -> ScheduleLine:
    """One schedule, for those who may change it. Raises NotFound."""
    row = schedules.editable(session, actor, schedule_id)
    return _schedule_lines(session, actor, row.course_id, [row])[0]


def schedule_form(session: Session, actor: Actor, schedule_id: UUID) -> ScheduleForm:
    """A schedule to be changed, for those who may. Raises NotFound."""
    row = schedules.editable(session, actor, schedule_id)
    people = session.exec(select(ReportRecipient.person_id).where(ReportRecipient.schedule_id == row.id)).all()
    return ScheduleForm(
        id=str(row.id),
        kind=row.kind,
        format=row.format,
        group=str(row.group_id) if row.group_id else "",
        group_name=_group_name(_groups(session, [row]), row),
        days=row.days,
        rhythm=row.rhythm,
        weekday=row.weekday,
        day=row.day,
        hour=row.hour,
        zone=row.time_zone,
        recipients=[str(actor.person_id) for actor in reports.readers(session, row.course_id, people)],
    )


def size_in_words(size: int) -> str:
    """How large a file is: "3.4 MB"."""
    number, unit = float(size), 0
    while number >= 1000 and unit < len(UNITS) - 1:
        number, unit = number / 1000, unit + 1
    return f"{number:.1f} {UNITS[unit]}" if unit and number < 10 else f"{round(number)} {UNITS[unit]}"


def _lines(session: Session, actor: Actor, course_id: UUID, rows: list[Report]) -> list[ReportLine]:
    people = {one.id: one for one in session.exec(select(Person).where(col(Person.id).in_({row.person_id for row in rows}))).all()}
    key_ring.load(session, people)
    files = {one.id: one for one in session.exec(select(StoredFile).where(col(StoredFile.id).in_({row.file_id for row in rows}))).all()}
    groups = _groups(session, rows)
    runs = {run.id: run for run in access.runs_of(session, course_id)}
    is_author = access.role_in(session, actor, course_id) in access.AUTHORS
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)

    def line(row: Report) -> ReportLine:
        file = files.get(row.file_id) if row.file_id else None
        return ReportLine(
            id=str(row.id),
            kind=row.kind,
            title=NAMES[row.kind],
            format=row.format,
            about=_about(row, runs, groups),
            who="Made by schedule" if row.due_at else f"Asked for by {name_of(people[row.person_id])}",
            when=when_in_words(row.finished_at or row.created_at, zone),
            status=ImportStatus(row.status).value,
            stage=row.stage,
            percent=row.done * 100 // row.total if row.total else None,
            size=size_in_words(file.size) if file else "",
            refusal=row.refusal or "",
            scheduled=row.due_at is not None,
            may_change=is_author or row.person_id == actor.person_id,
        )

    return [line(row) for row in rows]


def _about(row: Report, runs: dict[UUID, Run], groups: dict[UUID, str]) -> str:
    parts = [run_name(runs[row.run_id])] if len(runs) > 1 else []
    if row.kind in BY_GROUP:
        parts.append(_group_name(groups, row))
    if row.kind in BY_DAYS:
        parts.append(days_in_words(row.since, row.until))
    return " · ".join(parts) or "The whole run"


def _groups(session: Session, rows: Sequence[Report | ReportSchedule]) -> dict[UUID, str]:
    return {one.id: one.name for one in session.exec(select(Group).where(col(Group.id).in_({row.group_id for row in rows}))).all()}


def _group_name(groups: dict[UUID, str], row: Report | ReportSchedule) -> str:
    return groups.get(row.group_id, "A group that is gone") if row.group_id else "Everybody"


def _schedule_lines(session: Session, actor: Actor, course_id: UUID, rows: Sequence[ReportSchedule]) -> list[ScheduleLine]:
    ids = [row.id for row in rows]
    groups = _groups(session, rows)
    told: dict[UUID, set[UUID]] = defaultdict(set)
    for one in session.exec(select(ReportRecipient).where(col(ReportRecipient.schedule_id).in_(ids))).all():
        told[one.schedule_id].add(one.person_id)
    names = {UUID(one.id): one.name for one in staff.staff(session, actor, course_id)}

    def line(row: ReportSchedule) -> ScheduleLine:
        zone = ZoneInfo(row.time_zone)
        parts = [_group_name(groups, row)] if row.kind in BY_GROUP else []
        parts += [DAYS[row.days]] if row.kind in BY_DAYS else []
        people, others = few_and_others([name for person_id, name in names.items() if person_id in told[row.id]])
        return ScheduleLine(
            id=str(row.id),
            title=NAMES[row.kind],
            format=FORMATS[row.format],
            about=" · ".join(parts) or "The whole run",
            rhythm=f"{schedules.rhythm_of(row).words}, {row.time_zone}",
            people=people or "Nobody who is on the staff",
            others=others,
            next="" if row.paused_at else moment_in_words(row.next_at, zone),
            last=moment_in_words(row.last_at, zone) if row.last_at else "",
            paused=row.paused_at is not None,
            for_you=actor.person_id in told[row.id],
        )

    return [line(row) for row in rows]
