"""The worker's broker and the one way to declare a job.

Run with `dramatiq workers.jobs --queues certificates notifications …` (see Procfile).
"""

import functools
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, ParamSpec

import dramatiq
import psutil
import redis
import structlog
from dramatiq.brokers.redis import RedisBroker
from dramatiq.errors import Retry
from dramatiq.middleware import AgeLimit, Middleware, Retries, ShutdownNotifications, TimeLimit, TimeLimitExceeded
from sqlmodel import Session

from lms_app.adapters import jobs
from lms_app.database import savepoint, transaction
from lms_app.launcher.processes import LAUNCHER
from lms_app.logs import configure_logging, in_short, report_fault
from lms_app.settings import get_settings
from lms_app.words import JobQueue

log = structlog.get_logger(__name__)

P = ParamSpec("P")

HEARTBEAT = "lyceum:worker:alive"


class Logs(Middleware):
    """Logs as every process does. The library's own format would tell what a failed statement was given."""

    def after_process_boot(self, broker: dramatiq.Broker) -> None:
        """A process has loaded the jobs, and starts its threads next."""
        configure_logging()


class EndsWithItsLauncher(Middleware):
    """Ends a child of our launcher once that is gone, after time for what is under way, in whatever state it is.

    It has been told to end by then (`lms_app.launcher.processes`). But nobody reads any more what it says, and a process that has more to say than a
    pipe holds waits for ever. Who was started by something else, such as a shell that ends, goes on.
    """

    def __init__(self, grace: float = 10.0) -> None:
        self._grace = grace

    def after_process_boot(self, broker: dramatiq.Broker) -> None:
        """Our parent is dramatiq's main process, and its parent is who started that."""
        main = psutil.Process(os.getppid())
        if str(main.ppid()) == os.environ.get(LAUNCHER):
            threading.Thread(target=self._end_after, args=(main, main.ppid()), daemon=True).start()

    def _end_after(self, main: psutil.Process, launcher: int) -> None:
        with suppress(psutil.NoSuchProcess):
            while os.getppid() == main.pid and main.ppid() == launcher:
                time.sleep(1)
        time.sleep(self._grace)
        with suppress(psutil.NoSuchProcess):
            main.kill()
        os.kill(os.getpid(), signal.SIGKILL)


class Heartbeat(Middleware):
    """Says in the cache that a worker lives, for `/readyz`."""

    def __init__(self, every: float = 10.0) -> None:
        self._every, self._ending = every, threading.Event()

    def after_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """A worker is up, and says so for as long as it is. Not by the scheduler's jobs alone: the scheduler starts when everything is ready, and
        a web process may need longer than a mark lasts."""
        threading.Thread(target=self._keep_beating, daemon=True).start()

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """It ends."""
        self._ending.set()

    def _keep_beating(self) -> None:
        while True:
            try:
                beat()
            except redis.RedisError as error:
                log.warning("heartbeat_lost", error=type(error).__name__)
            if self._ending.wait(self._every):
                return


def beat() -> None:
    """Leaves a mark that fades after 30 s."""
    redis.Redis.from_url(get_settings().cache_redis_url).set(HEARTBEAT, int(time.time()), ex=30)


broker = RedisBroker(
    url=get_settings().broker_redis_url,
    namespace="lyceum",
    middleware=[
        AgeLimit(),
        TimeLimit(time_limit=600_000),
        ShutdownNotifications(),
        Retries(max_retries=8, min_backoff=500, max_backoff=60_000),
        Logs(),
        EndsWithItsLauncher(),
        Heartbeat(),
    ],
)
dramatiq.set_broker(broker)


HOURS = 3_600_000
"""Milliseconds that a job may take which reads or writes everything there is; others have ten minutes."""


GiveUp = Callable[..., None]
"""`give_up(session, sentence, **arguments)` ends for good what a job was to do, with the reason for whoever waits for it."""

_give_ups: dict[str, GiveUp] = {}

GIVEN_UP = "It was tried again and again, and never came to its end. Try again later; if it happens again, tell whoever runs this site."


def job(name: str, *, queue: JobQueue, give_up: GiveUp | None = None, **options: Any) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Declares a job under `name`. Arguments are ids as text. After it ran, its outbox row, if it came from one, is marked as done;
    where it failed, the row says so and the sweep sends it again, and once that gives up too, `give_up` tells whoever waits. A job must be
    idempotent, for it may run again."""
    if give_up is not None:
        _give_ups[name] = give_up

    def declare(run: Callable[P, None]) -> Callable[P, None]:
        @functools.wraps(run)
        def doorway(outbox_id: str | None = None, **arguments: Any) -> None:
            started = time.perf_counter()
            try:
                run(**arguments)  # pyright: ignore[reportCallIssue]
            except (Exception, TimeLimitExceeded) as error:
                if outbox_id is None:
                    raise
                _note_failure(name, outbox_id, arguments, error)
                return
            if outbox_id is not None:
                with transaction() as session:
                    jobs.done(session, outbox_id)
            # What the scheduler wakes each second is worth no line each.
            note = log.info if outbox_id is not None else log.debug
            note("job_done", job=name, ms=round((time.perf_counter() - started) * 1000))

        dramatiq.actor(actor_name=name, queue_name=queue, **options)(doorway)
        return run

    return declare


def given_up(session: Session, name: str, arguments: dict[str, Any]) -> None:
    """Ends what a job was to do that is sent no more. What cannot be ended is logged, and takes nothing else of the transaction along."""
    if name not in _give_ups:
        return
    try:
        with savepoint(session):
            _give_ups[name](session, GIVEN_UP, **arguments)
    except Exception as error:
        report_fault(error, job=name)


def _note_failure(name: str, outbox_id: str, arguments: dict[str, Any], error: BaseException) -> None:
    """Leaves the next try to the sweep, which pauses longer each time and gives up in the end. A database that cannot be told raises: then the broker
    tries again."""
    with transaction() as session:
        if isinstance(error, Retry):
            jobs.postpone(session, outbox_id, timedelta(milliseconds=error.delay or 0))
            return
        reference = report_fault(error, job=name, message=outbox_id)
        if jobs.failed(session, outbox_id, f"{in_short(error)} (reference {reference})"):
            given_up(session, name, arguments)
