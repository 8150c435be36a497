import smtplib

import pytest
from sqlmodel import Session, select

from lms_app.adapters import mail
from lms_app.models import CaughtMail
from lms_app.settings import get_settings
from tests.support.mailbox import Mailbox


def test_mail_goes_out_by_smtp(smtp: Mailbox) -> None:
    mail.send_by_smtp("zoë.müller@example.org", "Grüße\r\nBcc: other@example.org", "Zoë,\n\nhello.\n")
    message = smtp.wait_for("zoë.müller@example.org")
    assert message["Bcc"] is None
    assert "hello." in message.get_content()


def test_a_server_that_is_away_is_an_error(smtp: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", "smtp://127.0.0.1:1")
    get_settings.cache_clear()
    with pytest.raises((OSError, smtplib.SMTPException)):
        mail.send_by_smtp("a@example.org", "s", "t")


def test_without_a_server_mail_is_caught_sealed(session: Session) -> None:
    mail.mailer(session)("ada@example.org", "Welcome", "Hello Ada")
    row = session.exec(select(CaughtMail)).one()
    assert (row.recipient, row.subject, row.text) == ("ada@example.org", "Welcome", "Hello Ada")
    assert b"Ada" not in bytes(row.text_sealed or b"")
