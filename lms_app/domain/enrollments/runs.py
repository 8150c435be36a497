"""The runs of a course: dates, zone, seats and the way in of the present one; new ones, and which of them is the present one."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.adapters import clock, jobs
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import events
from lms_app.domain.courses import access
from lms_app.domain.enrollments import run_rules, seats
from lms_app.domain.people import addresses, audit
from lms_app.errors import Conflict, Invalid, LimitReached, NotFound
from lms_app.models import Enrollment, Run, WaitingEntry
from lms_app.words import EnrollmentPolicy, EnrollmentStatus, JobQueue

MOST_SEATS = 100_000
MOST_RUNS = 100
LONGEST_TITLE = 120
FIRST_YEAR, LAST_YEAR = 2000, 2200
MOMENTS = ("opens_at", "closes_at", "enrollment_opens_at", "enrollment_closes_at")


@dataclass(frozen=True, kw_only=True)
class RunSheet:
    """The settings of a course's present run as its staff sees them. Dates are as a browser writes them, `2027-03-03T09:00`, in the run's zone; empty
    for none. `code` is for authors only. `taken` counts those who sit on a seat and those for whom one is kept. `version` names the run and what is
    set of it: it is another once that is."""

    course_id: str
    course: str
    role: str
    status: str
    slug: str
    title: str
    time_zone: str
    opens_at: str
    closes_at: str
    enrollment_opens_at: str
    enrollment_closes_at: str
    seats: str
    policy: str
    code: str
    taken: int
    waiting: int
    rules: str
    version: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A setting that two who changed it at the same time would have otherwise."""

    name: str
    yours: str
    theirs: str


class RunMoved(Conflict):
    """Somebody else set up the run, or chose another one, first. `theirs` is what stands now."""

    def __init__(self, theirs: RunSheet) -> None:
        super().__init__("Somebody else changed these settings while you were at it. Yours are still here.")
        self.theirs = theirs


@dataclass(frozen=True, kw_only=True)
class RunForm:
    """What is set of a run, written as in `RunSheet`."""

    time_zone: str
    opens_at: str = ""
    closes_at: str = ""
    enrollment_opens_at: str = ""
    enrollment_closes_at: str = ""
    seats: str = ""
    policy: EnrollmentPolicy = EnrollmentPolicy.OPEN


@dataclass(frozen=True, kw_only=True)
class RunLine:
    """A run in the list of a course's runs. `present`: the one that takes enrolments, which the pages show."""

    id: str
    title: str
    opens: str
    closes: str
    students: int
    waiting: int
    present: bool


def run_sheet(session: Session, actor: Actor, course_id: UUID) -> RunSheet:
    """The settings of a course's present run, for its staff. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    run, role = access.current_run(session, course.id), access.role_in(session, actor, course.id)
    zone = ZoneInfo(run.time_zone)
    return RunSheet(
        course_id=str(course.id),
        course=course.title,
        role=role.value,
        status=course.status,
        slug=course.slug,
        title=run.title,
        time_zone=run.time_zone,
        **{name: _local(getattr(run, name), zone) for name in MOMENTS},
        seats="" if run.seats is None else str(run.seats),
        policy=run.enrollment_policy,
        code=run_rules.code_in_words(run.enrollment_code) if role in access.AUTHORS else "",
        taken=seats.taken(session, run.id),
        waiting=len(seats.waiting(session, run.id)),
        rules=run_rules.RULES,
        version=_version(run),
    )


def differences(yours: RunForm, theirs: RunSheet) -> list[Difference]:
    """What of a form is not what stands now, both as they are written."""
    found = ((name, str(getattr(yours, name)).strip(), str(getattr(theirs, name))) for name in ("policy", "seats", *MOMENTS, "time_zone"))
    return [Difference(name=name, yours=mine, theirs=other) for name, mine, other in found if mine != other]


def set_up(session: Session, actor: Actor, course_id: UUID, form: RunForm, *, seen: str | None = None) -> int:
    """Saves the settings of a course's present run. Where there are more seats now, whoever waits longest gets them: gives how many did. Nobody is
    taken out where there are fewer. Attempts under way keep their deadline. In another zone days begin at another time: figures are made anew.

    `seen` is the version that was changed; None changes whatever stands there. Raises RunMoved where another one stands, Invalid with a sentence for
    each field that cannot stay as it is, NotFound.
    """
    course = access.editable_course(session, actor, course_id)
    run = seats.hold(session, access.current_run(session, course.id).id)
    if seen is not None and seen != _version(run):
        raise RunMoved(run_sheet(session, actor, course_id))
    fields: dict[str, str] = {}
    try:
        zone = ZoneInfo(addresses.checked_zone(form.time_zone))
    except Invalid as refusal:
        raise Invalid("Not everything here can be saved.", fields=refusal.fields) from None
    moments = {name: _moment(getattr(form, name), zone, name, fields) for name in MOMENTS}
    for start, end, words in (
        ("opens_at", "closes_at", "The course must end after it opens."),
        ("enrollment_opens_at", "enrollment_closes_at", "Enrolment must close after it opens."),
    ):
        opens, closes = moments[start], moments[end]
        if opens is not None and closes is not None and closes <= opens:
            fields[end] = words
    number = _seats(form.seats, fields)
    if fields:
        raise Invalid("Not everything here can be saved.", fields=fields)
    if run.time_zone != zone.key:
        jobs.enqueue(session, events.REBUILD, queue=JobQueue.ANALYTICS, run_id=str(run.id))
    run.time_zone, run.seats, run.enrollment_policy = zone.key, number, form.policy
    for name, moment in moments.items():
        setattr(run, name, moment)
    if form.policy == EnrollmentPolicy.CODE and not run.enrollment_code:
        run.enrollment_code = run_rules.new_code()
    session.add(run)
    session.flush()
    audit.note(session, "run_set_up", person_id=actor.person_id, object_kind="run", object_id=run.id)
    seats.tell(session, course.id)
    return seats.promote(session, run)


def renew_code(session: Session, actor: Actor, course_id: UUID) -> str:
    """Gives the present run another enrolment code, as it is read out; the old one lets nobody in any more. Raises NotFound."""
    course = access.editable_course(session, actor, course_id)
    run = seats.hold(session, access.current_run(session, course.id).id)
    run.enrollment_code = run_rules.new_code()
    session.add(run)
    session.flush()
    audit.note(session, "enrolment_code_renewed", person_id=actor.person_id, object_kind="run", object_id=run.id)
    return run_rules.code_in_words(run.enrollment_code)


def runs(session: Session, actor: Actor, course_id: UUID) -> list[RunLine]:
    """The runs of a course, the newest first, for its staff. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    present = access.current_run(session, course.id)
    rows = session.exec(select(Run).where(Run.course_id == course.id).order_by(col(Run.id).desc())).all()
    students = dict(
        session.exec(
            select(Enrollment.run_id, func.count())
            .where(Enrollment.course_id == course.id, Enrollment.status == EnrollmentStatus.ACTIVE)
            .group_by(col(Enrollment.run_id))
        ).all()
    )
    waiting = dict(
        session.exec(
            select(WaitingEntry.run_id, func.count())
            .where(col(WaitingEntry.run_id).in_([row.id for row in rows]), col(WaitingEntry.ended_at).is_(None))
            .group_by(col(WaitingEntry.run_id))
        ).all()
    )
    now = clock.now()
    return [
        RunLine(
            id=str(row.id),
            title=row.title or f"Run {len(rows) - place}",
            opens=run_rules.moment_in_words(row.opens_at, row.time_zone, now) if row.opens_at else "",
            closes=run_rules.moment_in_words(row.closes_at, row.time_zone, now) if row.closes_at else "",
            students=students.get(row.id, 0),
            waiting=waiting.get(row.id, 0),
            present=row.id == present.id,
        )
        for place, row in enumerate(rows)
    ]


def create_run(session: Session, actor: Actor, course_id: UUID, *, title: str = "", opens_on: str = "") -> UUID:
    """A new run of a course, like the present one: its dates moved so that it opens on this day, at the same time of day, or left out where the
    present one has none; nobody in it, no code and no groups. It takes enrolments once it is chosen. Gives its id.

    Raises Invalid, LimitReached, NotFound.
    """
    course = access.editable_course(session, actor, course_id)
    present = seats.hold(session, access.current_run(session, course.id).id)
    clean = " ".join(title.split())
    fields = {"title": f"At most {LONGEST_TITLE} characters."} if len(clean) > LONGEST_TITLE else {}
    day = _day(opens_on, fields) if opens_on.strip() else None
    if fields:
        raise Invalid("This run cannot be made yet.", fields=fields)
    if len(session.exec(select(Run.id).where(Run.course_id == course.id)).all()) >= MOST_RUNS:
        raise LimitReached(f"A course has at most {MOST_RUNS} runs.")
    if present.chosen_at is None:
        # So far it was the newest that took enrolments.
        present.chosen_at = clock.now()
        session.add(present)
    run = Run(
        course_id=course.id,
        title=clean,
        pace=present.pace,
        time_zone=present.time_zone,
        seats=present.seats,
        enrollment_policy=present.enrollment_policy,
        enrollment_code=run_rules.new_code() if present.enrollment_policy == EnrollmentPolicy.CODE else None,
        created_at=clock.now(),
        **_shifted(present, day),
    )
    session.add(run)
    session.flush()
    audit.note(session, "run_created", person_id=actor.person_id, object_kind="run", object_id=run.id)
    return run.id


def choose_run(session: Session, actor: Actor, course_id: UUID, run_id: UUID) -> None:
    """Makes a run the present one: it takes enrolments, and the pages of the staff show it. Those who take another one go on in it. Raises
    NotFound."""
    course = access.editable_course(session, actor, course_id)
    found = session.get(Run, run_id)
    if found is None or found.course_id != course.id:
        raise NotFound("There is no such run of this course.")
    run = seats.hold(session, found.id)
    run.chosen_at = clock.now()
    session.add(run)
    session.flush()
    audit.note(session, "run_chosen", person_id=actor.person_id, object_kind="run", object_id=run.id)
    seats.tell(session, course.id)


def _version(run: Run) -> str:
    told = (run.id, run.time_zone, run.seats, run.enrollment_policy, *(getattr(run, name) for name in MOMENTS))
    return hashlib.sha256("\0".join(str(each.astimezone(UTC) if isinstance(each, datetime) else each) for each in told).encode()).hexdigest()[:16]


def _shifted(run: Run, opens_on: date | None) -> dict[str, Any]:
    """The dates of a run moved by whole days, so that it opens then; by the clock on the wall, whatever summer time does in between."""
    if run.opens_at is None:
        first = datetime.combine(opens_on, time(), ZoneInfo(run.time_zone)).astimezone(UTC) if opens_on else None
        return {"opens_at": first, "closes_at": None, "enrollment_opens_at": None, "enrollment_closes_at": None}
    zone = ZoneInfo(run.time_zone)
    if opens_on is None:
        return dict.fromkeys(MOMENTS)
    by = opens_on - run.opens_at.astimezone(zone).date()
    return {name: _moved(getattr(run, name), by, zone) for name in MOMENTS}


def _moved(moment: datetime | None, by: timedelta, zone: ZoneInfo) -> datetime | None:
    return None if moment is None else (moment.astimezone(zone) + by).astimezone(UTC)


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%dT%H:%M}" if moment else ""


def _moment(written: str, zone: ZoneInfo, name: str, fields: dict[str, str]) -> datetime | None:
    if not written.strip():
        return None
    try:
        moment = datetime.fromisoformat(written.strip())
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        fields[name] = "Give a day and a time."
        return None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        fields[name] = f"A day from {FIRST_YEAR} to {LAST_YEAR}."
    return moment


def _day(written: str, fields: dict[str, str]) -> date | None:
    try:
        day = date.fromisoformat(written.strip())
    except ValueError:
        fields["opens_on"] = "Give a day."
        return None
    if not FIRST_YEAR <= day.year <= LAST_YEAR - 10:
        fields["opens_on"] = f"A day from {FIRST_YEAR} to {LAST_YEAR - 10}."
    return day


def _seats(written: str, fields: dict[str, str]) -> int | None:
    if not written.strip():
        return None
    number = int(written) if re.fullmatch(r"\s*[0-9]{1,7}\s*", written) else -1
    if not 0 <= number <= MOST_SEATS:
        fields["seats"] = f"A whole number up to {MOST_SEATS}, or nothing for no limit."
    return number
