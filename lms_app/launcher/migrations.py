"""Bringing the database to the shape that this code expects."""

from lms_app.launcher.places import PROJECT


def migrate(database_url: str | None = None) -> None:
    """Run all outstanding migrations, on the database of the settings unless another is given. Safe to run twice and at once."""
    # Slow to import, and most commands that import this module do not get here.
    from alembic import command
    from alembic.config import Config

    configuration = Config(PROJECT / "alembic.ini")
    if database_url:
        configuration.set_main_option("sqlalchemy.url", with_driver(database_url).replace("%", "%%"))
    command.upgrade(configuration, "head")


def with_driver(database_url: str) -> str:
    """The address with the driver that we ship; a bare `postgresql://` means another one to SQLAlchemy."""
    return "postgresql+psycopg2://" + database_url.partition("://")[2]
