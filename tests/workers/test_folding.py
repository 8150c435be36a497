"""The analytics worker as production runs it: figures follow an event within moments, with no scheduler to wake it."""

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from sqlalchemy import text
from sqlmodel import Session

from lms_app.adapters.pubsub import CHANNEL
from lms_app.database import engine, transaction
from lms_app.domain.analytics import events
from lms_app.launcher.places import PROJECT
from lms_app.models import Enrollment
from lms_app.words import NodeKind, Verb
from tests.support.campus import new_campus


@pytest.fixture
def enrollment(committed_database: str, redis_url: str) -> Enrollment:
    with transaction() as session:
        return new_campus(session).enroll()


@pytest.fixture
def hints(enrollment: Enrollment, redis_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[redis.client.PubSub]:
    """What the worker tells of, from the moment at which it has folded what there was."""
    with (
        redis.Redis.from_url(f"{redis_url}/2") as client,
        client.pubsub(ignore_subscribe_messages=True) as subscription,
        (tmp_path / "worker.log").open("wb") as log,
    ):
        subscription.subscribe(CHANNEL)
        command = [sys.executable, "-m", "lms_app", "worker", "analytics"]
        environment = os.environ | getattr(request, "param", {})
        worker = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            assert heard(subscription, 60), (tmp_path / "worker.log").read_text()
            yield subscription
        finally:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait(10)


def heard(subscription: redis.client.PubSub, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        message = subscription.get_message(timeout=left)
        if message and b'"analytics"' in message["data"]:
            return True
    return False


def act(enrollment: Enrollment) -> None:
    with transaction() as session:
        events.record(session, enrollment, Verb.WITHDREW, NodeKind.COURSE, enrollment.course_id)


def test_an_idle_worker_tells_of_moved_figures_within_a_second(enrollment: Enrollment, hints: redis.client.PubSub) -> None:
    took = []
    for _ in range(12):
        assert not heard(hints, 1.5)
        began = time.monotonic()
        act(enrollment)
        assert heard(hints, 10)
        took.append(time.monotonic() - began)
    # A quarter of a second where nothing else runs; jobs step back behind whatever else does, such as another test.
    assert statistics.median(took) < 1, took


# The wake-up comes while the older transaction is under way, whatever the broker's pace.
@pytest.mark.parametrize("hints", [{"dramatiq_worker_timeout": "20"}], indirect=True)
def test_an_event_that_an_older_transaction_hides_is_folded_as_soon_as_that_ends(enrollment: Enrollment, hints: redis.client.PubSub) -> None:
    with Session(engine()) as older:
        older.execute(text("SELECT pg_current_xact_id()"))
        act(enrollment)
        assert not heard(hints, 0.4)
        older.rollback()
        ended = time.monotonic()
    assert heard(hints, 5)
    assert time.monotonic() - ended < 2
