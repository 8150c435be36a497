"""The mails about accounts, made when they are sent. A link's secret exists in the mail alone."""

from collections.abc import Callable
from uuid import UUID

from sqlmodel import Session, select

from lms_app.domain.people import links
from lms_app.models import Person, Registration
from lms_app.settings import get_settings
from lms_app.words import LinkPurpose

Send = Callable[..., None]
"""`send(to, subject, text)`."""


def send_link(session: Session, kind: str, subject: UUID, *, send: Send) -> None:
    """Mails a link: `confirm` to a registration, unless its address has an account; `reset` or `invite` to a person. One that is gone gets none."""
    public = get_settings().public_url
    if kind == "confirm":
        row = session.get(Registration, subject)
        if row is None or row.confirmed_at is not None:
            return
        holder = session.exec(select(Person).where(Person.email_index == row.email_index)).first()
        if holder is not None:
            _say_that_there_is_an_account(holder, send)
            return
        secret = links.make(session, LinkPurpose.CONFIRM, registration_id=row.id)
        send(
            row.email,
            "Confirm your Lyceum account",
            # Not by name: whoever registers chooses both the name and whose mailbox it would be read in.
            f"Hello,\n\nOpen this link within 24 hours and choose a password to finish your account:\n\n{public}/confirm#{secret}\n\n"
            "You did not register? Then do nothing: without the link there is no account.\n\nLyceum\n",
        )
        return
    person = session.get(Person, subject)
    if person is None or person.erased_at is not None:
        return
    secret = links.make(session, LinkPurpose.RESET, person_id=person.id)
    if kind == "invite":
        send(
            person.email,
            "Your Lyceum account",
            f"{person.name},\n\nAn account was made for you. Set its password within 30 minutes by opening this link:\n\n"
            f"{public}/reset/new#{secret}\n\n"
            f"Later, ask for a new link:\n\n{public}/reset\n\nLyceum\n",
        )
        return
    send(
        person.email,
        "Set a new password",
        f"{person.name},\n\nSet a new password within 30 minutes by opening this link:\n\n{public}/reset/new#{secret}\n\n"
        "It works once and signs you out everywhere. You did not ask for it? Then do nothing: your password stays.\n\nLyceum\n",
    )


def _say_that_there_is_an_account(person: Person, send: Send) -> None:
    public = get_settings().public_url
    send(
        person.email,
        "You have a Lyceum account",
        f"{person.name},\n\nSomebody, perhaps you, tried to register with this address. It has an account already. Sign in:\n\n"
        f"{public}/sign-in\n\nForgot the password? Ask for a new one:\n\n{public}/reset\n\nLyceum\n",
    )
