"""What a report is asked for, and what it is read from: a course's run, or a group of it, as somebody of the staff may see them."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.enrollments.roster import Named, named
from lms_app.domain.reports.report_rules import BY_DAYS, BY_GROUP
from lms_app.errors import Invalid, NotFound
from lms_app.models import Course, Enrollment, Group, GroupMember, Run
from lms_app.words import EnrollmentStatus, ReportKind


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a report is asked for: its kind, and what it is narrowed to. Without a run it is about the present one."""

    kind: ReportKind
    run_id: UUID | None = None
    group_id: UUID | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Source:
    """What is asked for, found. `asked` names the run, and nothing that does not narrow its kind."""

    session: Session
    actor: Actor
    course: Course
    run: Run
    group: Group | None
    asked: Asked

    @property
    def zone(self) -> ZoneInfo:
        """The zone whose days its figures are of."""
        return ZoneInfo(self.run.time_zone)

    def people(self) -> list[Named]:
        """Those who take the run, or those of them who are in the group, by name."""
        everybody = named(self.session, self.run.id)
        if self.group is None:
            return everybody
        inside = set(self.session.exec(select(GroupMember.enrollment_id).where(GroupMember.group_id == self.group.id)).all())
        return [one for one in everybody if one.enrollment_id in inside]

    def head_count(self) -> int:
        """How many those are, without a look at anybody."""
        taking = select(func.count()).select_from(Enrollment).where(Enrollment.run_id == self.run.id, Enrollment.status == EnrollmentStatus.ACTIVE)
        if self.group is not None:
            taking = taking.where(col(Enrollment.id).in_(select(GroupMember.enrollment_id).where(GroupMember.group_id == self.group.id)))
        return self.session.exec(taking).one()


def source(session: Session, actor: Actor, course_id: UUID, asked: Asked) -> Source:
    """What a report is read from, for the staff of its course. Raises NotFound for a foreign course, run or group, Invalid for days that end before
    they begin."""
    course = access.staffed_course(session, actor, course_id)
    if asked.since is not None and asked.until is not None and asked.until < asked.since:
        raise Invalid("The days end before they begin.", fields={"until": "Choose a day that is not before the first."})
    run = session.get(Run, asked.run_id) if asked.run_id else access.current_run(session, course.id)
    if run is None or run.course_id != course.id:
        raise NotFound("There is no such run of this course.")
    narrow = replace(asked, run_id=run.id)
    if asked.kind not in BY_GROUP:
        narrow = replace(narrow, group_id=None)
    if asked.kind not in BY_DAYS:
        narrow = replace(narrow, since=None, until=None)
    group = session.get(Group, narrow.group_id) if narrow.group_id else None
    if narrow.group_id and (group is None or group.run_id != run.id):
        raise NotFound("There is no such group in this run.")
    return Source(session=session, actor=actor, course=course, run=run, group=group, asked=narrow)
