"""Two schedulers as production runs them: one leads, the other takes over, and a broker that is down ends neither."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import redis

from lms_app.launcher.places import PROJECT
from lms_app.launcher.ports import free_port
from lms_app.settings import get_settings

LEADS = "scheduler_leads"


class Scheduler:
    """A running scheduler and what it logged."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process, self.log = process, log

    @property
    def leads(self) -> bool:
        return LEADS in self.log.read_text()


@contextmanager
def scheduler(folder: Path, name: str, **environment: str) -> Iterator[Scheduler]:
    log = folder / f"{name}.log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "workers.schedule"], cwd=PROJECT, env=os.environ | environment, stdout=sink, stderr=subprocess.STDOUT
        )
    try:
        yield Scheduler(process, log)
    finally:
        process.kill()
        process.wait(10)


def wait_until(is_so: Callable[[], object], seconds: float) -> float:
    """How long it took, in seconds."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < seconds, "It did not come to pass."
        time.sleep(0.02)
    return time.monotonic() - began


def woken() -> int:
    """How often the most frequent job was asked for; no worker takes it here."""
    with redis.Redis.from_url(get_settings().broker_redis_url) as client:
        return int(client.hlen("lyceum:analytics.msgs"))  # pyright: ignore[reportArgumentType]


@pytest.fixture
def pair(committed_database: str, redis_url: str, tmp_path: Path) -> Iterator[tuple[Scheduler, Scheduler]]:
    """The one that leads, and the one that stands by."""
    with ExitStack() as stack:
        both = [stack.enter_context(scheduler(tmp_path, name)) for name in ("first", "second")]
        wait_until(lambda: any(one.leads for one in both), 60)
        yield tuple(sorted(both, key=lambda one: not one.leads))  # pyright: ignore[reportReturnType]


def test_of_two_one_leads_and_the_other_takes_over_when_it_is_killed(pair: tuple[Scheduler, Scheduler]) -> None:
    leader, other = pair
    wait_until(lambda: woken() > 0, 10)
    assert not other.leads
    # The other has surely started, and found the lead taken, once the leader has gone on for a while.
    before = woken()
    wait_until(lambda: woken() >= before + 3, 30)
    assert not other.leads
    assert other.process.poll() is None
    leader.process.send_signal(signal.SIGKILL)
    leader.process.wait(10)
    wait_until(lambda: other.leads, 10)
    before = woken()
    wait_until(lambda: woken() > before, 10)


def test_a_broker_that_is_down_does_not_end_it(committed_database: str, redis_url: str, tmp_path: Path) -> None:
    with scheduler(tmp_path, "alone", BROKER_REDIS_URL=f"redis://127.0.0.1:{free_port()}/0") as alone:
        wait_until(lambda: alone.log.read_text().count("scheduler_waits_for_broker") >= 8, 60)
        assert alone.process.poll() is None
        alone.process.terminate()
        assert alone.process.wait(10) == 0
