"""The fixtures that other tests lean on."""

import smtplib
from email.message import EmailMessage

import redis
from sqlalchemy import text
from sqlmodel import Session

from lms_app.database import engine, transaction
from lms_app.settings import get_settings
from tests.support.mailbox import Mailbox

ADD = text("CREATE TABLE left_over (n int)")
SEEN = text("SELECT to_regclass('left_over') IS NOT NULL")


def test_a_commit_in_the_session_fixture_is_seen_by_the_test(session: Session) -> None:
    session.execute(ADD)
    session.commit()
    assert session.execute(SEEN).scalar_one()
    session.rollback()
    assert session.execute(SEEN).scalar_one()
    with engine().connect() as other:
        assert not other.execute(SEEN).scalar_one()


def test_a_committed_database_is_the_one_of_the_app(committed_database: str) -> None:
    with transaction() as session:
        session.execute(ADD)
    with transaction() as session:
        assert session.execute(SEEN).scalar_one()
        assert str(session.execute(text("SELECT current_database()")).scalar_one()) in committed_database


def test_the_next_test_sees_the_shared_database_again(session: Session) -> None:
    assert session.execute(text("SELECT current_database()")).scalar_one() == "lyceum_shared"
    assert not session.execute(SEEN).scalar_one()


def test_valkey_is_empty_and_the_settings_point_at_it(database: str, redis_url: str) -> None:
    with redis.Redis.from_url(get_settings().cache_redis_url) as client:
        assert client.dbsize() == 0
        client.set("a", "b")


def test_mail_that_is_sent_can_be_read(smtp: Mailbox) -> None:
    message = EmailMessage()
    message["To"], message["From"], message["Subject"] = "ada@example.org", "lyceum@example.org", "Grüße"
    message.set_content("Hello")
    with smtplib.SMTP("127.0.0.1", smtp.port) as client:
        client.send_message(message)
    assert smtp.wait_for("ada@example.org")["Subject"] == "Grüße"
