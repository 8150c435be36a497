"""A private Postgres: one cluster in a data folder, on loopback, behind a password."""

import hashlib
import os
import pwd
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
from psycopg2 import sql

from lms_app.launcher import ports, processes, remembered
from lms_app.launcher.failures import CannotStart, last_lines
from lms_app.launcher.postgres_programs import choose_programs, major_version

USER = DATABASE = "lyceum"


class Postgres:
    """The server of one data folder. `start()` again after a crash: same port, same data."""

    def __init__(self, var: Path, *, durable: bool = True) -> None:
        """`durable=False` turns fsync off: for tests only."""
        self._var = var.resolve()
        self._durable = durable
        self._account = _unprivileged_account()
        self._process: subprocess.Popen[bytes] | None = None
        self._home = self._choose_home()
        self._bin = choose_programs(self._account, copies=self._home)
        self._major = major_version(self._bin, self._account)
        self.data = self._home / self._major
        self.log = self._var / "log" / "postgres.log"
        facts = remembered.recall(self._var, "postgres")
        self._password = facts.get("password") or secrets.token_urlsafe(24)
        self.port = ports.free_port(facts.get("port")) if not self._left_behind() else facts["port"]

    @property
    def url(self) -> str:
        """Address of Lyceum's database on this server."""
        return self.url_of(DATABASE)

    @property
    def bin(self) -> Path:
        """Folder of psql, pg_dump and pg_restore of the same version."""
        return self._bin

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def url_of(self, database: str) -> str:
        """Address of a database on this server."""
        return f"postgresql://{USER}:{self._password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start the server and wait until it answers; make the cluster and the database before the first start."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        self.stop()
        remembered.remember(self._var, "postgres", port=self.port, password=self._password, url=self.url, data=str(self.data))
        with self.log.open("ab") as log:
            self._process = processes.start(
                [self._bin / "postgres", "-D", self.data, *self._options()],
                env=_environment(),
                cwd=self.data,
                output=log,
                last_word=signal.SIGINT,
                account=self._account,
            )
        self._await_answer()

    def stop(self) -> None:
        """End it the fast way: running transactions are rolled back, committed ones are on the disk."""
        if self._process is not None:
            processes.end(self._process, (signal.SIGINT, 15), (signal.SIGQUIT, 5))
            self._process = None
        self._end_leftovers()

    def _options(self) -> list[str]:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 200,
            "timezone": "UTC",
            # What people typed must not reach a log: no statement and no detail of a failed one.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        if not self._durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in options.items() for part in ("-c", f"{name}={value}")]

    def _make_cluster(self) -> None:
        with tempfile.TemporaryDirectory(prefix="new-", dir=self._home) as folder:
            fresh, password = Path(folder) / "data", Path(folder) / "password"
            remembered.write_private(password, self._password)
            self._hand_over(Path(folder), password)
            command = [
                self._bin / "initdb",
                *("--pgdata", fresh, "--username", USER, "--pwfile", password, "--auth", "scram-sha-256"),
                *("--encoding", "UTF8", "--locale", "C", "--no-instructions"),
                # The same order of text on every system.
                *(("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8") if int(self._major) >= 17 else ()),
                *(() if self._durable else ("--no-sync",)),
            ]
            made = subprocess.run(
                [str(part) for part in command],
                env=_environment(),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                **processes.as_account(self._account),
            )
            if made.returncode:
                raise CannotStart("Postgres could not make its data folder.", made.stdout + made.stderr)
            fresh.rename(self.data)

    def _await_answer(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                connection = psycopg2.connect(self.url_of("postgres"), connect_timeout=5)
                break
            except psycopg2.OperationalError as error:
                if not self.is_running or time.monotonic() > deadline:
                    raise CannotStart("Postgres did not start.", last_lines(self.log)) from error
                time.sleep(0.03)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
                if cursor.fetchone() is None:
                    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        finally:
            connection.close()

    def _left_behind(self) -> bool:
        """Whether a server from an earlier run still works in our data folder (its launcher was killed)."""
        return (self.data / "postmaster.pid").exists() and bool(self._postmaster())

    def _postmaster(self) -> int | None:
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            os.kill(pid, 0)
        except (FileNotFoundError, ValueError, IndexError, ProcessLookupError):
            return None
        except PermissionError:
            return None  # another account's: not a server that we started
        if sys.platform == "linux":
            return pid if pid in processes.working_in(self.data) else None
        listed = subprocess.run(["ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True)
        return pid if str(self.data) in listed.stdout else None

    def _end_leftovers(self) -> None:
        """End a server left behind, and backends that outlived a killed one: they would hold its shared memory."""
        if pid := self._postmaster():
            _send(pid, signal.SIGINT)
            deadline = time.monotonic() + 10
            while self._postmaster() and time.monotonic() < deadline:
                time.sleep(0.05)
        if sys.platform == "linux":
            self._end_backends()
            # Nobody works in the folder: the note is of a process that is gone, and its number may be another's by now.
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _end_backends(self) -> None:
        deadline = time.monotonic() + 10
        while (left := processes.working_in(self.data)) and time.monotonic() < deadline:
            for pid in left:
                _send(pid, signal.SIGKILL)
            time.sleep(0.02)

    def _choose_home(self) -> Path:
        """Folder of the cluster: `var/postgres`, or one under /var/lib that the server's account can reach."""
        self._var.mkdir(parents=True, exist_ok=True)
        home = self._var / "postgres"
        if self._account and not _can_enter(self._account, self._var):
            name = hashlib.sha256(str(self._var).encode()).hexdigest()[:12]
            home = Path("/var/lib/lyceum") / name / "postgres"
            home.parent.mkdir(parents=True, exist_ok=True)
        home.mkdir(mode=0o700, exist_ok=True)
        self._hand_over(home)
        return home

    def _hand_over(self, *paths: Path) -> None:
        if self._account:
            for path in paths:
                os.chown(path, self._account.pw_uid, self._account.pw_gid)


def _unprivileged_account() -> pwd.struct_passwd | None:
    """The account that runs the server when we are root: Postgres refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "lyceum", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise CannotStart("Postgres refuses to run as root, and there is no account `postgres`, `lyceum` or `nobody`. Start as another user.")


def _can_enter(account: pwd.struct_passwd, folder: Path) -> bool:
    return subprocess.run(["test", "-x", str(folder)], **processes.as_account(account), cwd="/").returncode == 0


def _environment() -> dict[str, str]:
    """Ours without PG* (they would redirect the server) and with one language for its messages."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_")) and name != "LANG"}
    return kept | {"LC_ALL": "C"}


def _send(pid: int, word: signal.Signals) -> None:
    try:
        os.kill(pid, word)
    except (ProcessLookupError, PermissionError):
        return
