"""Notifications as mail, made when they are sent."""

from collections.abc import Callable
from uuid import UUID

from sqlmodel import Session

from lms_app.domain.notifications.queries import teller
from lms_app.models import Notification, Person
from lms_app.settings import get_settings

Send = Callable[..., None]
"""`send(to, subject, text)`."""


def send_notification(session: Session, notification_id: UUID, *, send: Send) -> None:
    """Mails one notification to its person, by `send`. An erased person gets none."""
    notification = session.get_one(Notification, notification_id)
    person = session.get_one(Person, notification.person_id)
    if person.erased_at is not None:
        return
    sentence, link = teller(session, [notification])(notification)
    text = f"{person.name},\n\n{sentence}\n\n{get_settings().public_url}{link}\n\nLyceum\n"
    send(person.email, sentence.rstrip("."), text)
