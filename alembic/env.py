"""Migrations run against the database of the settings, under a lock: of several processes that start at once, one migrates.

A table that somebody reads is waited for in short turns: whoever comes after a migration that waits would wait behind it, and a backup reads every
table for minutes.
"""

import time

from alembic import context
from psycopg2.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

import lms_app.models  # noqa: F401  registers every table
from lms_app.settings import get_settings

LOCK = 0x1C_E0_11

TURN = "2s"
"""How long a statement of a migration waits for a lock."""

PAUSE = 2.0
"""Seconds between two turns, in which those go on who came after."""

PATIENCE = 480.0
"""Seconds after which it is given up; the database is then as it was before."""


def ours(_: object, name: str | None, kind: str, reflected: bool, __: object) -> bool:
    """Whether autogenerate looks at a thing: partitions are made as time goes on and are in no model."""
    return not (kind == "table" and reflected and (name or "").startswith("learning_events_"))


def run() -> None:
    # Whatever comes of it, the connection is closed at the end, and the lock with it.
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or get_settings().database_url, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        connection.execute(text("SELECT set_config('lock_timeout', :turn, false)"), {"turn": TURN})
        connection.commit()
        # From here on: another that migrated before us had its own.
        until = time.monotonic() + PATIENCE
        while not migrated(connection):
            if time.monotonic() > until:
                raise SystemExit(
                    f"Nothing was changed: for {PATIENCE / 60:.0f} minutes a table that changes was in use. Migrate again when it is not."
                )
            time.sleep(PAUSE)


def migrated(connection: Connection) -> bool:
    """Runs all that is to run, or nothing, where a table is in use."""
    context.configure(connection=connection, target_metadata=SQLModel.metadata, include_object=ours)
    try:
        with context.begin_transaction():
            context.run_migrations()
    except OperationalError as error:
        # Whoever waits for a table that has changed already may hold the next one: then one of the two has to let go.
        if not isinstance(error.orig, (LockNotAvailable, DeadlockDetected)):
            raise
        return False
    return True


if context.is_offline_mode():
    context.configure(url=get_settings().database_url, target_metadata=SQLModel.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    run()
