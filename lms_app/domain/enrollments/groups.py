"""Groups of a run: made and filled by its staff, for exceptions to a quiz's rules and the like."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, delete, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.enrollments import roster
from lms_app.domain.people import audit
from lms_app.errors import Invalid, LimitReached, NotFound
from lms_app.models import AssessmentOverride, Enrollment, Group, GroupMember

MOST_GROUPS = 200
LONGEST_NAME = 120


@dataclass(frozen=True, kw_only=True)
class GroupLine:
    """A group and who is in it: pairs of enrolment and name, by name."""

    id: str
    name: str
    members: list[tuple[str, str]]


def groups(session: Session, actor: Actor, course_id: UUID) -> list[GroupLine]:
    """The groups of a course's present run, by name. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    run = access.current_run(session, course.id)
    rows = session.exec(select(Group).where(Group.run_id == run.id)).all()
    found = session.exec(select(GroupMember).where(col(GroupMember.group_id).in_([row.id for row in rows]))).all()
    inside = {(member.group_id, member.enrollment_id) for member in found}
    everybody = roster.named(session, run.id)
    return [
        GroupLine(
            id=str(row.id),
            name=row.name,
            members=[(str(one.enrollment_id), one.name) for one in everybody if (row.id, one.enrollment_id) in inside],
        )
        for row in sorted(rows, key=lambda row: (row.name.casefold(), row.id))
    ]


def add_group(session: Session, actor: Actor, course_id: UUID, name: str) -> UUID:
    """A new group without members. Gives its id. Raises Invalid, LimitReached, NotFound."""
    course = access.editable_course(session, actor, course_id)
    run = access.current_run(session, course.id)
    clean = " ".join(name.split())
    if not clean or len(clean) > LONGEST_NAME:
        raise Invalid("Give the group a name.", fields={"name": f"From 1 to {LONGEST_NAME} characters."})
    names = session.exec(select(Group.name).where(Group.run_id == run.id)).all()
    if clean.casefold() in {known.casefold() for known in names}:
        raise Invalid("There is a group of that name.", fields={"name": "There is a group of that name."})
    if len(names) >= MOST_GROUPS:
        raise LimitReached(f"A run has at most {MOST_GROUPS} groups.")
    group = Group(run_id=run.id, name=clean, created_at=clock.now())
    session.add(group)
    session.flush()
    audit.note(session, "group_added", person_id=actor.person_id, object_kind="group", object_id=group.id)
    return group.id


def remove_group(session: Session, actor: Actor, course_id: UUID, group_id: UUID) -> None:
    """Takes a group away, with the exceptions that were made for it. Attempts under way keep their rules."""
    group = _group(session, actor, course_id, group_id)
    session.exec(delete(AssessmentOverride).where(col(AssessmentOverride.group_id) == group.id))
    session.exec(delete(GroupMember).where(col(GroupMember.group_id) == group.id))
    session.delete(group)
    session.flush()
    audit.note(session, "group_removed", person_id=actor.person_id, object_kind="group", object_id=group_id)


def add_member(session: Session, actor: Actor, course_id: UUID, group_id: UUID, enrollment_id: UUID) -> None:
    """Puts somebody who takes the run into a group; who is in it stays. Raises NotFound."""
    group = _group(session, actor, course_id, group_id)
    enrollment = session.get(Enrollment, enrollment_id)
    if enrollment is None or enrollment.run_id != group.run_id:
        raise NotFound("There is no such student in this course.")
    session.merge(GroupMember(group_id=group.id, enrollment_id=enrollment.id))
    session.flush()


def remove_member(session: Session, actor: Actor, course_id: UUID, group_id: UUID, enrollment_id: UUID) -> None:
    """Takes somebody out of a group."""
    group = _group(session, actor, course_id, group_id)
    session.exec(delete(GroupMember).where(col(GroupMember.group_id) == group.id, col(GroupMember.enrollment_id) == enrollment_id))
    session.flush()


def _group(session: Session, actor: Actor, course_id: UUID, group_id: UUID) -> Group:
    course = access.editable_course(session, actor, course_id)
    run = access.current_run(session, course.id)
    group = session.get(Group, group_id)
    if group is None or group.run_id != run.id:
        raise NotFound("There is no such group in this course.")
    return group
