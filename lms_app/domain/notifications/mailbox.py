"""The mail that an installation without a mail server has caught: for the demo on one's own machine, and nowhere else."""

import re
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from lms_app.crypto import INSTALLATION, key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.notifications.queries import when_in_words
from lms_app.domain.notifications.views import CaughtMailLine, CaughtMailText, MailPart
from lms_app.errors import NotFound
from lms_app.models import CaughtMail
from lms_app.settings import get_settings

MOST = 50
_LINK = re.compile(r"https?://\S+")


def caught(session: Session, _: Actor | None) -> list[CaughtMailLine]:
    """The newest mails to anybody, 50 at most. Raises NotFound where the installation is more than a demo on this machine."""
    _must_be_demo()
    rows = session.exec(select(CaughtMail).order_by(col(CaughtMail.id).desc()).limit(MOST)).all()
    key_ring.load(session, [INSTALLATION])
    return [CaughtMailLine(id=str(row.id), recipient=row.recipient or "", subject=row.subject or "", when=_when(row)) for row in rows]


def read(session: Session, _: Actor | None, mail_id: UUID) -> CaughtMailText:
    """One mail with its links found. Raises NotFound."""
    _must_be_demo()
    row = session.get(CaughtMail, mail_id)
    if row is None:
        raise NotFound
    return CaughtMailText(
        id=str(row.id),
        recipient=row.recipient or "",
        subject=row.subject or "",
        when=_when(row),
        parts=_parts(row.text or ""),
    )


def _must_be_demo() -> None:
    if not get_settings().shows_mailbox:
        raise NotFound


def _parts(words: str) -> list[MailPart]:
    parts: list[MailPart] = []
    at = 0
    for found in _LINK.finditer(words):
        parts.append(MailPart(text=words[at : found.start()]))
        # Only our own addresses become links: the text of a mail may quote what a stranger wrote.
        ours = found.group().startswith(f"{get_settings().public_url}/")
        parts.append(MailPart(text=found.group(), href=found.group() if ours else ""))
        at = found.end()
    parts.append(MailPart(text=words[at:]))
    return [part for part in parts if part.text]


def _when(row: CaughtMail) -> str:
    return f"{when_in_words(row.created_at, ZoneInfo('UTC'))} UTC"
