"""`make run`: everything on one machine, from nothing to an address to open."""

import os
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from lms_app.launcher import installation, ports, preparation, processes, procfile
from lms_app.launcher.failures import CannotStart, last_lines
from lms_app.launcher.lock import only_launcher
from lms_app.launcher.output import Output
from lms_app.launcher.pages import Pages
from lms_app.launcher.places import PROJECT, data_folder, pages_folder
from lms_app.launcher.supervisor import Supervisor

FIRST_PORT = 8000
READY_WITHIN = 120.0
NEEDED_FIRST = ("web", "worker")
"""What `/readyz` asks for. The other processes start when it answers: all at once they would make each other wait."""
TRUE = {"1", "true", "t", "yes", "y", "on"}


class Ended(BaseException):
    """Somebody asked us to end."""


def run(output: Output) -> None:
    """Start everything and keep it running until SIGINT, SIGTERM or SIGHUP. Raises CannotStart."""
    launcher = Launcher(output)
    launcher.listen_for_signals()
    try:
        launcher.run()
    except Ended:
        output.say("Ending …")
    finally:
        launcher.end()
    output.say("Everything has ended.")


class Launcher:
    """One run, step by step."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._var = data_folder()
        self._env = installation.settings_for(self._var)
        self._supervisor = Supervisor(output, env=self._env, cwd=PROJECT, logs=self._var / "log")
        self._asked_at: float | None = None
        self._notes = ""

    def listen_for_signals(self) -> None:
        """End on the usual signals; at once on a second Ctrl-C."""
        for word in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(word, self._on_signal)

    def run(self) -> None:
        """All steps; returns only by an exception."""
        port = self._choose_port()
        address = self._env.get("PUBLIC_URL") or f"http://localhost:{port}"
        with only_launcher(self._var, address=address):
            self._env["PORT"] = str(port)
            self._output.say("Starting Lyceum.")
            self._start_servers()
            self._make_pages()
            self._prepare_database()
            self._start_processes(port)
            self._output.say(self._greeting(address))
            while True:
                self._supervisor.watch_once()
                time.sleep(0.2)

    def end(self) -> None:
        """End all that we started."""
        self._asked_at = self._asked_at or time.monotonic()
        self._supervisor.end_all()

    def _choose_port(self) -> int:
        host = self._env.get("HOST", "127.0.0.1")
        if given := self._env.get("PORT"):
            if not given.isdecimal() or not 0 < int(given) < 65536:
                raise CannotStart(f"PORT is {given!r}. It must be a number from 1 to 65535.")
            if not ports.is_free(int(given), host):
                raise CannotStart(f"Port {given} is in use by another program, or not ours to take. Set PORT to a free one.")
            return int(given)
        for port in range(FIRST_PORT, FIRST_PORT + 100):
            if ports.is_free(port, host):
                return port
        raise CannotStart("Ports 8000 to 8099 are all in use. Set PORT to a free one.")

    def _start_servers(self) -> None:
        if not installation.needs_postgres(self._env) and not installation.needs_valkey(self._env):
            return
        # They import what is slow to import, and a run with servers of its own needs neither.
        from lms_app.launcher.postgres import Postgres
        from lms_app.launcher.valkey import Valkey

        with self._output.step("Starting the servers"):
            if installation.needs_postgres(self._env):
                postgres = Postgres(self._var)
                self._supervisor.add_server("Postgres", postgres)
                self._env["DATABASE_URL"] = postgres.url
            if installation.needs_valkey(self._env):
                valkey = Valkey(self._var)
                self._supervisor.add_server("Valkey", valkey)
                self._env["REDIS_URL"] = valkey.url

    def _make_pages(self) -> None:
        pages = Pages(pages_folder())
        if pages.make_current(lambda line: self._output.say(f"  {line}")):
            self._output.say("  The pages are built.")
        self._env["REFLEX_WEB_WORKDIR"] = str(pages.folder)

    def _prepare_database(self) -> None:
        notes = preparation.remembered_notes(self._var, self._env)
        if notes is None:
            notes = self._command("Preparing the database", "migrate")
            if self._env.get("DEMO", "").lower() in TRUE:
                notes = self._command("Seeding the demo campus", "seed-demo")
            preparation.remember_notes(self._var, self._env, notes)
        self._notes = notes.strip()

    def _start_processes(self, port: int) -> None:
        with self._output.step("Starting the processes"):
            commands = {name: [_program(first), *rest] for name, (first, *rest) in procfile.read(PROJECT / "Procfile").items()}
            for name in [name for name in commands if name in NEEDED_FIRST]:
                self._supervisor.add_process(name, commands[name])
            self._supervisor.watch_until(lambda: _is_ready(port), seconds=READY_WITHIN)
            for name in [name for name in commands if name not in NEEDED_FIRST]:
                self._supervisor.add_process(name, commands[name])

    def _command(self, doing: str, name: str) -> str:
        """Run one of our commands to its end; returns what it says on stdout. Its notes go to a log."""
        log = self._var / "log" / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        said = log.with_suffix(".out")
        with self._output.step(doing), said.open("wb") as answer, log.open("wb") as notes:
            process = processes.start([sys.executable, "-m", "lms_app", name], env=self._env, cwd=PROJECT, output=answer, notes=notes)
            try:
                processes.await_end(process, lambda seconds: self._output.say(f"  {doing} … {seconds:.0f} s"))
            finally:
                processes.end(process, (signal.SIGTERM, 5))
            if process.returncode:
                raise CannotStart(f"{doing} failed. The whole log is {log}.", last_lines(log))
        return said.read_text()

    def _greeting(self, address: str) -> str:
        logs = self._var / "log"
        shown = logs.relative_to(Path.cwd()) if logs.is_relative_to(Path.cwd()) else logs
        paragraphs = [f"Lyceum is ready: {address}", self._notes, f"Ctrl-C ends it. The logs are in {shown}."]
        return "\n" + "\n\n".join(paragraph for paragraph in paragraphs if paragraph)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if self._asked_at is None:
            self._asked_at = now
            raise Ended
        if now - self._asked_at > 1:
            self._supervisor.kill_all()
            os._exit(128 + number)


def _program(name: str) -> str:
    return sys.executable if name == "python" else name


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
