"""Migrations run against the database of the settings, under a lock: of several processes that start at once, one migrates."""

from alembic import context
from sqlalchemy import create_engine, text
from sqlmodel import SQLModel

import lms_app.models  # noqa: F401  registers every table
from lms_app.settings import get_settings

LOCK = 0x1C_E0_11


def ours(_: object, name: str | None, kind: str, reflected: bool, __: object) -> bool:
    """Whether autogenerate looks at a thing: partitions are made as time goes on and are in no model."""
    return not (kind == "table" and reflected and (name or "").startswith("learning_events_"))


def run() -> None:
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or get_settings().database_url)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        connection.commit()
        context.configure(connection=connection, target_metadata=SQLModel.metadata, include_object=ours)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


if context.is_offline_mode():
    context.configure(url=get_settings().database_url, target_metadata=SQLModel.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    run()
