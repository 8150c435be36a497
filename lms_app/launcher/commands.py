"""Commands that start, build and migrate. The process types of the Procfile are `web`, `worker` and `scheduler`."""

import os
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Never

import typer

from lms_app.launcher.failures import CannotStart
from lms_app.launcher.places import PROJECT, pages_folder

MOST_CONNECTIONS = 16_384
"""Connections that one web worker holds open at most."""

WORKER_NICENESS = 15
"""How far jobs step back behind pages where both want the same core: they get a thirtieth of it. A hall is through within a minute, and jobs wait
in their queues."""


def register(app: typer.Typer) -> None:
    """Add our commands to `python -m lms_app`."""
    for command in (run, build, secrets, migrate, web, worker, scheduler):
        app.command()(command)
    app.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})(postgres)


def run(everything: Annotated[bool, typer.Option("--everything", "-e", help="Also show what the processes merely note.")] = False) -> None:
    """Start everything on this machine: servers, pages, processes."""
    from lms_app.launcher import run as launching
    from lms_app.launcher.output import Output

    output = Output(everything=everything)
    try:
        launching.run(output)
    except CannotStart as failure:
        output.say(f"\nLyceum cannot start. {failure}")
        raise typer.Exit(1) from None


def build() -> None:
    """Build the pages, if what they are made of has changed."""
    from lms_app.launcher.pages import Pages

    try:
        built = Pages(pages_folder()).make_current(print)
    except CannotStart as failure:
        print(failure, file=sys.stderr)
        raise typer.Exit(1) from None
    print("The pages are built." if built else "The pages are as they should be.")


def secrets() -> None:
    """Print fresh secrets for an installation that keeps its settings elsewhere. Make them once and keep a copy."""
    from lms_app.launcher import keys

    print("\n".join(f"{name}={value}" for name, value in keys.make().items()))


def migrate() -> None:
    """Bring the database to the shape that this code expects."""
    from lms_app.launcher import migrations

    migrations.migrate()


def postgres(program: str, arguments: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Run psql, pg_dump or pg_restore on the installation's database: `postgres pg_dump --format custom --file lyceum.dump`."""
    import subprocess

    from lms_app.launcher.installation import attached
    from lms_app.launcher.postgres_programs import program_path, variables_for

    with attached():
        command = [program_path(program), *(arguments or ())]
        code = subprocess.run(command, env=os.environ | variables_for(os.environ["DATABASE_URL"])).returncode
    raise typer.Exit(code)


def web() -> Never:
    """Serve the pages and HTTP routes. HOST, PORT and WEB_WORKERS say where and by how many processes."""
    from lms_app.launcher.pages import Pages

    pages = Path(os.environ.get("REFLEX_WEB_WORKDIR") or Pages(pages_folder()).folder)
    if not (pages / "build" / "client" / "index.html").exists():
        print("The pages are not built yet: run `python -m lms_app build`.", file=sys.stderr)
        raise typer.Exit(1)
    os.environ |= {
        "REFLEX_WEB_WORKDIR": str(pages.resolve()),
        "REFLEX_ENV_MODE": "prod",
        # Serving writes nothing beside the sources: they may belong to another account.
        "REFLEX_BACKEND_ONLY": "true",
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        "REFLEX_CHECK_LATEST_VERSION": "false",
    }
    _allow_many_connections()
    _become(
        "granian",
        *("--interface", "asgi", "--factory", "--loop", "uvloop"),
        *("--host", os.environ.get("HOST", "127.0.0.1"), "--port", os.environ.get("PORT", "8000")),
        *("--workers", os.environ.get("WEB_WORKERS", "2"), "--respawn-failed-workers", "--workers-max-rss", "600"),
        # An open page holds a socket and a kept connection for as long as it is open; granian takes no more connections than this, and by default
        # that would be 512 a worker: a thousand students would wait for one another.
        *("--backlog", "4096", "--backpressure", str(MOST_CONNECTIONS)),
        # Open sockets must not hold up the end.
        *("--workers-kill-timeout", "5", "--log-level", "error"),
        "lms_app.lms_app:app",
    )


def worker(
    queues: Annotated[list[str] | None, typer.Argument(help="Which queues; without any, all.")] = None,
    threads: Annotated[int, typer.Option(help="Jobs at a time.")] = 8,
) -> Never:
    """Do jobs. Certificates never wait behind what another process does."""
    chosen = ("--queues", *queues) if queues else ()
    # An idle worker asks the broker this often. Its own second would be half of what a live page may take.
    os.environ.setdefault("dramatiq_worker_timeout", "150")
    # Where all share the cores of one machine, people who wait for a page go first.
    _step_back()
    _become("dramatiq", "workers.jobs", "--processes", "1", "--threads", str(threads), *chosen)


def scheduler() -> Never:
    """Wake the periodic jobs. Of several, one leads."""
    _become("workers.schedule")


def _step_back() -> None:
    """Lets everybody else on this machine go first. Linux may share cores out by session before it looks at processes (sched(7), autogroup): then the
    session steps back too, where it is this process's own, as the launcher gives each."""
    os.nice(WORKER_NICENESS)
    if os.getsid(0) == os.getpid():
        with suppress(OSError):  # another system, or this is switched off
            Path("/proc/self/autogroup").write_text(str(WORKER_NICENESS))


def _allow_many_connections() -> None:
    """Raises the number of files that this process and its workers may hold open, as far as the system lets us: each connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + 1024
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def _become(module: str, *arguments: str) -> Never:
    """Turn this process into another program of ours, so that signals reach it directly."""
    sys.stdout.flush()
    os.chdir(PROJECT)
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])
