"""Erasing a person: what says who they were is gone for good; what they did stays, as nobody's."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import delete, text, update
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.crypto import blind_index, key_ring
from lms_app.database import after_commit
from lms_app.domain.actor import Actor
from lms_app.domain.enrollments import address_invitations, seats
from lms_app.domain.people import audit, signing_in, throttling
from lms_app.domain.reports import reports
from lms_app.errors import NotFound
from lms_app.models import (
    Accommodation,
    CalendarFeed,
    CaughtMail,
    Certificate,
    CourseGoal,
    CourseMute,
    Enrollment,
    HiddenStreak,
    Login,
    MailedLink,
    Notification,
    NotificationChoice,
    NotificationDelivery,
    NotificationSettings,
    Person,
    PushSubscription,
    Registration,
    Run,
    StoredFile,
)
from lms_app.words import EnrollmentStatus

Discard = Callable[[str], None]
"""`discard(storage_key)` deletes a stored file's bytes."""


def erase_oneself(session: Session, actor: Actor, *, version: int, discard: Discard) -> None:
    """Erases the actor, whose password of this version the caller has checked. Raises Invalid if it was replaced meanwhile."""
    signing_in.must_be_checked(session, actor.person_id, version)
    erase(session, actor.person_id, discard=discard)


def erase(session: Session, person_id: UUID, *, discard: Discard) -> None:
    """Destroys the person's key and everything by which they could be found or named; ends their log-ins and enrolments.

    Scores, completions and events stay without a name, so that a course's figures stay true. Raises NotFound for nobody, or somebody erased.
    """
    # Runs come before people, for whoever holds both.
    runs = seats.hold_those_of(session, person_id)
    person = session.exec(select(Person).where(Person.id == person_id).with_for_update()).first()
    if person is None or person.erased_at is not None:
        raise NotFound("There is no such account.")
    signing_in.end_all(session, person_id, "erased")
    _withdraw(session, person_id, runs)
    _forget_address(session, person)
    session.execute(delete(MailedLink).where(col(MailedLink.person_id) == person_id))
    session.execute(delete(Accommodation).where(col(Accommodation.person_id) == person_id))
    session.execute(update(Enrollment).where(col(Enrollment.person_id) == person_id).values(time_factor=None))
    told = (NotificationDelivery, Notification, NotificationChoice, NotificationSettings, CourseMute, PushSubscription)
    for table in (*told, CalendarFeed, CourseGoal, HiddenStreak):
        session.execute(delete(table).where(col(table.person_id) == person_id))
    session.execute(update(Login).where(col(Login.person_id) == person_id).values(network_sealed=None, browser_sealed=None))
    _blank_typed_answers(session, person_id)
    _discard_files(session, person_id, discard)
    reports.forget_person(session, person_id, delete=discard)
    person.email_index = person.email_sealed = person.name_sealed = person.bio_sealed = person.password_hash = None
    person.can_learn = person.can_teach = person.can_administer = False
    person.teaching_requested_at, person.time_zone, person.erased_at = None, "UTC", clock.now()
    session.add(person)
    audit.note(session, "erased", person_id=person_id)
    session.flush()
    key_ring.destroy(session, person_id)


def _withdraw(session: Session, person_id: UUID, runs: list[Run]) -> None:
    """Gives the person's seats, and places on waiting lists, to those who come next."""
    query = select(Enrollment).where(Enrollment.person_id == person_id, Enrollment.status == EnrollmentStatus.ACTIVE).with_for_update()
    for run in runs:
        seats.end_waiting(session, seats.open_entry(session, run.id, person_id), "erased")
        for enrollment in session.exec(query.where(Enrollment.run_id == run.id)).all():
            seats.vacate(session, run, enrollment)


def _forget_address(session: Session, person: Person) -> None:
    """What is kept by the address and not by the person: waiting registrations, caught mail, tries."""
    email = person.email
    waiting = session.exec(select(Registration).where(Registration.email_index == person.email_index)).all()
    for row in waiting:
        session.execute(delete(MailedLink).where(col(MailedLink.registration_id) == row.id))
        session.delete(row)
        if row.person_id != person.id:
            key_ring.destroy(session, row.person_id)
    if person.email_index is not None:
        address_invitations.forget_address(session, person.email_index)
    session.execute(delete(CaughtMail).where(col(CaughtMail.recipient_index) == blind_index("email", email)))
    throttling.forget(session, *[throttling.email_key(email, act) for act in throttling.ACTS])


def _blank_typed_answers(session: Session, person_id: UUID) -> None:
    """Somebody may have typed a name, in an answer of a time when none were sealed. What was given as an answer goes; how it did stays."""
    session.execute(
        text(
            "UPDATE answers SET response = NULL WHERE response_sealed IS NULL AND (response ? 'text' OR response ? 'gaps') "
            "AND attempt_id IN (SELECT id FROM attempts WHERE person_id = :person)"
        ),
        {"person": person_id},
    )


def _discard_files(session: Session, person_id: UUID, discard: Discard) -> None:
    session.execute(update(Certificate).where(col(Certificate.person_id) == person_id).values(file_id=None))
    for file in session.exec(select(StoredFile).where(StoredFile.key_owner == person_id)).all():
        after_commit(session, lambda key=file.storage_key: discard(key))
        session.delete(file)
