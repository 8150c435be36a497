"""A worker as production runs it: a job that it was killed in runs again, and what is done is marked as done."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from sqlmodel import select

from lms_app.adapters import clock, jobs
from lms_app.database import transaction
from lms_app.launcher.places import PROJECT
from lms_app.launcher.processes import LAUNCHER, kill_group
from lms_app.models import OutboxMessage
from lms_app.words import JobQueue
from tests.support.running import end_of

JOBS = '''
import os, time
from pathlib import Path
from lms_app.words import JobQueue
from workers.broker import broker, job

@job("stones.polish", queue=JobQueue.DEFAULT)
def polish(folder):
    """Stays in its first run until it is killed; ends at once in its second."""
    runs = Path(folder) / "runs"
    with runs.open("a") as file:
        file.write(f"{os.getpid()}\\n")
    if len(runs.read_text().split()) == 1:
        time.sleep(600)

@job("stones.crush", queue=JobQueue.DEFAULT)
def crush(folder):
    """Always fails, with something private in the error's own words."""
    with (Path(folder) / "runs").open("a") as file:
        file.write(f"{os.getpid()}\\n")
    raise ValueError("ada@example.org was here")
'''


@contextmanager
def worker(folder: Path, launcher: Sequence[str] = ()) -> Iterator[subprocess.Popen[bytes]]:
    (folder / "stone_jobs.py").write_text(JOBS)
    command = [
        *launcher,
        sys.executable,
        "-m",
        "dramatiq",
        "stone_jobs",
        "--processes",
        "1",
        "--threads",
        "1",
        "--queues",
        "default",
        "--path",
        str(folder),
    ]
    environment = os.environ | {"PYTHONPATH": f"{PROJECT}:{folder}"}
    with (folder / "worker.log").open("ab") as sink:
        process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=sink, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        yield process
    finally:
        kill_group(process.pid)
        process.wait(10)


def wait_until(is_so: Callable[[], object], folder: Path, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, (folder / "worker.log").read_text()
        time.sleep(0.05)


def runs(folder: Path) -> int:
    noted = folder / "runs"
    return len(noted.read_text().split()) if noted.exists() else 0


def is_done() -> bool:
    with transaction() as session:
        return session.exec(select(OutboxMessage.done_at)).one() is not None


@pytest.mark.usefixtures("committed_database", "redis_url")
def test_a_job_whose_worker_was_killed_runs_again(tmp_path: Path) -> None:
    with transaction() as session:
        jobs.enqueue(session, "stones.polish", queue=JobQueue.DEFAULT, folder=str(tmp_path))
    with worker(tmp_path) as first:
        wait_until(lambda: runs(tmp_path) == 1, tmp_path)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait(10)
    assert not is_done()
    with worker(tmp_path):
        with clock.moved_by(jobs.RESEND_AFTER * 1.5 + timedelta(seconds=1)), transaction() as session:
            assert jobs.sweep(session) == 1
        wait_until(is_done, tmp_path)
    assert runs(tmp_path) >= 2


LAUNCHED = """
import os, subprocess, sys
from lms_app.launcher.processes import LAUNCHER
subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=os.environ | {LAUNCHER: str(os.getpid())})
"""


@pytest.mark.usefixtures("committed_database", "redis_url")
def test_a_worker_whose_launcher_was_killed_ends(tmp_path: Path) -> None:
    """In the middle of a job, and with nobody who reads what it says."""
    with transaction() as session:
        jobs.enqueue(session, "stones.polish", queue=JobQueue.DEFAULT, folder=str(tmp_path))
    with worker(tmp_path, launcher=[sys.executable, "-c", LAUNCHED]) as launcher:
        wait_until(lambda: runs(tmp_path) == 1, tmp_path)
        started = psutil.Process(launcher.pid).children(recursive=True)
        assert len(started) >= 2
        launcher.kill()
        launcher.wait(10)
        assert not end_of(started)


def test_a_worker_that_a_shell_started_goes_on_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from workers.broker import EndsWithItsLauncher, broker

    monkeypatch.delenv(LAUNCHER, raising=False)
    before = threading.active_count()
    EndsWithItsLauncher().after_process_boot(broker)
    assert threading.active_count() == before


@pytest.mark.usefixtures("committed_database", "redis_url")
def test_a_job_that_fails_is_left_to_the_sweep_and_says_why_without_quoting(tmp_path: Path) -> None:
    def row() -> OutboxMessage:
        with transaction() as session:
            return session.exec(select(OutboxMessage)).one()

    with transaction() as session:
        jobs.enqueue(session, "stones.crush", queue=JobQueue.DEFAULT, folder=str(tmp_path))
    with worker(tmp_path):
        wait_until(lambda: row().last_error, tmp_path)
        assert runs(tmp_path) == 1
        failed = row()
        assert failed.done_at is None
        assert (failed.not_before - clock.now()).total_seconds() < 2
        assert (failed.last_error or "").startswith("builtins.ValueError at stone_jobs.py:")
        assert "example.org" not in (failed.last_error or "")
        with transaction() as session:
            session.get_one(OutboxMessage, failed.id).sendings = jobs.TRIES - 1
        with clock.moved_by(timedelta(seconds=5)), transaction() as session:
            assert jobs.sweep(session) == 1
        wait_until(lambda: row().parked_at, tmp_path)
    assert runs(tmp_path) == 2
