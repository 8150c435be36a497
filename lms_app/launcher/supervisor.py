"""Keeps processes and servers running: what dies is started again, what must end ends in order."""

import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lms_app.launcher import processes
from lms_app.launcher.failures import CannotStart
from lms_app.launcher.output import Output

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0
LASTED = 20.0
"""Seconds after which a process counts as having run well, so that its next death is its first again."""
GRACE = 15.0
"""Seconds that a process has to finish what it does."""


class Server(Protocol):
    """An embedded server."""

    @property
    def is_running(self) -> bool: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


@dataclass
class Pauses:
    """How long to wait before the next start: longer each time, short again after a good run."""

    next_pause: float = FIRST_PAUSE
    started: float = 0.0
    due: float = 0.0

    def note_start(self) -> None:
        self.started = time.monotonic()

    def note_death(self) -> float:
        """Seconds until the next start."""
        now = time.monotonic()
        if now - self.started > LASTED:
            self.next_pause = FIRST_PAUSE
        pause, self.next_pause = self.next_pause, min(self.next_pause * 2, LONGEST_PAUSE)
        self.due = now + pause
        return pause

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.due


@dataclass
class Child:
    """One process type of the Procfile."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    latest: deque[str] = field(default_factory=deque)
    pauses: Pauses = field(default_factory=Pauses)
    deaths: int = 0


class Supervisor:
    """Call it from the main thread alone: the system ends children with the thread that started them."""

    def __init__(self, output: Output, *, env: Mapping[str, str], cwd: Path, logs: Path) -> None:
        self._output, self._env, self._cwd, self._logs = output, env, cwd, logs
        self._servers: dict[str, tuple[Server, Pauses]] = {}
        self._children: list[Child] = []

    @property
    def children(self) -> Sequence[Child]:
        return tuple(self._children)

    def add_server(self, name: str, server: Server) -> None:
        """Start an embedded server, and watch it from now on."""
        pauses = Pauses()
        self._servers[name] = server, pauses
        server.start()
        pauses.note_start()

    def add_process(self, name: str, command: Sequence[str]) -> None:
        """Start a process, and watch it from now on."""
        child = Child(name, command)
        self._children.append(child)
        self._start(child)

    def watch_once(self) -> None:
        """Start again what has died, when its pause is over. Servers first: the processes need them."""
        for name, (server, pauses) in self._servers.items():
            if not server.is_running:
                self._revive_server(name, server, pauses)
        for child in self._children:
            if child.process is None:
                if child.pauses.is_over:
                    self._start(child)
            elif (code := child.process.poll()) is not None:
                processes.kill_group(child.process.pid)  # its own children may hold the port
                child.process = None
                child.deaths += 1
                pause = child.pauses.note_death()
                self._output.say(f"{child.name} ended unexpectedly ({_manner(code)}); it starts again in {pause:.1f} s")

    def watch_until(self, is_done: Callable[[], bool], *, seconds: float, most_deaths: int = 3) -> None:
        """Watch until something is so. Raises CannotStart when it takes too long, or when a process keeps dying."""
        deadline = time.monotonic() + seconds
        while not is_done():
            self.watch_once()
            for child in self._children:
                if child.deaths >= most_deaths:
                    raise CannotStart(f"The {child.name} process does not stay up. Its last lines:", "\n".join(child.latest))
            if time.monotonic() > deadline:
                raise CannotStart(f"Lyceum was not ready within {seconds:.0f} s. The logs are in {self._logs}.")
            time.sleep(0.1)

    def end_all(self) -> None:
        """End the processes together, then the servers that they used, the last started first."""
        running = [child.process for child in self._children if child.process is not None and child.process.poll() is None]
        for process in running:
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while any(process.poll() is None for process in running) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in self._children:
            if child.process is not None:
                processes.end(child.process)
        for server, _ in reversed(self._servers.values()):
            server.stop()

    def kill_all(self) -> None:
        """End everything at once, for whoever cannot wait."""
        for child in self._children:
            if child.process is not None:
                processes.end(child.process)
        for server, _ in self._servers.values():
            server.stop()

    def _start(self, child: Child) -> None:
        child.pauses.note_start()
        env = {**self._env, processes.LAUNCHER: str(os.getpid())}
        child.process = processes.start(child.command, env=env, cwd=self._cwd, output=subprocess.PIPE)
        assert child.process.stdout is not None
        place = self._children.index(child)
        child.latest = self._output.relay(child.name, place, child.process.stdout, self._logs / f"{child.name}.log")

    def _revive_server(self, name: str, server: Server, pauses: Pauses) -> None:
        if not pauses.is_over:
            return
        self._output.say(f"{name} ended unexpectedly; it starts again")
        pauses.note_death()
        try:
            server.start()
        except CannotStart as failure:
            self._output.say(str(failure))
        pauses.note_start()


def _manner(code: int) -> str:
    return f"by {signal.Signals(-code).name}" if code < 0 else f"with code {code}"
