"""A forgotten password: a single-use link by mail, good for 30 minutes, that ends all log-ins."""

from sqlmodel import Session

from lms_app.adapters import jobs
from lms_app.domain.people import addresses, audit, links, signing_in, throttling
from lms_app.domain.people.registration import MAIL_LINK, find_person
from lms_app.errors import Invalid
from lms_app.words import JobQueue, LinkPurpose

ACT = "mail"
FREE = 3


def ask(session: Session, email: str, network: str) -> None:
    """Mails a reset link to an address that has an account; the caller says the same either way. Raises TooMany, Invalid for no address."""
    slow_down(session, email, network)
    person = find_person(session, email)
    if person is not None and person.erased_at is None:
        jobs.enqueue(session, MAIL_LINK, queue=JobQueue.NOTIFICATIONS, kind="reset", subject=str(person.id))


def slow_down(session: Session, email: str, network: str) -> None:
    """Counts a mail that somebody has us send. Raises TooMany when it is too many, Invalid for no address."""
    clean = addresses.clean_email(email)
    keys = (throttling.email_key(clean, ACT), throttling.network_key(network, ACT))
    throttling.refuse_if_throttled(session, *keys)
    throttling.count(session, keys[0], free=FREE)
    throttling.count(session, keys[1], free=10 * FREE)


def reset(session: Session, secret: str, password_hash: str) -> None:
    """Sets a new password by a mailed link and ends every login of the person. Raises Invalid for a link that no longer works."""
    link = links.use(session, LinkPurpose.RESET, secret)
    if link.person_id is None:
        raise Invalid("This link was used already, or its time is over. Ask for a new one.")
    signing_in.set_password(session, link.person_id, password_hash)
    signing_in.end_all(session, link.person_id, "password_reset")
    audit.note(session, "password_reset", person_id=link.person_id)
