"""Lyceum running as `make run` runs it, for tests that look at it from outside."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

from lms_app.launcher.places import PROJECT, pages_folder
from lms_app.launcher.processes import AccountArguments

# What the tests' own process was given, and a run of its own must not inherit.
OURS = ("DATABASE_URL", "REDIS_URL", "VAR_DIR", "PUBLIC_URL", "SMTP_URL", "BCRYPT_ROUNDS", "INSTRUCTORS", "DEMO", "PORT", "STATE_KEY", "PASSWORD_KEY")
OURS = (*OURS, "MASTER_KEYS", "BLIND_INDEX_KEY", "SIGNING_KEYS")


class RunningLyceum:
    """One run of the launcher with a data folder of its own, and with the pages that are built already."""

    def __init__(self, var: Path, *, project: Path = PROJECT, python: str = sys.executable, **settings: str) -> None:
        self._python, self._project = python, project
        inherited = {name: value for name, value in os.environ.items() if name not in OURS and not name.startswith("COV")}
        self.env = inherited | {"VAR_DIR": str(var), "PAGES_DIR": str(pages_folder({})), "BCRYPT_ROUNDS": "4"} | settings
        self.lines: list[str] = []
        self.url = ""
        self.process: subprocess.Popen[str] | None = None
        self.seconds_to_ready = 0.0

    def start(self, *, account: AccountArguments | None = None) -> None:
        """Start it without waiting."""
        self.process = subprocess.Popen(
            [self._python, "-m", "lms_app", "run"],
            cwd=self._project,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            **(account or {}),
        )
        self._started = time.monotonic()
        threading.Thread(target=self._read, daemon=True).start()

    def wait_until_ready(self, seconds: float = 600) -> None:
        """Wait for its greeting. The first run of a data folder makes the demo campus, which takes a while."""
        self.wait_for("Lyceum is ready: ", seconds)
        self.seconds_to_ready = time.monotonic() - self._started
        self.url = next(line for line in self.lines if line.startswith("Lyceum is ready: ")).split(": ", 1)[1]

    def wait_for(self, text: str, seconds: float = 60) -> str:
        """The first line so far, or to come, with this text."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = next((line for line in self.lines if text in line), None)
            if found is not None:
                return found
            assert self.process is not None
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"{text!r} was not said. What was:\n" + "\n".join(self.lines[-40:]))

    def wait_for_end(self, seconds: float = 40) -> int:
        """Its exit code."""
        assert self.process is not None
        return self.process.wait(seconds)

    def interrupt(self) -> int:
        """What Ctrl-C does; returns the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.wait_for_end()

    def end(self) -> None:
        """Make sure that nothing of it runs."""
        if self.process is not None and self.process.poll() is None:
            try:
                self.interrupt()
            except subprocess.TimeoutExpired:
                for process in self.processes():
                    process.kill()
                self.process.kill()
                self.process.wait()

    def processes(self) -> list[psutil.Process]:
        """Everything that it has started and that lives."""
        assert self.process is not None
        return psutil.Process(self.process.pid).children(recursive=True)

    def process_of(self, text: str) -> psutil.Process:
        """The one child of the launcher whose command line has this text."""
        assert self.process is not None
        found = [child for child in psutil.Process(self.process.pid).children() if text in " ".join(child.cmdline())]
        assert len(found) == 1, f"{len(found)} processes for {text}: {found}"
        return found[0]

    def readiness(self) -> dict[str, object]:
        """What `/readyz` says; empty when nobody answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            return json.load(refused)
        except OSError:
            return {}

    def wait_until_well(self, seconds: float = 60) -> None:
        """Wait until every part answers again."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.readiness().get("ready") is True:
                return
            time.sleep(0.1)
        raise AssertionError(f"Not well after {seconds} s: {self.readiness()}\n" + "\n".join(self.lines[-40:]))

    def _read(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))


def end_of(processes: list[psutil.Process], seconds: float = 60) -> list[psutil.Process]:
    """Those that still live after a while."""
    return psutil.wait_procs(processes, timeout=seconds)[1]


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that live now. One that has ended may still be listed until the system's first process, who inherits orphans, has taken note."""
    return [process for process in processes if process.is_running() and _state(process) not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)]


def _state(process: psutil.Process) -> str:
    try:
        return process.status()
    except psutil.NoSuchProcess:
        return psutil.STATUS_DEAD
