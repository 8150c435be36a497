"""Effects leave after commit and cannot be lost: the outbox, the broker, and the sweep between them."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import redis
from dramatiq import Message
from sqlmodel import select

from lms_app.adapters import clock, jobs
from lms_app.database import transaction
from lms_app.launcher.ports import free_port
from lms_app.models import OutboxMessage
from lms_app.settings import get_settings
from lms_app.words import JobQueue

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")


class Refused(Exception):
    """What makes a transaction roll back here."""


@pytest.fixture
def broker_down(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A broker address that nobody listens on, until `undo`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BROKER_REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
        forget()
        yield patch
    forget()


def forget() -> None:
    get_settings.cache_clear()
    jobs.broker.cache_clear()


def ask(number: int = 1, **options: Any) -> None:
    with transaction() as session:
        jobs.enqueue(session, "stones.polish", queue=JobQueue.DEFAULT, number=number, **options)


def sent(queue: str = "default") -> list[Message[Any]]:
    """What lies in a queue of the broker; in `default.DQ` what is to be done later."""
    with redis.Redis.from_url(get_settings().broker_redis_url) as client:
        return [Message.decode(raw) for raw in client.hgetall(f"lyceum:{queue}.msgs").values()]


def rows() -> list[OutboxMessage]:
    with transaction() as session:
        return list(session.exec(select(OutboxMessage).order_by(OutboxMessage.id)).all())  # pyright: ignore[reportArgumentType]


def sweep(after: float = 0, **options: Any) -> int:
    """Sweeps as if so many seconds had passed."""
    with clock.moved_by(timedelta(seconds=after)), transaction() as session:
        return jobs.sweep(session, **options)


def test_a_job_is_sent_once_its_transaction_is_committed() -> None:
    with transaction() as session:
        jobs.enqueue(session, "stones.polish", queue=JobQueue.DEFAULT, number=1)
        assert sent() == []
    [message], [row] = sent(), rows()
    assert (message.actor_name, message.kwargs) == ("stones.polish", {"outbox_id": str(row.id), "number": 1})


def test_what_is_rolled_back_is_never_sent() -> None:
    def fail() -> None:
        with transaction() as session:
            jobs.enqueue(session, "stones.polish", queue=JobQueue.DEFAULT, number=1)
            raise Refused

    with pytest.raises(Refused):
        fail()
    assert (rows(), sweep(3600), sent()) == ([], 0, [])


@pytest.mark.parametrize("seconds", [0, 6, 59])
def test_a_message_on_its_way_is_not_sent_again(seconds: float) -> None:
    ask()
    assert sweep(seconds) == 0
    assert len(sent()) == 1


def test_a_message_that_nobody_confirms_is_sent_again_ever_more_seldom() -> None:
    ask()
    assert [sweep(59), sweep(91), sweep(200), sweep(91 + 181)] == [0, 1, 0, 1]
    assert len(sent()) == 3
    assert {message.kwargs["outbox_id"] for message in sent()} == {str(rows()[0].id)}


def test_a_job_that_always_fails_is_sent_after_growing_pauses_and_parked_in_the_end() -> None:
    ask()
    pauses = []
    for number in range(1, jobs.TRIES + 1):
        [row] = rows()
        assert (row.sendings, row.parked_at) == (number, None)
        with transaction() as session:
            jobs.failed(session, str(row.id), f"failure {number}")
        if number < jobs.TRIES:
            pauses.append((rows()[0].not_before - clock.now()).total_seconds())
            assert sweep(pauses[-1] - 1 if number > 2 else 0) == 0
            assert sweep(pauses[-1] + 1) == 1
    for number, pause in enumerate(pauses):
        least = min(2**number, jobs.LONGEST_PAUSE.total_seconds())
        assert least - 1 < pause <= 1.5 * least
    assert (sweep(1e6), len(sent())) == (0, jobs.TRIES)
    with transaction() as session:
        [parked] = jobs.parked(session)
        assert (parked.job, parked.arguments, parked.sendings, parked.last_error) == ("stones.polish", {"number": 1}, 16, "failure 16")
        assert jobs.backlog(session) == jobs.Backlog(waiting=0, failing=0, parked=1)


def test_pauses_differ_so_that_what_failed_together_does_not_come_back_together() -> None:
    for number in range(8):
        ask(number)
    for row in rows():
        with transaction() as session:
            jobs.failed(session, str(row.id), "the server is away")
    assert len({row.not_before for row in rows()}) == 8
    with transaction() as session:
        assert jobs.backlog(session) == jobs.Backlog(waiting=8, failing=8, parked=0)


def park() -> UUID:
    """Lets one more job go unconfirmed until it is parked."""
    ask()
    subject = rows()[-1].id
    for hours in range(1, 60):
        sweep(hours * 7200)
    return subject


def test_a_message_that_no_worker_ever_confirms_is_parked_too() -> None:
    park()
    with transaction() as session:
        [parked] = jobs.parked(session)
    assert (parked.sendings, parked.last_error) == (jobs.TRIES, "No worker has confirmed it.")
    assert len(sent()) == jobs.TRIES


def test_what_is_parked_is_not_forgotten_and_is_sent_again_when_asked() -> None:
    first, second = park(), park()
    with clock.moved_by(timedelta(days=400)), transaction() as session:
        jobs.forget_done(session)
    with transaction() as session:
        assert jobs.send_again(session, [first]) == 1
        assert [one.id for one in jobs.parked(session)] == [second]
    assert (sweep(), rows()[0].sendings) == (1, 1)
    with transaction() as session:
        assert (jobs.send_again(session), jobs.parked(session)) == (1, [])
    assert sweep() == 1


def test_a_parked_job_that_a_worker_does_after_all_is_done() -> None:
    subject = park()
    with transaction() as session:
        jobs.done(session, str(subject))
    with transaction() as session:
        assert (jobs.parked(session), jobs.send_again(session)) == ([], 0)


def test_a_late_failure_of_a_second_run_wakes_nothing_that_is_done() -> None:
    ask()
    subject = str(rows()[0].id)
    with transaction() as session:
        jobs.done(session, subject)
        jobs.failed(session, subject, "too late")
    assert (rows()[0].last_error, sweep(1e6)) == (None, 0)


def test_a_postponed_job_comes_again_and_is_never_parked_for_it() -> None:
    ask()
    for _ in range(jobs.TRIES + 4):
        with transaction() as session:
            jobs.postpone(session, str(rows()[0].id), timedelta(seconds=10))
        assert (sweep(9), sweep(11)) == (0, 1)
    assert (rows()[0].parked_at, rows()[0].sendings) == (None, 1)


def test_a_broker_that_is_down_costs_neither_the_transaction_nor_the_job(broker_down: pytest.MonkeyPatch) -> None:
    ask()
    assert [(row.sent_at, row.sendings) for row in rows()] == [(None, 0)]
    with pytest.raises(Exception, match="refused"):
        sweep()
    broker_down.undo()
    forget()
    assert sent() == []
    assert [sweep(), sweep()] == [1, 0]
    assert sent()[0].kwargs == {"outbox_id": str(rows()[0].id), "number": 1}


def test_a_broker_that_lost_everything_is_told_again(redis_url: str) -> None:
    ask()
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    assert sweep(91) == 1
    assert len(sent()) == 1


def test_what_is_done_stays_quiet() -> None:
    ask()
    with transaction() as session:
        jobs.done(session, str(rows()[0].id))
    assert sweep(3600) == 0


def test_a_job_for_later_is_sent_when_it_is_due() -> None:
    ask(not_before=clock.now() + timedelta(seconds=30))
    assert (sent(), sweep(29)) == ([], 0)
    assert sweep(31) == 1
    assert len(sent()) == 1


def test_of_many_with_one_key_the_first_counts_for_good() -> None:
    for number in (1, 2):
        ask(number, unique_key="polish")
    with transaction() as session:
        jobs.done(session, str(rows()[0].id))
    ask(3, unique_key="polish")
    with clock.moved_by(timedelta(days=8)), transaction() as session:
        assert jobs.forget_done(session) is False
    ask(4, unique_key="polish")
    assert [message.kwargs["number"] for message in sent()] == [1]


def test_twenty_at_once_with_one_key_are_one() -> None:
    threads = [threading.Thread(target=ask, args=(number,), kwargs={"unique_key": "polish"}) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rows()) == len(sent()) == 1


def test_two_sweeps_at_once_share_the_rows() -> None:
    for number in range(6):
        ask(number)
    with redis.Redis.from_url(get_settings().broker_redis_url) as client:
        client.flushall()
    with clock.moved_by(timedelta(seconds=91)), transaction() as first, transaction() as second:
        assert [jobs.sweep(first, limit=4), jobs.sweep(second, limit=4)] == [4, 2]
    assert sorted(message.kwargs["number"] for message in sent()) == list(range(6))


def test_done_messages_are_forgotten_after_a_week() -> None:
    ask(1)
    ask(2)
    first, second = rows()
    with transaction() as session:
        jobs.done(session, str(first.id))
    with clock.moved_by(timedelta(days=8)), transaction() as session:
        jobs.forget_done(session)
    assert [row.id for row in rows()] == [second.id]
    assert isinstance(second.id, UUID)


def test_wake_ups_close_together_are_one_and_none_is_lost_once_the_job_began() -> None:
    for _ in range(5):
        jobs.wake("stones.sort", JobQueue.DEFAULT)
    assert len(sent()) == 1
    jobs.heard("stones.sort")
    jobs.wake("stones.sort", JobQueue.DEFAULT)
    assert len(sent()) + len(sent("default.DQ")) == 2


def test_a_job_that_began_a_moment_ago_is_woken_after_a_pause_and_one_that_rested_at_once() -> None:
    jobs.heard("stones.sort")
    jobs.wake("stones.sort", JobQueue.DEFAULT)
    assert not sent()
    (later,) = sent("default.DQ")
    assert 0 < later.options["eta"] - time.time() * 1000 <= jobs.SPACING
    time.sleep(1.1)
    jobs.wake("stones.sort", JobQueue.DEFAULT)
    assert [message.actor_name for message in sent()] == ["stones.sort"]
