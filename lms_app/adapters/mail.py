"""Mail by SMTP, or caught for the mailbox page where no mail server is set."""

import smtplib
import ssl
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import formatdate, make_msgid
from typing import Protocol
from urllib.parse import unquote, urlsplit

from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.crypto import blind_index, key_ring
from lms_app.errors import Undelivered
from lms_app.models import CaughtMail
from lms_app.settings import get_settings

TIMEOUT = 10


class Send(Protocol):
    """Sends one mail; raises Undelivered where it is not taken."""

    def __call__(self, to: str, subject: str, text: str, *, html: str = "", headers: Mapping[str, str] | None = None) -> None: ...


def mailer(session: Session) -> Send:
    """How this installation sends mail. What is not taken, a job tries again."""
    if get_settings().smtp_url:
        return send_by_smtp

    def catch(to: str, subject: str, text: str, *, html: str = "", headers: Mapping[str, str] | None = None) -> None:
        key_ring.create_once(session)
        row = CaughtMail(recipient_index=blind_index("email", to), created_at=clock.now())
        session.add(row)
        row.recipient, row.subject, row.text, row.html = to, subject, text, html or None
        session.flush()

    return catch


def send_by_smtp(to: str, subject: str, text: str, *, html: str = "", headers: Mapping[str, str] | None = None) -> None:
    """Sends one mail. Raises Undelivered, which says whether the server refuses it for good."""
    message = _message(to, subject, text, html, headers or {})
    try:
        with _connection(get_settings().smtp_url) as server:
            server.send_message(message, from_addr=_return_path(message["Message-ID"]))
    except smtplib.SMTPRecipientsRefused as refused:
        code = max(code for code, _ in refused.recipients.values())
        gone = code >= 500
        raise Undelivered(f"The mail server {'refuses' if gone else 'does not take'} the address ({code}).", for_good=gone, gone=gone) from None
    except smtplib.SMTPDataError as refused:
        raise Undelivered(f"The mail server refuses the mail ({refused.smtp_code}).", for_good=refused.smtp_code >= 500) from None
    except smtplib.SMTPResponseException as refused:
        # Our sender, our password: whoever runs this can mend it, and the mail goes then.
        raise Undelivered(f"The mail server lets nothing in ({refused.smtp_code}).") from None
    except (smtplib.SMTPException, OSError) as away:
        raise Undelivered(f"The mail server cannot be reached ({type(away).__name__}).") from None


def _message(to: str, subject: str, text: str, html: str, headers: Mapping[str, str]) -> EmailMessage:
    message = EmailMessage(policy=WIRE)
    message["From"] = get_settings().mail_from
    # Built from its parts, so that nothing in an address or a subject can begin a header of its own.
    local, _, domain = to.rpartition("@")
    message["To"] = Address(username=local, domain=domain)
    message["Subject"] = " ".join(subject.split())
    message["Date"] = formatdate(clock.now().timestamp())
    message["Message-ID"] = headers.get("Message-ID") or make_msgid(domain="lyceum.invalid")
    message["Auto-Submitted"] = "auto-generated"
    for name, value in headers.items():
        if name != "Message-ID":
            message[name] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def _return_path(message_id: str) -> str | None:
    """Where this mail is returned to; None for the address of its sender."""
    local, _, domain = get_settings().bounce_address.rpartition("@")
    return f"{local}+{message_id.strip('<> ').partition('@')[0]}@{domain}" if local else None


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
