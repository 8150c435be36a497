"""Each notification is mailed at least once and shown exactly once, whatever is down in the middle: the worker, Valkey, the mail server.

The ordinary run is down for a second, and lets the sweep's clock run ahead in the place of waiting for what nobody confirmed; the long one is down
for a minute and waits.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psutil
import pytest
from sqlmodel import col, select

from lms_app.adapters import clock, jobs
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.notifications import inbox
from lms_app.domain.people import queries
from lms_app.domain.people.registration import create_person
from lms_app.launcher.places import PROJECT
from lms_app.launcher.valkey import Valkey
from lms_app.models import Notification, NotificationDelivery
from lms_app.words import DeliveryState, NotificationKind
from tests.conftest import LONG
from tests.support.mailbox import Mailbox
from tests.support.servers import TestServers, forget_connections, reachable_folder

pytestmark = pytest.mark.timeout(600)

PEOPLE = 4
DOWN = 60 if LONG else 1
"""Seconds for which something is down."""

PATIENCE = 300
"""Seconds in which everything must have arrived, on a busy machine too."""


@dataclass
class Installation:
    """What is there: Valkey, a mail server, and our processes."""

    valkey: Valkey
    mailbox: Mailbox
    folder: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *queues: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-m", "lms_app", name, *queues]
            self.processes[name] = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)

    def kill(self, name: str) -> None:
        """As a power cut would."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes.pop(name).wait(10)


@pytest.fixture(scope="module")
def installation(servers: TestServers, database: str) -> Iterator[Installation]:
    with reachable_folder("lyceum-arrive-") as folder:
        valkey, mailbox = Valkey(folder), Mailbox()
        valkey.start()
        mailbox.open()
        name = f"arrive_{os.getpid()}"
        environment = {"DATABASE_URL": servers.clone(name), "REDIS_URL": valkey.url, "SMTP_URL": mailbox.url, "VAR_DIR": str(folder / "var")}
        kept = {key: os.environ.get(key) for key in environment}
        os.environ |= environment
        forget_connections()
        running = Installation(valkey, mailbox, folder)
        running.start("worker", "notifications", "default")
        running.start("scheduler")
        try:
            yield running
        finally:
            for process in list(running.processes):
                running.kill(process)
            mailbox.close()
            valkey.stop()
            for key, value in kept.items():
                os.environ.pop(key, None)
                if value is not None:
                    os.environ[key] = value
            forget_connections()
            servers.drop(name)


@contextmanager
def without_worker(running: Installation) -> Iterator[None]:
    running.kill("worker")
    yield
    running.start("worker", "notifications", "default")


@contextmanager
def without_valkey(running: Installation) -> Iterator[None]:
    process = psutil.Process(running.valkey.pid or 0)
    process.kill()
    process.wait(10)
    yield
    running.valkey.start()


@contextmanager
def without_mail_server(running: Installation) -> Iterator[None]:
    running.mailbox.close()
    yield
    running.mailbox.reopen()


class Page:
    """An open page, as the viewer's state keeps what it has met."""

    def __init__(self, person_id: UUID) -> None:
        self.actor, self.met = Actor(person_id=person_id, roles=frozenset()), None
        self.told: list[str] = []

    def look(self) -> None:
        with transaction() as session:
            viewer = queries.viewer(session, self.actor, self.met)
        self.met = tuple({*viewer.newest, *(self.met or ())})
        self.told += viewer.fresh


@pytest.mark.parametrize("without", [without_worker, without_valkey, without_mail_server])
def test_each_is_mailed_at_least_once_and_shown_exactly_once(installation: Installation, without: Callable) -> None:
    people = _people(without.__name__)
    pages = [Page(person_id) for person_id in people]
    for page in pages:
        page.look()
    _tell(people, f"{without.__name__} before")
    with without(installation):
        _tell(people, f"{without.__name__} meanwhile")
        for page in pages:
            page.look()
        time.sleep(DOWN)
    _tell(people, f"{without.__name__} after")
    wanted = {str(each) for each in _deliveries(people)}
    assert len(wanted) == 3 * PEOPLE
    until = time.monotonic() + PATIENCE
    while wanted - (arrived := _arrived(installation)):
        assert time.monotonic() < until, f"{len(wanted - arrived)} of {len(wanted)} mails have not come"
        if not LONG:
            with clock.moved_by(timedelta(minutes=3)), transaction() as session:
                jobs.sweep(session)
        time.sleep(1)
    for page in pages:
        page.look()
        page.look()
        assert len(page.told) == 3
    with transaction() as session:
        assert len(session.exec(select(Notification.id).where(col(Notification.person_id).in_(people))).all()) == 3 * PEOPLE
    _until(lambda: set(_states(people)) == {DeliveryState.SENT})


def _people(name: str) -> list[UUID]:
    with transaction() as session:
        return [create_person(session, name="Ada", email=f"{name}.{number}@example.org", password_hash=None).id for number in range(PEOPLE)]


def _tell(people: list[UUID], key: str) -> None:
    for person_id in people:
        with transaction() as session:
            inbox.deliver(session, person_id, NotificationKind.IMPORT_FAILED, unique_key=f"{key}:{person_id}")


def _deliveries(people: list[UUID]) -> list[UUID]:
    with transaction() as session:
        return list(session.exec(select(NotificationDelivery.id).where(col(NotificationDelivery.person_id).in_(people))).all())


def _states(people: list[UUID]) -> list[str]:
    with transaction() as session:
        return list(session.exec(select(NotificationDelivery.state).where(col(NotificationDelivery.person_id).in_(people))).all())


def _arrived(installation: Installation) -> set[str]:
    """The deliveries that came by mail, as their Message-IDs name them."""
    return {str(message["Message-ID"])[1:37] for message in installation.mailbox.messages}


def _until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.2)
