"""A transaction on the event loop."""

import asyncio
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from lms_app import database
from lms_app.database import after_commit, close_loop, transact, transaction

T = TypeVar("T")

pytestmark = pytest.mark.usefixtures("committed_database")


@pytest.fixture
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner
        runner.run(close_loop())


def backend(session: Session) -> int:
    return session.execute(text("SELECT pg_backend_pid()")).scalar_one()


def end(*backends: int) -> None:
    """Ends connections as a database that is started anew does."""
    with transaction() as session:
        for pid in backends:
            session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def test_it_commits_runs_what_was_left_for_after_and_undoes_what_failed(loop: asyncio.Runner) -> None:
    ran: list[str] = []

    def work(session: Session) -> str:
        session.execute(text("CREATE TABLE kept (id int)"))
        after_commit(session, lambda: ran.append("told"))
        assert not ran
        return "done"

    def fail(session: Session) -> None:
        session.execute(text("INSERT INTO kept VALUES (1)"))
        after_commit(session, lambda: ran.append("wrong"))
        raise ZeroDivisionError

    assert loop.run(transact(work)) == "done"
    with pytest.raises(ZeroDivisionError):
        loop.run(transact(fail))
    assert loop.run(transact(lambda session: session.execute(text("SELECT count(*) FROM kept")).scalar_one())) == 0
    assert ran == ["told"]
    with transaction() as session:
        session.execute(text("DROP TABLE kept"))


def test_more_than_there_are_connections_wait_for_one_another(loop: asyncio.Runner) -> None:
    async def crowd() -> list[int]:
        def work(session: Session) -> int:
            session.execute(text("SELECT pg_sleep(0.02)"))
            return backend(session)

        return await asyncio.gather(*(transact(work) for _ in range(4 * database.LOOP_CONNECTIONS)))

    assert len(set(loop.run(crowd()))) == database.LOOP_CONNECTIONS


def test_a_database_that_was_started_anew_is_not_noticed(loop: asyncio.Runner) -> None:
    old = loop.run(transact(backend))
    end(old)
    assert loop.run(transact(backend)) != old


def test_work_whose_commit_was_lost_is_not_done_twice(loop: asyncio.Runner) -> None:
    done: list[int] = []

    def work(session: Session) -> None:
        done.append(backend(session))
        end(done[-1])

    with pytest.raises(DBAPIError):
        loop.run(transact(work))
    assert len(done) == 1


def test_the_rules_of_every_connection_hold(loop: asyncio.Runner) -> None:
    def told(session: Session) -> list[str]:
        return [session.execute(text(f"SHOW {name}")).scalar_one() for name in ("statement_timeout", "timezone", "application_name")]

    with transaction() as session:
        threads: Callable[[Session], list[str]] = told
        assert loop.run(transact(told)) == threads(session) == ["15s", "UTC", "lyceum"]
