"""Getting an account: asked for on a page, confirmed by mail. The page's answer is the same for a known and an unknown address."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, select

from lms_app.adapters import clock, jobs
from lms_app.crypto import blind_index, key_ring
from lms_app.domain.enrollments import address_invitations, arriving, invitation_links
from lms_app.domain.people import addresses, audit, links
from lms_app.errors import Invalid
from lms_app.ids import uuid7
from lms_app.models import Person, Registration
from lms_app.settings import get_settings
from lms_app.words import InstructorPolicy, JobQueue, LinkPurpose

MAIL_LINK = "people.mail_link"
"""Job that makes a link and mails it: the secret is made when it is sent and is never stored."""

EXPIRES_AFTER = timedelta(hours=24)


def find_person(session: Session, email: str) -> Person | None:
    """The account with this e-mail address."""
    return session.exec(select(Person).where(Person.email_index == blind_index("email", addresses.clean_email(email)))).first()


def request(session: Session, *, name: str, email: str, wants_to_teach: bool = False, time_zone: str = "UTC", invitation: str = "") -> None:
    """Notes that somebody wants an account and mails a link to confirm it; an address that has one is told so by mail instead.

    The same is done for both, so that the time it takes tells nothing either: `mails.send_link` finds out which it is.

    No password yet: whoever asks may not be whose address it is, so it is chosen with the mailed link. `invitation` is what stands in an invitation
    link by which they came. Raises Invalid for a bad name, address or zone.
    """
    clean_name, clean_email, zone = addresses.clean_name(name), addresses.clean_email(email), addresses.checked_zone(time_zone)
    now = clock.now()
    person_id = uuid7()
    key_ring.create(session, person_id)
    row = Registration(
        person_id=person_id,
        email_index=blind_index("email", clean_email),
        wants_to_teach=wants_to_teach,
        time_zone=zone,
        invitation_link_id=invitation_links.id_of(session, invitation) if invitation else None,
        created_at=now,
        expires_at=now + EXPIRES_AFTER,
    )
    session.add(row)
    row.name, row.email = clean_name, clean_email
    session.flush()
    jobs.enqueue(session, MAIL_LINK, queue=JobQueue.NOTIFICATIONS, kind="confirm", subject=str(row.id))


def confirm(session: Session, secret: str, password_hash: str) -> UUID:
    """Makes the account that a mailed link confirms, with the password of who holds the link, and gives its id.

    `password_hash` is of a password that `addresses.checked_password` has seen. Raises Invalid for a link that no longer works.
    """
    link = links.use(session, LinkPurpose.CONFIRM, secret)
    row = session.get(Registration, link.registration_id)
    if row is None or row.confirmed_at is not None or row.expires_at <= clock.now():
        raise Invalid("This link was used already, or its time is over. Register again.")
    if session.exec(select(Person.id).where(Person.email_index == row.email_index)).first():
        raise Invalid("There is an account with this address already. Sign in.")
    person = create_person(
        session,
        name=row.name,
        email=row.email,
        password_hash=password_hash,
        time_zone=row.time_zone,
        person_id=row.person_id,
        can_teach=row.wants_to_teach and get_settings().instructors == InstructorPolicy.OPEN,
        asks_to_teach=row.wants_to_teach and get_settings().instructors == InstructorPolicy.APPROVED,
    )
    row.confirmed_at = clock.now()
    session.add(row)
    if row.invitation_link_id is not None:
        arriving.come_by_link(session, person.id, row.invitation_link_id)
    return person.id


def email_of(session: Session, person_id: UUID) -> str:
    """The e-mail address of an account."""
    return session.get_one(Person, person_id).email


def create_person(
    session: Session,
    *,
    name: str,
    email: str,
    password_hash: str | None,
    time_zone: str = "UTC",
    can_teach: bool = False,
    can_administer: bool = False,
    asks_to_teach: bool = False,
    person_id: UUID | None = None,
) -> Person:
    """A new account, sealed under a key of its own. For confirmation, the command line and the demo. Raises Invalid when the address is taken."""
    now = clock.now()
    person = Person(
        id=person_id or uuid7(),
        email_index=blind_index("email", addresses.clean_email(email)),
        password_hash=password_hash,
        time_zone=addresses.checked_zone(time_zone),
        can_teach=can_teach,
        can_administer=can_administer,
        teaching_requested_at=now if asks_to_teach else None,
        created_at=now,
    )
    if session.exec(select(Person.id).where(Person.email_index == person.email_index)).first():
        raise Invalid("There is an account with this address already.", fields={"email": "This address has an account."})
    key_ring.create(session, person.id)
    session.add(person)
    person.name, person.email = addresses.clean_name(name), addresses.clean_email(email)
    session.flush()
    audit.note(session, "account_created", person_id=person.id)
    address_invitations.take_up(session, person)
    return person
