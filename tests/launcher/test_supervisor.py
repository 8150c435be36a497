"""Processes that die, that end, and that will not end."""

import io
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from lms_app.launcher.failures import CannotStart
from lms_app.launcher.output import Output
from lms_app.launcher.supervisor import LONGEST_PAUSE, Pauses, Supervisor

STAYS = "import time; print('up', flush=True); time.sleep(600)"
HAS_A_CHILD = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STAYS!r}]); {STAYS}"


@pytest.fixture
def terminal() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def supervisor(terminal: io.StringIO, tmp_path: Path) -> Iterator[Supervisor]:
    watching = Supervisor(Output(terminal), env=os.environ, cwd=tmp_path, logs=tmp_path / "log")
    yield watching
    watching.kill_all()


def wait_for(is_so: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)


def start(supervisor: Supervisor, program: str) -> psutil.Process:
    supervisor.add_process("web", [sys.executable, "-c", program])
    process = supervisor.children[0].process
    assert process is not None
    return psutil.Process(process.pid)


def test_what_dies_is_started_again_after_a_pause_and_its_own_children_are_gone(supervisor: Supervisor, terminal: io.StringIO) -> None:
    first = start(supervisor, HAS_A_CHILD)
    wait_for(lambda: first.children())
    orphan = first.children()[0]
    first.send_signal(signal.SIGKILL)
    wait_for(lambda: (supervisor.watch_once(), supervisor.children[0].deaths)[1])
    psutil.wait_procs([orphan], timeout=10)
    assert not orphan.is_running()
    wait_for(lambda: (supervisor.watch_once(), supervisor.children[0].process)[1])
    assert "web ended unexpectedly (by SIGKILL); it starts again in 0.2 s" in terminal.getvalue()


def test_a_process_that_will_not_end_is_killed_with_its_children(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms_app.launcher.supervisor.GRACE", 0.5)
    stubborn = start(supervisor, f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {HAS_A_CHILD}")
    wait_for(lambda: stubborn.children())
    family = [stubborn, *stubborn.children()]
    supervisor.end_all()
    assert not psutil.wait_procs(family, timeout=10)[1]


def test_a_process_that_keeps_dying_at_the_start_ends_the_start_with_its_last_words(supervisor: Supervisor) -> None:
    start(supervisor, "import sys; sys.exit('no such table')")
    with pytest.raises(CannotStart, match="no such table") as refused:
        supervisor.watch_until(lambda: False, seconds=30)
    assert "The web process does not stay up" in refused.value.sentence


def test_pauses_grow_to_a_limit_and_begin_anew_after_a_good_run(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    pauses = Pauses()
    waited = []
    for _ in range(10):
        pauses.note_start()
        waited.append(pauses.note_death())
    assert waited[:4] == [0.2, 0.4, 0.8, 1.6]
    assert waited[-1] == LONGEST_PAUSE
    pauses.note_start()
    now += 60
    assert pauses.note_death() == 0.2


def test_lines_that_merely_note_stay_in_the_log(supervisor: Supervisor, terminal: io.StringIO, tmp_path: Path) -> None:
    lines = ['{"level": "info", "event": "job_done"}', '{"level": "warning", "event": "slow"}', "Traceback (most recent call last):"]
    start(supervisor, f"import time; [print(line, flush=True) for line in {lines!r}]; time.sleep(600)")
    wait_for(lambda: "Traceback" in terminal.getvalue())
    assert "job_done" not in terminal.getvalue()
    assert "slow" in terminal.getvalue()
    assert (tmp_path / "log" / "web.log").read_text().splitlines() == lines
