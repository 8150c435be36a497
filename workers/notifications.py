"""Jobs of the notifications queue."""

from uuid import UUID

from lms_app.adapters import mail
from lms_app.database import transaction
from lms_app.domain.enrollments import address_invitations
from lms_app.domain.notifications import inbox, mails
from lms_app.domain.people import mails as account_mails
from lms_app.domain.people.registration import MAIL_LINK
from lms_app.domain.talk import announcements
from lms_app.words import JobQueue
from workers.broker import job


@job(inbox.MAIL, queue=JobQueue.NOTIFICATIONS)
def mail_notification(notification_id: str) -> None:
    """Mails one notification to its person."""
    with transaction() as session:
        mails.send_notification(session, UUID(notification_id), send=mail.mailer(session))


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
