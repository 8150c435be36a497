"""What an installation is made of: its data folder, its secrets, its servers, the settings of its processes."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lms_app.launcher import keys, remembered
from lms_app.launcher.lock import is_held, only_launcher
from lms_app.launcher.places import data_folder

ALL_REDIS = ("STATE_REDIS_URL", "BROKER_REDIS_URL", "CACHE_REDIS_URL")


def needs_postgres(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether we are to start a Postgres of our own."""
    return not environment.get("DATABASE_URL")


def needs_valkey(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether we are to start a Valkey of our own."""
    return not environment.get("REDIS_URL") and not all(environment.get(name) for name in ALL_REDIS)


def settings_for(var: Path, *, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of our processes, without the addresses of servers. What is given from outside is left as it is."""
    var.mkdir(parents=True, exist_ok=True)
    made = keys.load_or_make(var)
    defaults = {"INSTRUCTORS": "open", "DEMO": "1"} if needs_postgres(environment) else {}
    chosen = defaults | made | {name: value for name, value in environment.items() if value or name not in made}
    return chosen | {"VAR_DIR": str(var), "PYTHONUNBUFFERED": "1"}


@contextmanager
def attached() -> Iterator[None]:
    """For a command: make the settings of this process those of the installation.

    Servers named in the environment are used; else those of a running launcher; else our own are started for as long as the
    command runs, and the database is migrated.
    """
    var = data_folder()
    with ExitStack() as ending:
        os.environ |= settings_for(var)
        if needs_postgres() or needs_valkey():
            if is_held(var):
                _use_running(var)
            else:
                ending.enter_context(only_launcher(var))
                _start_for_now(var, ending)
        yield


def _use_running(var: Path) -> None:
    for name, server, needed in (("DATABASE_URL", "postgres", needs_postgres()), ("REDIS_URL", "valkey", needs_valkey())):
        if needed and (url := remembered.recall(var, server).get("url")):
            os.environ[name] = url


def _start_for_now(var: Path, ending: ExitStack) -> None:
    # Their modules take a while to import, and most commands need none.
    from lms_app.launcher.migrations import migrate
    from lms_app.launcher.postgres import Postgres
    from lms_app.launcher.valkey import Valkey

    print("Starting the servers for this command …", file=sys.stderr)
    if needs_postgres():
        postgres = Postgres(var)
        ending.callback(postgres.stop)
        postgres.start()
        os.environ["DATABASE_URL"] = postgres.url
    if needs_valkey():
        valkey = Valkey(var)
        ending.callback(valkey.stop)
        valkey.start()
        os.environ["REDIS_URL"] = valkey.url
    migrate()
