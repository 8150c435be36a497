"""Jobs of the notifications queue."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from dramatiq.errors import Retry

from lms_app.adapters import clock, mail, push
from lms_app.database import transaction
from lms_app.domain.enrollments import address_invitations
from lms_app.domain.notifications import browsers, deliveries, inbox
from lms_app.domain.people import mails as account_mails
from lms_app.domain.people.registration import MAIL_LINK
from lms_app.domain.talk import announcements
from lms_app.words import DeliveryChannel, JobQueue
from workers.broker import job


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


@job(address_invitations.MAIL, queue=JobQueue.NOTIFICATIONS)
def mail_invitation(invitation_id: str) -> None:
    """Mails an invitation into a course to an address without an account."""
    with transaction() as session:
        address_invitations.send(session, UUID(invitation_id), send=mail.mailer(session))


@job(MAIL_LINK, queue=JobQueue.NOTIFICATIONS)
def mail_link(kind: str, subject: str) -> None:
    """Makes and mails a link: to confirm an account, to reset a password, or to say that there is an account."""
    with transaction() as session:
        account_mails.send_link(session, kind, UUID(subject), send=mail.mailer(session))


@job(announcements.ANNOUNCE, queue=JobQueue.NOTIFICATIONS)
def bring_announcement(announcement_id: str, after: str) -> None:
    """Brings an announcement to the next of those who take its course."""
    with transaction() as session:
        announcements.bring(session, UUID(announcement_id), UUID(after) if after else None)
