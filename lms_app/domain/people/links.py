"""Single-use links that go out by mail. Only a digest is kept: who reads the database cannot use them."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.errors import Invalid
from lms_app.models import MailedLink
from lms_app.words import LinkPurpose

LIFE = {LinkPurpose.CONFIRM: timedelta(hours=24), LinkPurpose.RESET: timedelta(minutes=30)}


def make(session: Session, purpose: LinkPurpose, *, person_id: UUID | None = None, registration_id: UUID | None = None) -> str:
    """A new secret to put into a link. Earlier links of the same purpose for the same person stop working."""
    now = clock.now()
    secret = secrets.token_urlsafe(32)
    if person_id is not None:
        session.execute(
            update(MailedLink)
            .where(col(MailedLink.person_id) == person_id, col(MailedLink.purpose) == purpose, col(MailedLink.used_at).is_(None))
            .values(used_at=now)
        )
    session.add(
        MailedLink(
            purpose=purpose,
            digest=_digest(secret),
            person_id=person_id,
            registration_id=registration_id,
            created_at=now,
            expires_at=now + LIFE[purpose],
        )
    )
    session.flush()
    return secret


def use(session: Session, purpose: LinkPurpose, secret: str) -> MailedLink:
    """Uses a link up. Raises Invalid when it is unknown, used or too old; a second use at the same moment waits and is refused."""
    link = session.exec(select(MailedLink).where(MailedLink.digest == _digest(secret), MailedLink.purpose == purpose).with_for_update()).first()
    if link is None or link.used_at is not None or link.expires_at <= clock.now():
        raise _no_good()
    link.used_at = clock.now()
    session.add(link)
    return link


def is_good(session: Session, purpose: LinkPurpose, secret: str) -> bool:
    """Whether a link would still work, without using it."""
    link = session.exec(select(MailedLink).where(MailedLink.digest == _digest(secret), MailedLink.purpose == purpose)).first()
    return link is not None and link.used_at is None and link.expires_at > clock.now()


def must_be_good(session: Session, purpose: LinkPurpose, secret: str) -> None:
    """Raises Invalid for a link that would not work."""
    if not is_good(session, purpose, secret):
        raise _no_good()


def _no_good() -> Invalid:
    return Invalid("This link was used already, or its time is over. Ask for a new one.")


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
