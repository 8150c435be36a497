"""Whether the database was prepared by this very code, so that a warm start need not ask again."""

from collections.abc import Mapping
from pathlib import Path

import psycopg2

from lms_app.launcher import remembered
from lms_app.launcher.fingerprints import files_below, fingerprint
from lms_app.launcher.places import PROJECT

WHAT_PREPARES = ("alembic", "lms_app/models", "lms_app/demo")
SETTINGS = ("DATABASE_URL", "DEMO", "INSTRUCTORS")


def remembered_notes(var: Path, env: Mapping[str, str]) -> str | None:
    """What the last preparation said, when it holds for this code and the database still is where it left it; else None."""
    kept = remembered.recall(var, "database")
    if kept.get("made_by") != _made_by(env) or kept.get("revisions") != _revisions(env):
        return None
    return kept["notes"]


def remember_notes(var: Path, env: Mapping[str, str], notes: str) -> None:
    """Keep what a preparation said, with what it holds for."""
    remembered.remember(var, "database", made_by=_made_by(env), revisions=_revisions(env), notes=notes)


def _made_by(env: Mapping[str, str]) -> str:
    files = [file for name in WHAT_PREPARES for file in files_below(PROJECT / name)]
    return fingerprint(PROJECT, files, extra="\n".join(env.get(name, "") for name in SETTINGS))


def _revisions(env: Mapping[str, str]) -> list[str] | None:
    """The migrations that the database is at; None when it has none or cannot be asked."""
    try:
        connection = psycopg2.connect("postgresql://" + env["DATABASE_URL"].partition("://")[2], connect_timeout=5)
    except psycopg2.Error:
        return None
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT version_num FROM alembic_version ORDER BY 1")
            return [row[0] for row in cursor.fetchall()] or None
    except psycopg2.Error:
        return None
    finally:
        connection.close()
