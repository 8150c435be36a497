"""The scheduler: `python -m workers.schedule`. One leads, by an advisory lock in Postgres; others stand by and take over when it is gone.

It only wakes jobs; what they do is idempotent, so two leaders for a moment would do no harm.
"""

import signal
import threading
import time
from dataclasses import dataclass

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from lms_app.adapters import jobs
from lms_app.database import engine
from lms_app.domain.analytics.audit import AUDIT
from lms_app.domain.analytics.events import FOLD
from lms_app.domain.analytics.partitions import MAKE_PARTITIONS
from lms_app.domain.analytics.spreads import PICTURE
from lms_app.domain.notifications.reminders import REMIND
from lms_app.domain.reports.schedules import ORDER_DUE
from lms_app.logs import configure_logging
from lms_app.words import JobQueue
from workers.default import BEAT, CLEAN_UP, CLOSE_OVERDUE, GRADE_HANDED_IN, SWEEP

log = structlog.get_logger(__name__)

LEADER_LOCK = 0x4C594345
"""Key of the advisory lock: the letters LYCE."""


@dataclass(frozen=True)
class Periodic:
    """A job and how often it is woken, in seconds."""

    job: str
    queue: JobQueue
    every: float


SCHEDULE = (
    Periodic(FOLD, JobQueue.ANALYTICS, 1),
    Periodic(CLOSE_OVERDUE, JobQueue.DEFAULT, 2),
    Periodic(GRADE_HANDED_IN, JobQueue.DEFAULT, 2),
    Periodic(SWEEP, JobQueue.DEFAULT, 2),
    Periodic(REMIND, JobQueue.NOTIFICATIONS, 30),
    Periodic(ORDER_DUE, JobQueue.DEFAULT, 15),
    Periodic(BEAT, JobQueue.DEFAULT, 10),
    Periodic(CLEAN_UP, JobQueue.DEFAULT, 3600),
    Periodic(MAKE_PARTITIONS, JobQueue.ANALYTICS, 86_400),
    Periodic(AUDIT, JobQueue.DEFAULT, 3600),
    Periodic(PICTURE, JobQueue.ANALYTICS, 600),
)


def run(stop: threading.Event) -> None:
    """Leads while it can, until `stop`. A database or broker that is down is waited for."""
    while not stop.is_set():
        try:
            _lead(stop)
        except SQLAlchemyError:
            log.warning("scheduler_waits_for_database")
        stop.wait(1)


def _lead(stop: threading.Event) -> None:
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": LEADER_LOCK}).scalar():
            if stop.wait(1):
                return
        log.info("scheduler_leads")
        due = dict.fromkeys(SCHEDULE, 0.0)
        while not stop.is_set():
            # The lock lives as long as this connection: a lost one must end the lead.
            connection.execute(text("SELECT 1"))
            for periodic, at in due.items():
                if at <= time.monotonic():
                    due[periodic] = time.monotonic() + periodic.every
                    _wake(periodic)
            stop.wait(0.25)


def _wake(periodic: Periodic) -> None:
    try:
        jobs.wake(periodic.job, periodic.queue)
    except Exception:
        log.warning("scheduler_waits_for_broker", job=periodic.job)


def main() -> None:
    """Runs until SIGTERM or SIGINT."""
    configure_logging()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run(stop)


if __name__ == "__main__":
    main()
