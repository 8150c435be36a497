"""Jobs of the notifications queue."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

import structlog
from dramatiq.errors import Retry
from sqlalchemy import text

from lms_app.adapters import clock, mail, push
from lms_app.database import engine, transaction
from lms_app.domain.enrollments import address_invitations
from lms_app.domain.notifications import browsers, deliveries, inbox, letters, opened_parts, reminders
from lms_app.domain.people import mails as account_mails
from lms_app.domain.people.registration import MAIL_LINK
from lms_app.domain.talk import announcements
from lms_app.words import DeliveryChannel, JobQueue
from workers.broker import job

log = structlog.get_logger(__name__)

REMINDERS_LOCK = 0x4C594E4F
"""Key of the advisory lock: the letters LYNO."""


@job(inbox.DELIVER, queue=JobQueue.NOTIFICATIONS)
def deliver(delivery_id: str) -> None:
    """Mails one notification to its person, or sends it to their browsers."""
    with transaction() as session:
        again = deliveries.send(session, UUID(delivery_id), mail=mail.mailer(session), push=partial(browsers.send, post=push.post))
    _look_again(again)


@job(inbox.DIGEST, queue=JobQueue.NOTIFICATIONS)
def send_digest(person_id: str, channel: str) -> None:
    """Mails a person what has gathered for a digest."""
    with transaction() as session:
        again = deliveries.send_digest(session, UUID(person_id), DeliveryChannel(channel), mail=mail.mailer(session))
    _look_again(again)


def _look_again(again: deliveries.Again | None) -> None:
    """Lets the job come back later, which is no failure of it: how often something was tried stands at the delivery."""
    if again is not None:
        raise Retry(delay=max((again.at - clock.now()) // timedelta(milliseconds=1), 0))


def _dressing(send: mail.Send) -> Callable[[str, str, str], None]:
    """Sends what was written in plain words with the looks of our other mails."""
    return lambda to, subject, text: send(to, subject, text, html=letters.dressed(subject, text))


@job(reminders.REMIND, queue=JobQueue.NOTIFICATIONS, max_retries=0)
def remind() -> None:
    """Tells what time has brought, a batch in each transaction. What fails does not stop the others: it is looked for again soon. One worker does it
    at a time."""
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as lock:
        if not lock.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": REMINDERS_LOCK}).scalar():
            return
        try:
            for step in (*reminders.STEPS, opened_parts.opened_parts):
                _carry_out(step)
        finally:
            lock.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": REMINDERS_LOCK})


def _carry_out(step: reminders.Step) -> None:
    after = None
    try:
        while True:
            with transaction() as session:
                after = step(session, after)
            if after is None:
                return
    except Exception:
        log.exception("reminders_interrupted", step=getattr(step, "__name__", ""))


@job(address_invitations.MAIL, queue=JobQueue.NOTIFICATIONS)
def mail_invitation(invitation_id: str) -> None:
    """Mails an invitation into a course to an address without an account."""
    with transaction() as session:
        address_invitations.send(session, UUID(invitation_id), send=_dressing(mail.mailer(session)))


@job(MAIL_LINK, queue=JobQueue.NOTIFICATIONS)
def mail_link(kind: str, subject: str) -> None:
    """Makes and mails a link: to confirm an account, to reset a password, or to say that there is an account."""
    with transaction() as session:
        account_mails.send_link(session, kind, UUID(subject), send=_dressing(mail.mailer(session)))


@job(announcements.ANNOUNCE, queue=JobQueue.NOTIFICATIONS)
def bring_announcement(announcement_id: str, after: str) -> None:
    """Brings an announcement to the next of those who take its course."""
    with transaction() as session:
        announcements.bring(session, UUID(announcement_id), UUID(after) if after else None)
