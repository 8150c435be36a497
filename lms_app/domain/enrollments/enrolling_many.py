"""Enrolling people by their e-mail addresses: a list is looked at first, then carried out as one act, all of it or nothing.

Who has an account here is nobody's to find out by trying addresses. So the look says of an address that is not in the course yet the same whether
it has an account or not, "enrolled, or invited by mail where there is no account", and counts it against the seats in the same way: an invitation
keeps its seat. That an address takes the course already, or waits or is invited, is said: the course has these people, and its authors see them by
name. What the act itself brings to light, somebody new on the roster, cannot be hidden; but nobody does it unseen: each person is told by mail that
the staff enrolled them, an audit entry says who did it, and each act after the tenth in a row takes longer.

The authors may enrol people whenever the run has not ended, whatever its policy and window. Past prerequisites only an owner does: an editor's list
would else tell what somebody has completed elsewhere, so that these are not looked at for either.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.crypto import blind_index
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.enrollments import address_invitations, address_list_rules, prerequisites, run_rules, seats
from lms_app.domain.enrollments.address_invitations import Invitee
from lms_app.domain.enrollments.address_list_rules import Line
from lms_app.domain.enrollments.groups import LONGEST_NAME, MOST_GROUPS
from lms_app.domain.notifications import inbox
from lms_app.domain.notifications.inbox import Notice
from lms_app.domain.people import addresses, audit, throttling
from lms_app.errors import Conflict, Invalid, LimitReached, NotAllowed
from lms_app.models import AddressInvitation, Enrollment, Group, Person, Run, WaitingEntry
from lms_app.words import EnrollmentStatus, NotificationKind, StaffRole, Status

FREE_ACTS = 10
LONGEST_LIST = 200_000
"""Characters."""

PER_PAGE = 50

BAD, DUPLICATE, ENROLLED, WAITS, INVITED, NEW, NEW_WAITING = "bad", "duplicate", "enrolled", "waits", "invited", "new", "new_waiting"
_WORDS = {
    ENROLLED: "Takes the course already",
    WAITS: "Is on the waiting list already",
    INVITED: "Is invited already",
    NEW: "Will be enrolled, or invited by mail where there is no account",
    NEW_WAITING: "No seat is free: will wait for one",
}


@dataclass(frozen=True, kw_only=True)
class Look:
    """What one line of a list would do. `outcome` is bad, duplicate, enrolled, waits, invited, new or new_waiting; `sentence` says it in words."""

    number: int
    email: str
    name: str
    group: str
    outcome: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class ListPreview:
    """One page of what a list would do, bad lines first. `fine`: it can be carried out; `seen` names what was seen here."""

    lines: list[Look]
    total: int
    page: int
    pages: int
    enrols: int
    waits: int
    stays: int
    bad: int
    new_groups: list[str]
    fine: bool
    seen: str


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a list has done: so many were enrolled or invited, so many wait."""

    enrols: int
    waits: int


@dataclass(frozen=True, kw_only=True)
class _Plan:
    looks: list[Look]
    emails: dict[int, str]
    new_groups: list[str]

    @property
    def seen(self) -> str:
        words = "\n".join(f"{look.number} {look.email} {look.group} {look.outcome}" for look in self.looks)
        return hashlib.sha256(words.encode()).hexdigest()[:32]


def preview(session: Session, actor: Actor, course_id: UUID, text: str, page: int = 1) -> ListPreview:
    """What a list would do, line by line; nothing is done. For the authors of a course. Raises NotFound, Invalid, NotAllowed, LimitReached."""
    run = _run_for(session, actor, course_id)
    plan = _plan(session, run, _read(text))
    looks = sorted(plan.looks, key=lambda look: (look.outcome not in (BAD, DUPLICATE), look.number))
    counts = Counter(look.outcome for look in looks)
    pages = max(1, ceil(len(looks) / PER_PAGE))
    page = min(max(page, 1), pages)
    return ListPreview(
        lines=looks[(page - 1) * PER_PAGE : page * PER_PAGE],
        total=len(looks),
        page=page,
        pages=pages,
        enrols=counts[NEW],
        waits=counts[NEW_WAITING],
        stays=counts[ENROLLED] + counts[WAITS] + counts[INVITED],
        bad=counts[BAD],
        new_groups=plan.new_groups,
        fine=not counts[BAD] and bool(counts[NEW] + counts[NEW_WAITING] or plan.new_groups or any(look.group for look in looks)),
        seen=plan.seen,
    )


def carry_out(session: Session, actor: Actor, course_id: UUID, text: str, *, seen: str) -> Done:
    """Does what a preview said, all of it; `seen` is what that named. Groups that are not there yet are made, and who takes the course already comes
    into theirs.

    Raises Conflict when it would do something else by now, Invalid for a list with bad lines, TooMany after many acts; then nothing is done.
    """
    run = seats.hold(session, _run_for(session, actor, course_id).id)
    throttling.spend(session, throttling.key_of("enrol-many", str(actor.person_id)), free=FREE_ACTS)
    plan = _plan(session, run, _read(text))
    if any(look.outcome == BAD for look in plan.looks):
        raise Invalid("Some lines are no addresses. Mend or remove them first.")
    if plan.seen != seen:
        raise Conflict("Something has changed since you looked. Look at it again before you enrol them.")
    groups = _with_new_groups(session, run, plan.new_groups)
    people = _people(session, plan.emails.values())
    invitees: list[Invitee] = []
    known: dict[str, dict[UUID, UUID | None]] = {NEW: {}, NEW_WAITING: {}, ENROLLED: {}}
    for look in plan.looks:
        group_id = groups.get(look.group.casefold()) if look.group else None
        email = plan.emails.get(look.number, "")
        person_id = people.get(email)
        if person_id is not None and look.outcome in known:
            known[look.outcome][person_id] = group_id
        elif look.outcome in (NEW, NEW_WAITING):
            invitees.append(Invitee(email=email, name=look.name, group_id=group_id, holds_seat=look.outcome == NEW))
    address_invitations.invite(session, actor, run, invitees)
    # Who takes the course already comes into the group that is written beside them.
    into_groups = {person_id: group_id for person_id, group_id in known[ENROLLED].items() if group_id is not None}
    enrollments = seats.admit_many(session, run, known[NEW] | into_groups)
    entries = seats.queue_many(session, run, known[NEW_WAITING])
    added = {one: f"added:{enrollments[one].id}:{enrollments[one].enrolled_at.isoformat()}" for one in known[NEW]}
    _tell(session, run, NotificationKind.ADDED, added)
    _tell(session, run, NotificationKind.ADDED_WAITING, {one: f"waiting:{entry.id}" for one, entry in entries.items()})
    seats.tell(session, run.course_id)
    audit.note(session, "enrolled_many", person_id=actor.person_id, object_kind="run", object_id=run.id)
    counts = Counter(look.outcome for look in plan.looks)
    return Done(enrols=counts[NEW], waits=counts[NEW_WAITING])


def _run_for(session: Session, actor: Actor, course_id: UUID) -> Run:
    course = access.editable_course(session, actor, course_id)
    if course.status != Status.PUBLISHED:
        raise LimitReached("Publish the course first: until then nobody can open it.")
    if access.role_in(session, actor, course.id) != StaffRole.OWNER and prerequisites.of_course(session, course.id):
        raise NotAllowed("This course has prerequisites. Only its owners enrol people past them.")
    run = access.current_run(session, course.id)
    if run_rules.has_ended(run, clock.now()):
        raise LimitReached("This course has ended. Move its end first.")
    return run


def _read(text: str) -> list[Line]:
    try:
        lines = address_list_rules.read(text)
    except address_list_rules.TooLong:
        raise Invalid(f"That are more than {address_list_rules.MOST_LINES} lines. Do it in parts.", fields={"text": "Too many lines."}) from None
    if not lines:
        raise Invalid("There is no address in it yet.", fields={"text": "Write or paste one address on each line."})
    return lines


def _plan(session: Session, run: Run, lines: list[Line]) -> _Plan:
    """What each line does, in their order: who comes first gets the last seat."""
    emails = {line.number: _clean(line.email) for line in lines}
    people = _people(session, filter(None, emails.values()))
    takes = _of(session, Enrollment.person_id, Enrollment.run_id == run.id, Enrollment.status == EnrollmentStatus.ACTIVE)
    waits = _of(session, WaitingEntry.person_id, WaitingEntry.run_id == run.id, col(WaitingEntry.ended_at).is_(None))
    invited = _of(session, AddressInvitation.email_index, AddressInvitation.run_id == run.id, AddressInvitation.expires_at > clock.now())
    free = seats.left(session, run)
    if waits:
        free = 0 if free is not None else None
    known, names = seats.groups_by_name(session, run.id), dict[str, str]()
    first: dict[str, int] = {}
    looks: list[Look] = []
    for line in lines:
        email = emails[line.number]
        sentence = ""
        if not email:
            outcome, sentence = BAD, "This is no e-mail address"
        elif len(line.group) > LONGEST_NAME:
            outcome, sentence = BAD, f"The name of a group has at most {LONGEST_NAME} characters"
        elif email in first:
            outcome, sentence = DUPLICATE, f"The same as line {first[email]}: passed over"
        elif people.get(email) in takes:
            outcome = ENROLLED
        elif people.get(email) in waits:
            outcome = WAITS
        elif blind_index("email", email) in invited:
            outcome = INVITED
        elif free is None or free > 0:
            outcome, free = NEW, None if free is None else free - 1
        else:
            outcome = NEW_WAITING
        if email:
            first.setdefault(email, line.number)
        if line.group and outcome not in (BAD, DUPLICATE) and line.group.casefold() not in known:
            names.setdefault(line.group.casefold(), line.group)
        looks.append(
            Look(
                number=line.number,
                email=email or line.email,
                name=line.name,
                group=line.group,
                outcome=outcome,
                sentence=sentence or _WORDS[outcome],
            )
        )
    if len(known) + len(names) > MOST_GROUPS:
        raise LimitReached(f"A run has at most {MOST_GROUPS} groups.")
    return _Plan(looks=looks, emails={number: email for number, email in emails.items() if email}, new_groups=list(names.values()))


def _clean(written: str) -> str:
    try:
        return addresses.clean_email(written)
    except Invalid:
        return ""


def _people(session: Session, emails: Iterable[str]) -> dict[str, UUID]:
    """Accounts by their addresses."""
    by_index = {blind_index("email", email): email for email in emails}
    rows = session.exec(select(Person.email_index, Person.id).where(col(Person.email_index).in_(list(by_index)))).all()
    return {by_index[bytes(index)]: person_id for index, person_id in rows if index is not None}


def _of(session: Session, column, *conditions) -> set:  # pyright: ignore[reportMissingParameterType]
    return set(session.exec(select(column).where(*conditions)).all())


def _with_new_groups(session: Session, run: Run, names: list[str]) -> dict[str, UUID]:
    for name in names:
        session.add(Group(run_id=run.id, name=name, created_at=clock.now()))
    session.flush()
    return seats.groups_by_name(session, run.id)


def _tell(session: Session, run: Run, kind: NotificationKind, unique_keys: Mapping[UUID, str]) -> None:
    subjects = {"course": str(run.course_id)}
    notices = [Notice(person_id=person_id, unique_key=key, subjects=subjects) for person_id, key in unique_keys.items()]
    inbox.deliver_many(session, kind, notices)
