"""Groups of a run: made and filled by its staff, for exceptions to a quiz's rules and the like."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from uuid import UUID

from sqlmodel import Session, col, delete, func, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.enrollments import roster, seats
from lms_app.domain.people import audit
from lms_app.errors import Invalid, LimitReached, NotFound
from lms_app.models import AssessmentOverride, Course, Enrollment, Group, GroupMember, Run
from lms_app.words import EnrollmentStatus

MOST_GROUPS = 200
LONGEST_NAME = 120


@dataclass(frozen=True, kw_only=True)
class GroupSummary:
    """A group in a list, and how many of those who take the run are in it."""

    id: str
    name: str
    members: int


@dataclass(frozen=True, kw_only=True)
class GroupList:
    """One page of a run's groups, by name. `may_edit`: make, fill and remove them."""

    may_edit: bool
    groups: list[GroupSummary]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody who takes the run, and whether they are in the group. `id` is the enrolment's."""

    id: str
    name: str
    inside: bool


@dataclass(frozen=True, kw_only=True)
class GroupSheet:
    """A group that is open: its members by name, or, searched for, everybody of the run whose name matches. `total` counts all of these."""

    id: str
    name: str
    members: int
    people: list[Candidate]
    total: int
    page: int
    pages: int


def group_list(session: Session, actor: Actor, course_id: UUID, page: int = 1) -> GroupList:
    """A page of the groups of a course's present run, for its staff. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    run = access.current_run(session, course.id)
    rows = sorted(session.exec(select(Group.id, Group.name).where(Group.run_id == run.id)).all(), key=lambda row: (row[1].casefold(), row[0]))
    pages = max(1, ceil(len(rows) / roster.PER_PAGE))
    page = min(max(page, 1), pages)
    shown = rows[(page - 1) * roster.PER_PAGE : page * roster.PER_PAGE]
    counts = dict(
        session.exec(
            select(GroupMember.group_id, func.count())
            .join(Enrollment, col(Enrollment.id) == col(GroupMember.enrollment_id))
            .where(col(GroupMember.group_id).in_([group_id for group_id, _ in shown]), Enrollment.status == EnrollmentStatus.ACTIVE)
            .group_by(col(GroupMember.group_id))
        ).all()
    )
    return GroupList(
        may_edit=access.role_in(session, actor, course.id) in access.AUTHORS,
        groups=[GroupSummary(id=str(group_id), name=name, members=counts.get(group_id, 0)) for group_id, name in shown],
        total=len(rows),
        page=page,
        pages=pages,
    )


def group_sheet(session: Session, actor: Actor, course_id: UUID, group_id: UUID, search: str = "", page: int = 1) -> GroupSheet:
    """A group with a page of its members; with `search`, of everybody to choose from. For the course's staff. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    group = _in_run(session, course, group_id)
    inside = set(session.exec(select(GroupMember.enrollment_id).where(GroupMember.group_id == group.id)).all())
    everybody = roster.named(session, group.run_id)
    members = [one for one in everybody if one.enrollment_id in inside]
    found = roster.matching(everybody, search) if search.strip() else members
    pages = max(1, ceil(len(found) / roster.PER_PAGE))
    page = min(max(page, 1), pages)
    return GroupSheet(
        id=str(group.id),
        name=group.name,
        members=len(members),
        people=[
            Candidate(id=str(one.enrollment_id), name=one.name, inside=one.enrollment_id in inside)
            for one in found[(page - 1) * roster.PER_PAGE : page * roster.PER_PAGE]
        ],
        total=len(found),
        page=page,
        pages=pages,
    )


def add_group(session: Session, actor: Actor, course_id: UUID, name: str) -> UUID:
    """A new group without members. Gives its id. Raises Invalid, LimitReached, NotFound."""
    course = access.editable_course(session, actor, course_id)
    run = access.current_run(session, course.id)
    names = _names(session, run.id)
    clean = _new_name(name, names.values())
    if len(names) >= MOST_GROUPS:
        raise LimitReached(f"A run has at most {MOST_GROUPS} groups.")
    group = Group(run_id=run.id, name=clean, created_at=clock.now())
    session.add(group)
    session.flush()
    audit.note(session, "group_added", person_id=actor.person_id, object_kind="group", object_id=group.id)
    return group.id


def rename_group(session: Session, actor: Actor, course_id: UUID, group_id: UUID, name: str) -> None:
    """Gives a group another name. Raises Invalid, NotFound."""
    group = _group(session, actor, course_id, group_id)
    group.name = _new_name(name, [known for other, known in _names(session, group.run_id).items() if other != group.id])
    session.add(group)
    session.flush()
    audit.note(session, "group_renamed", person_id=actor.person_id, object_kind="group", object_id=group.id)


def remove_group(session: Session, actor: Actor, course_id: UUID, group_id: UUID) -> None:
    """Takes a group away, with the exceptions that were made for it. Attempts under way keep their rules."""
    group = _group(session, actor, course_id, group_id)
    session.exec(delete(AssessmentOverride).where(col(AssessmentOverride.group_id) == group.id))
    session.exec(delete(GroupMember).where(col(GroupMember.group_id) == group.id))
    seats.forget_group(session, group.id)
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
    return _in_run(session, access.editable_course(session, actor, course_id), group_id)


def _in_run(session: Session, course: Course, group_id: UUID) -> Group:
    run = access.current_run(session, course.id)
    group = session.get(Group, group_id)
    if group is None or group.run_id != run.id:
        raise NotFound("There is no such group in this course.")
    return group


def _names(session: Session, run_id: UUID) -> dict[UUID, str]:
    """The names that are taken. Whoever is about to take another waits here for whoever does so at the same time."""
    session.exec(select(Run.id).where(Run.id == run_id).with_for_update(key_share=True)).one()
    return dict(session.exec(select(Group.id, Group.name).where(Group.run_id == run_id)).all())


def _new_name(name: str, others: Iterable[str]) -> str:
    clean = " ".join(name.split())
    if not clean or len(clean) > LONGEST_NAME:
        raise Invalid("Give the group a name.", fields={"name": f"From 1 to {LONGEST_NAME} characters."})
    if clean.casefold() in {known.casefold() for known in others}:
        raise Invalid("There is a group of that name.", fields={"name": "There is a group of that name."})
    return clean
