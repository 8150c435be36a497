"""Who may administer and teach: granted from the command line by whoever runs the installation."""

from sqlmodel import Session

from lms_app.adapters import jobs
from lms_app.domain.people import audit
from lms_app.domain.people.logins import look_again
from lms_app.domain.people.registration import MAIL_LINK, create_person, find_person
from lms_app.errors import NotFound
from lms_app.models import Person
from lms_app.words import JobQueue


def make_admin(session: Session, email: str, *, name: str = "") -> bool:
    """Lets the account with this address administer; makes one where there is none and mails a link to set its password.

    Gives whether the account is new. Raises Invalid for no address.
    """
    person, new = _found_or_made(session, email, name)
    person.can_administer = True
    _granted(session, person, "became_admin")
    return new


def make_instructor(session: Session, email: str, *, name: str = "") -> bool:
    """Lets the account with this address teach, whether it asked or not; as `make_admin` otherwise."""
    person, new = _found_or_made(session, email, name)
    person.can_teach, person.teaching_requested_at = True, None
    _granted(session, person, "became_instructor")
    return new


def approve_instructor(session: Session, email: str) -> None:
    """Lets somebody teach who asked to. Raises NotFound when nobody with this address did."""
    person = find_person(session, email)
    if person is None or person.teaching_requested_at is None:
        raise NotFound("Nobody with this address asked to teach.")
    person.can_teach, person.teaching_requested_at = True, None
    _granted(session, person, "became_instructor")


def _found_or_made(session: Session, email: str, name: str) -> tuple[Person, bool]:
    person = find_person(session, email)
    if person is not None:
        return person, False
    made = create_person(session, name=name or email.partition("@")[0], email=email, password_hash=None)
    jobs.enqueue(session, MAIL_LINK, queue=JobQueue.NOTIFICATIONS, kind="invite", subject=str(made.id))
    return made, True


def _granted(session: Session, person: Person, action: str) -> None:
    session.add(person)
    session.flush()
    audit.note(session, action, person_id=person.id)
    look_again(session, person.id)
