import pytest
from sqlmodel import Session, select

from lms_app.adapters import mail
from lms_app.errors import Undelivered
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
    with pytest.raises(Undelivered) as away:
        mail.send_by_smtp("a@example.org", "s", "t")
    assert (away.value.for_good, away.value.gone) == (False, False)


@pytest.mark.parametrize(
    ("at", "reply", "for_good", "gone"),
    [
        ("recipient", "550 5.1.1 no such user ada@example.org", True, True),
        ("recipient", "450 4.2.1 try later", False, False),
        ("content", "554 5.7.1 looks like spam", True, False),
        ("content", "451 4.3.0 disk full", False, False),
    ],
)
def test_what_the_server_answers_says_whether_to_try_again(smtp: Mailbox, at: str, reply: str, for_good: bool, gone: bool) -> None:
    smtp.refuses[at] = reply
    with pytest.raises(Undelivered) as refused:
        mail.send_by_smtp("ada@example.org", "s", "t")
    assert (refused.value.for_good, refused.value.gone) == (for_good, gone)
    assert reply[:3] in refused.value.reason
    assert "ada" not in refused.value.reason


def test_a_mail_in_two_forms_keeps_its_headers(smtp: Mailbox) -> None:
    stop = "<https://lyceum.example/unsubscribe/abc>"
    mail.send_by_smtp("ada@example.org", "Hello", "words\n", html="<p>words</p>", headers={"Message-ID": "<1@x>", "List-Unsubscribe": stop})
    message = smtp.wait_for("ada@example.org")
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert (message["Message-ID"], message["List-Unsubscribe"]) == ("<1@x>", stop)


@pytest.mark.parametrize(
    ("address", "returned_to"), [("", "no-reply@localhost"), ("bounces@example.org", "bounces+01890a5d-ac96-774b-bcce-b302099a8057@example.org")]
)
def test_a_mail_says_where_it_is_returned_to(smtp: Mailbox, monkeypatch: pytest.MonkeyPatch, address: str, returned_to: str) -> None:
    monkeypatch.setenv("BOUNCE_ADDRESS", address)
    get_settings.cache_clear()
    mail.send_by_smtp("ada@example.org", "s", "t", headers={"Message-ID": "<01890a5d-ac96-774b-bcce-b302099a8057@lyceum.example>"})
    smtp.wait_for("ada@example.org")
    assert smtp.return_paths == [returned_to]


def test_without_a_server_mail_is_caught_sealed(session: Session) -> None:
    mail.mailer(session)("ada@example.org", "Welcome", "Hello Ada")
    row = session.exec(select(CaughtMail)).one()
    assert (row.recipient, row.subject, row.text) == ("ada@example.org", "Welcome", "Hello Ada")
    assert b"Ada" not in bytes(row.text_sealed or b"")
