"""What a person needs in timed activities, whatever the activity says: more time. In every course it is set by administrators alone; in a course by
those who author it, who learn nothing of the other."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments.override_words import percent_more
from lms_app.domain.assessments.overrides import LARGEST_FACTOR
from lms_app.domain.courses import access
from lms_app.domain.enrollments import roster
from lms_app.domain.people import audit
from lms_app.domain.people.registration import find_person
from lms_app.errors import Invalid, NotAllowed, NotFound
from lms_app.models import Accommodation, Enrollment, Person
from lms_app.words import EnrollmentStatus, Role

LONGEST_NOTE = 2000


@dataclass(frozen=True, kw_only=True)
class AccommodationSheet:
    """The form of what somebody needs. `here` is for the course, `more` for every course: time in percent on top of the usual, empty for none. What
    the actor may not set is not told. `note` is for administrators."""

    enrollment_id: str
    name: str
    sets_here: bool
    sets_everywhere: bool
    here: str = ""
    more: str = ""
    note: str = ""


def accommodation_sheet(session: Session, actor: Actor, course_id: UUID, enrollment_id: UUID) -> AccommodationSheet:
    """What somebody who takes a course needs: in the course for who authors it, everywhere for an administrator on its staff.
    Raises NotAllowed, NotFound."""
    enrollment, here, everywhere = _learner(session, actor, course_id, enrollment_id)
    person = session.get_one(Person, enrollment.person_id)
    row = session.exec(select(Accommodation).where(Accommodation.person_id == person.id)).first() if everywhere else None
    return AccommodationSheet(
        enrollment_id=str(enrollment_id),
        name=roster.name_of(person),
        sets_here=here,
        sets_everywhere=everywhere,
        here=percent_more(enrollment.time_factor) if here else "",
        more=percent_more(row.time_factor) if row else "",
        note=(row.note or "") if row else "",
    )


def save_accommodation(
    session: Session, actor: Actor, course_id: UUID, enrollment_id: UUID, *, here: str = "", more: str = "", note: str = ""
) -> None:
    """Sets from the form what the actor may set; no time and no note take it back. Attempts under way keep their time.
    Raises NotAllowed, also for an entry that is not the actor's to make, NotFound, Invalid."""
    enrollment, sets_here, sets_everywhere = _learner(session, actor, course_id, enrollment_id)
    if (here.strip() and not sets_here) or ((more.strip() or note.strip()) and not sets_everywhere):
        raise NotAllowed
    if sets_here:
        factor = 1 + _percent(here, "here") / 100
        if factor != (enrollment.time_factor or 1):
            enrollment.time_factor = factor if factor > 1 else None
            session.add(enrollment)
            audit.note(session, "course_accommodation_set", person_id=actor.person_id, object_kind="enrollment", object_id=enrollment.id)
    if sets_everywhere:
        row = session.exec(select(Accommodation).where(Accommodation.person_id == enrollment.person_id)).first()
        factor, held = 1 + _percent(more, "more") / 100, (row.time_factor, row.note or "") if row else (Decimal(1), "")
        if (factor, note.strip()) != held:
            set_accommodation(session, actor, enrollment.person_id, time_factor=factor, note=note.strip())


def set_accommodation(session: Session, actor: Actor, person_id: UUID, *, time_factor: Decimal, note: str = "") -> None:
    """Sets how much time a person needs in every timed activity, 1 to 10 times the usual; 1 takes it back. For administrators alone."""
    _only_administrators(actor)
    _accommodate(session, person_id, time_factor=time_factor, note=note)
    audit.note(session, "accommodation_set", person_id=actor.person_id, object_kind="person", object_id=person_id)


def accommodate(session: Session, email: str, *, time_factor: Decimal, note: str = "") -> None:
    """The same for whoever runs the installation, by e-mail address. Raises NotFound, Invalid."""
    person = find_person(session, email)
    if person is None:
        raise NotFound("There is no such account.")
    _accommodate(session, person.id, time_factor=time_factor, note=note)
    audit.note(session, "accommodation_set", object_kind="person", object_id=person.id)


def _learner(session: Session, actor: Actor, course_id: UUID, enrollment_id: UUID) -> tuple[Enrollment, bool, bool]:
    """Who takes the course, and whether the actor sets what holds in the course, and what holds everywhere."""
    course = access.staffed_course(session, actor, course_id)
    here, everywhere = access.role_in(session, actor, course.id) in access.AUTHORS, Role.ADMIN in actor.roles
    if not here and not everywhere:
        raise NotAllowed("Who authors the course gives more time in it.")
    enrollment = session.get(Enrollment, enrollment_id)
    if enrollment is None or enrollment.course_id != course.id or enrollment.status != EnrollmentStatus.ACTIVE:
        raise NotFound("There is no such student in this course.")
    return enrollment, here, everywhere


def _only_administrators(actor: Actor) -> None:
    if Role.ADMIN not in actor.roles:
        raise NotAllowed("Only administrators set accommodations.")


def _percent(written: str, field: str) -> Decimal:
    clean = written.replace("%", "").replace(",", ".").strip()
    try:
        value = Decimal(clean or 0)
    except ArithmeticError:
        value = Decimal("nan")
    if not value.is_finite() or not 0 <= value <= (LARGEST_FACTOR - 1) * 100:
        raise Invalid("This time cannot be set.", fields={field: "A number of percent from 0 to 900, such as 50."})
    return value


def _accommodate(session: Session, person_id: UUID, *, time_factor: Decimal, note: str) -> None:
    if not Decimal(1) <= time_factor <= LARGEST_FACTOR:
        raise Invalid("This factor cannot be set.", fields={"time_factor": "A number from 1 to 10."})
    if len(note) > LONGEST_NOTE:
        raise Invalid("This note is too long.", fields={"note": f"{LONGEST_NOTE} characters at most."})
    if session.get(Person, person_id) is None:
        raise NotFound("There is no such account.")
    now = clock.now()
    row = session.exec(select(Accommodation).where(Accommodation.person_id == person_id).with_for_update()).first()
    if time_factor == 1 and not note:
        if row is not None:
            session.delete(row)
    else:
        row = row or Accommodation(person_id=person_id, created_at=now, updated_at=now)
        session.add(row)
        row.time_factor, row.updated_at = time_factor, now
        row.note = note or None
    session.flush()
