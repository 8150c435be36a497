"""The fixtures that other tests lean on."""

import os
import smtplib
import subprocess
import sys
import threading
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg2
import pytest
import redis
from coverage import Coverage
from playwright.sync_api import Error, sync_playwright
from sqlalchemy import text
from sqlmodel import Session

from lms_app.database import engine, transaction
from lms_app.settings import get_settings
from tests.support import standstill
from tests.support.browser import LastingBrowser, chromium_path
from tests.support.lending import tables_with_rows
from tests.support.mailbox import Mailbox
from tests.support.measuring import unmeasured
from tests.support.running import alive
from tests.support.servers import TestServers, forget_connections, forget_settings
from tests.support.standstill import Journal

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


def test_what_an_engine_has_compiled_is_kept_for_the_next_test_and_its_connections_are_not(servers: TestServers, database: str) -> None:
    first = engine()
    with first.connect() as connection:
        known = connection.connection.get_backend_pid()
    forget_settings()
    with engine().connect() as connection:
        assert connection.connection.get_backend_pid() == known
    forget_connections()
    assert engine() is first
    with engine().connect() as connection:
        assert connection.connection.get_backend_pid() != known


def test_the_servers_password_is_asked_for_though_it_is_quickly_proven(servers: TestServers) -> None:
    address = urlsplit(servers.postgres.url)
    with closing(psycopg2.connect(servers.postgres.url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = current_user")
        assert cursor.fetchone()[0].startswith("SCRAM-SHA-256$1:")
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(servers.postgres.url.replace(str(address.password), "another"))


def test_a_lent_database_comes_back_empty_and_never_with_tables_that_a_test_has_changed(servers: TestServers) -> None:
    with servers.lend() as url, closing(psycopg2.connect(url)) as left_open:
        with left_open, left_open.cursor() as cursor:
            cursor.execute("INSERT INTO person_keys VALUES (gen_random_uuid(), '', 'first', now())")
            assert tables_with_rows(cursor) == ["person_keys"]
    with servers.lend() as again, closing(psycopg2.connect(again)) as connection, connection, connection.cursor() as cursor:
        assert again == url
        assert tables_with_rows(cursor) == []
        cursor.execute(str(ADD))
    with servers.lend() as other, closing(psycopg2.connect(other)) as connection, connection.cursor() as cursor:
        assert other != url
        cursor.execute(str(SEEN))
        assert cursor.fetchone() == (False,)


def test_the_next_test_sees_the_shared_database_again(session: Session) -> None:
    assert session.execute(text("SELECT current_database()")).scalar_one() == "lyceum_shared"
    assert not session.execute(SEEN).scalar_one()


def test_what_tests_stand_on_is_not_measured_and_what_they_do_is() -> None:
    measured = Coverage(data_file=None)
    with measured.collect():
        with unmeasured(), unmeasured():
            assert Coverage.current() is not measured
        assert Coverage.current() is measured


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


def test_a_browser_test_that_stands_still_fails_and_says_what_it_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    journal = Journal()
    with sync_playwright() as playwright, closing(LastingBrowser(playwright)) as browser:
        context = browser.get().new_context()
        journal.follow(context)
        page = context.new_page()
        # No answer ever comes: nobody fulfils or ends the request.
        page.route("http://lyceum.test/", lambda _: None)
        with pytest.raises(Error, match="closed"), standstill.bounded(3, journal):
            page.evaluate("() => { console.log('before'); return fetch('http://lyceum.test/', { mode: 'no-cors' }) }")
        context.close()
        said = capsys.readouterr().err
        assert "Stood still for 3 s" in said
        assert "console log: before" in said
        assert "Not answered yet:\nGET http://lyceum.test/" in said
        assert browser.get().new_page().evaluate("1 + 1") == 2, "The next test has a browser again."


def test_a_browser_that_does_not_close_what_was_tested_is_ended_and_replaced(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(standstill, "CLOSING_SECONDS", 1)
    with sync_playwright() as playwright, closing(LastingBrowser(playwright)) as browser:
        contexts = [browser.get().new_context(), browser.get().new_context()]
        for process in standstill.browsers():
            process.suspend()
        for context in contexts:
            standstill.close(context)
        assert "not closed in 1 s" in capsys.readouterr().err
        assert browser.get().new_page().evaluate("1 + 1") == 2


def test_a_browser_test_that_takes_too_long_fails_even_if_nothing_waited_for_the_browser() -> None:
    with pytest.raises(AssertionError, match="Stood still"), standstill.bounded(0.01, Journal()):
        threading.Event().wait(0.5)


def test_a_process_that_has_ended_is_not_alive_though_it_is_still_listed() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        listed = psutil.Process(child.pid)
        assert alive([listed]) == [listed]
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert listed.is_running()
        assert alive([listed]) == []


def test_the_lightest_browser_is_driven_and_a_whole_one_where_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(RuntimeError, match="bin/browser"):
        chromium_path()
    for name in ("chromium", "chromium-headless-shell"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    assert Path(chromium_path()).name == "chromium-headless-shell"
    assert Path(chromium_path(whole=True)).name == "chromium"
