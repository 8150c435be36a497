"""Mail by SMTP, or caught for the mailbox page where no mail server is set."""

import smtplib
import ssl
from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.crypto import blind_index, key_ring
from lms_app.models import CaughtMail
from lms_app.settings import get_settings

TIMEOUT = 10
Send = Callable[[str, str, str], None]


def mailer(session: Session) -> Send:
    """`send(to, subject, text)` as this installation sends mail. What it raises, a job tries again."""
    if get_settings().smtp_url:
        return send_by_smtp

    def catch(to: str, subject: str, text: str) -> None:
        key_ring.create_once(session)
        row = CaughtMail(recipient_index=blind_index("email", to), created_at=clock.now())
        session.add(row)
        row.recipient, row.subject, row.text = to, subject, text
        session.flush()

    return catch


def send_by_smtp(to: str, subject: str, text: str) -> None:
    """Sends one mail. Raises smtplib.SMTPException or OSError when the server does not take it."""
    settings = get_settings()
    message = EmailMessage(policy=WIRE)
    message["From"] = settings.mail_from
    # Built from its parts, so that nothing in an address or a subject can begin a header of its own.
    local, _, domain = to.rpartition("@")
    message["To"] = Address(username=local, domain=domain)
    message["Subject"] = " ".join(subject.split())
    message["Date"] = formatdate(clock.now().timestamp())
    message["Message-ID"] = make_msgid(domain="lyceum.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    with _connection(settings.smtp_url) as server:
        server.send_message(message)


def _connection(address: str) -> smtplib.SMTP:
    """A connection by `smtp://`, `smtps://` (TLS from the start) or `smtp+starttls://`; certificates are checked."""
    parts = urlsplit(address)
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT)
    try:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server
